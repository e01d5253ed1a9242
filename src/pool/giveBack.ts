import type { BlockView } from '../block/block.ts';
import type { Workload } from '../domain/facts.ts';
import { after, earliest, hours, type Instant, latest, type Millis, NEVER } from '../domain/time.ts';
import { type Branch, chosen } from './blocks/branch.ts';

const HOUR_MS = hours(1);

/** What the jobs ask for. */
export interface Following {
  readonly wanted: number;
  /** How long a block above it has been idle before it is given back. */
  readonly idleMs: Millis;
  /** How long before the end of an hour of its lease it is given back; undefined: at any time. */
  readonly beforeHourMs?: Millis | undefined;
  readonly onBlocks: Readonly<Record<string, number>>;
  /** The jobs; undefined where they are not known. */
  readonly workload?: Workload;
}

/** Blocks that are given back now, and when the next may be. */
export interface GivenBack {
  readonly blocks: readonly BlockView[];
  readonly wakeAt: Instant;
}

/**
 * Of so many blocks above what jobs ask for, those that may go: what has no instance yet, and what has been idle for long enough.
 * One with a job, or on its way to its node, is never given back for being more than wanted: it is paid for, or will be the
 * next one idle. The longest idle goes first, and of those the highest place. Where started hours are paid for whole, the first that
 * comes to the end of one goes: to keep the others costs nothing yet.
 */
export function givenBack(
  supply: readonly BlockView[],
  surplus: number,
  { idleMs, beforeHourMs, onBlocks, now }: Omit<Following, 'wanted' | 'workload'> & { readonly now: Instant },
): GivenBack {
  if (surplus <= 0) return { blocks: [], wakeAt: NEVER };
  const blocks = supply
    .filter(({ lease }) => lease === null)
    .toSorted(lastFirst)
    .slice(0, surplus);
  const most = surplus - blocks.length;
  const idle = idleInTurn(supply, onBlocks);
  const due: BlockView[] = [];
  let wakeAt = NEVER;
  for (const block of beforeHourMs === undefined ? idle.slice(0, most) : idle) {
    const dueAt = dueToGo(block, idleMs, beforeHourMs, now);
    if (dueAt <= now) due.push(block);
    else wakeAt = earliest(wakeAt, dueAt);
  }
  blocks.push(...due.slice(0, most));
  return { blocks, wakeAt };
}

/** From when on an idle block may go: now, or later. */
function dueToGo(
  { idleSince, lease }: BlockView,
  idleMs: Millis,
  beforeHourMs: Millis | undefined,
  now: Instant,
): Instant {
  const idleAt = after(idleSince ?? now, idleMs);
  if (beforeHourMs === undefined || lease === null) return idleAt;
  const from = latest(idleAt, now);
  const leftMs = HOUR_MS - ((from - lease.startsAt) % HOUR_MS);
  return leftMs <= beforeHourMs ? from : after(from, leftMs - beforeHourMs);
}

/** The idle blocks of a pool, by id, that are given back next, if it goes on wanting so many: the others stay whatever comes. */
export function nextToGo(
  root: Branch,
  onBlocks: Readonly<Record<string, number>>,
  wanted: number,
): ReadonlySet<string> {
  const goable = chosen(root, ({ idle, unleased }) => idle > 0 || unleased > 0).map(({ view }) => view);
  const unleased = goable.filter(({ lease }) => lease === null).length;
  const surplus = Math.max(0, root.supply - wanted - unleased);
  return new Set(
    idleInTurn(goable, onBlocks)
      .slice(0, surplus)
      .map(({ id }) => id),
  );
}

/** The blocks without a job, in the order in which they are given back. */
const idleInTurn = (supply: readonly BlockView[], onBlocks: Readonly<Record<string, number>>): readonly BlockView[] =>
  supply
    .filter(
      ({ id, state, jobs, idleSince }) => state === 'serving' && jobs === 0 && idleSince !== null && !onBlocks[id],
    )
    .toSorted((a, b) => priceOf(b) - priceOf(a) || (a.idleSince ?? 0) - (b.idleSince ?? 0) || b.slot - a.slot);

/** One that was bought on demand, for want of spot, goes before those that cost a third of it. An unknown price is none. */
const priceOf = ({ lease }: BlockView): number => lease?.offer.usdPerHour || 0;

/** Resting before requesting, and of those the highest place. */
const lastFirst = (a: BlockView, b: BlockView): number =>
  Number(b.state === 'resting') - Number(a.state === 'resting') || b.slot - a.slot;
