import type { Fact, NodeSeen } from '../../src/domain/facts.ts';
import { ALWAYS, after, type Instant, type Millis, NEVER } from '../../src/domain/time.ts';
import { marketOf } from '../../src/domain/words.ts';
import { type Condition, type RecordingHeader, type RecordingLine, translationOf } from '../../src/world/recording.ts';
import type { Gap, OpenPart } from './recordingLines.ts';

type ConditionOf<Type extends Condition['type']> = Extract<Condition, { readonly type: Type }>;

/** A job whose end was recorded. */
export interface EndedJob {
  readonly queuedAt: Instant;
  readonly durationMs: Millis;
  /** Nobody saw its end. */
  readonly atLeast: boolean;
  readonly class?: string;
}

/** A stretch in which everything was seen. */
export interface Stretch {
  readonly from: Instant;
  readonly until: Instant;
}

/** All that recordings say of the world, in no order but that of the lines. What was told twice is there once. */
export interface Gathered {
  /** The head of the part that ends last. */
  readonly header: RecordingHeader;
  /** Whether parts name other pools than that. */
  readonly poolsDiffer: boolean;
  readonly sources: ReadonlySet<string>;
  readonly parts: number;
  readonly tornParts: number;
  /** What was translated of parts of an earlier version, for people. */
  readonly translated: string | undefined;
  readonly gaps: readonly Gap[];
  readonly watched: readonly Stretch[];
  readonly prices: readonly ConditionOf<'price.changed'>[];
  readonly capacity: readonly ConditionOf<'capacity.changed'>[];
  readonly reclaims: readonly ConditionOf<'market.reclaimed'>[];
  /** Every job, by its name. */
  readonly jobs: ReadonlyMap<string, EndedJob>;
  /** Jobs that a keeper saw on its blocks, each as it ended; it does not see when they were queued. */
  readonly blockJobs: ReadonlyMap<string, EndedJob>;
  /** Jobs as they came to their nodes, by their names. */
  readonly placed: ReadonlyMap<string, ConditionOf<'job.placed'>>;
  readonly joined: readonly ConditionOf<'node.joined'>[];
  readonly left: readonly ConditionOf<'node.left'>[];
  /** From the start of a lease to its ready node, a length for each block that joined. */
  readonly bootsMs: readonly Millis[];
  /** The most jobs that ran at once on each block. */
  readonly jobsAtOnce: ReadonlyMap<string, number>;
}

/** Reads parts, in any order, some of which may say the same. @throws BadInput with file and line */
export async function gather(parts: readonly OpenPart[]): Promise<Gathered> {
  const [first] = parts;
  if (first === undefined) throw new RangeError('no part to gather from');
  const sources = new Set<string>();
  const gaps: Gap[] = [];
  const watched: Stretch[] = [];
  const prices: ConditionOf<'price.changed'>[] = [];
  const capacity: ConditionOf<'capacity.changed'>[] = [];
  const reclaims = new Map<string, ConditionOf<'market.reclaimed'>>();
  const jobs = new Map<string, EndedJob>();
  const blockJobs = new Map<string, EndedJob>();
  const placed = new Map<string, ConditionOf<'job.placed'>>();
  const joined = new Map<string, ConditionOf<'node.joined'>>();
  const left: ConditionOf<'node.left'>[] = [];
  const boots = new Map<string, Millis>();
  const jobsAtOnce = new Map<string, number>();
  let header: RecordingHeader = first.header;
  let headerAt = ALWAYS;

  for (const part of parts) {
    sources.add(part.header.source);
    if (part.header.gap !== undefined) gaps.push(part.header.gap);
    const born = new Map<string, Instant>();
    const running = new Map<string, Map<string, Instant>>();
    let from = NEVER;
    let until = ALWAYS;
    const seen = (at: Instant): void => {
      from = Math.min(from, at);
      until = Math.max(until, at);
    };
    for await (const line of part.lines) take(line, { born, running, seen });
    if (until > from) watched.push({ from, until });
    if (until >= headerAt) {
      headerAt = until;
      header = part.header;
    }
  }
  const pools = JSON.stringify(header.pools);
  return {
    ...{ header, sources, gaps, watched, prices, capacity, jobs, blockJobs, placed, left, jobsAtOnce },
    poolsDiffer: parts.some((part) => JSON.stringify(part.header.pools) !== pools),
    parts: parts.length,
    tornParts: parts.filter((part) => part.isTorn()).length,
    translated: parts.map((part) => translationOf(part.header)).find((words) => words !== undefined),
    reclaims: [...reclaims.values()],
    joined: [...joined.values()],
    bootsMs: [...boots.values()],
  };

  function take(line: RecordingLine, part: Part): void {
    if (line.kind === 'condition') condition(line.condition);
    else {
      part.seen(line.turn.fact.at);
      fact(line.turn.fact, part);
    }
  }

  function condition(one: Condition): void {
    switch (one.type) {
      case 'price.changed':
        prices.push(one);
        return;
      case 'capacity.changed':
        capacity.push(one);
        return;
      case 'market.reclaimed':
        reclaims.set(`${one.market} ${one.at}`, one);
        return;
      case 'job.queued': {
        const known = jobs.get(one.job);
        // Of two ends of one job the one that somebody saw is right.
        if (known === undefined || known.atLeast)
          jobs.set(one.job, {
            ...{ queuedAt: one.at, durationMs: one.durationMs, atLeast: one.atLeast === true },
            ...(one.class === undefined ? {} : { class: one.class }),
          });
        return;
      }
      case 'job.placed':
        placed.set(one.job, one);
        return;
      case 'node.joined':
        joined.set(`${one.node} ${one.at}`, one);
        return;
      case 'node.left':
        left.push(one);
        return;
      case 'watch.held':
        watched.push({ from: one.since, until: one.at });
        return;
    }
  }

  function fact(one: Fact, { born, running }: Part): void {
    switch (one.type) {
      case 'capacity.granted':
        born.set(one.blockId, one.lease.startsAt);
        return;
      case 'node.seen':
        if (one.node !== null) node(one.blockId, one.takenAt, one.node, { born, running });
        return;
      case 'instance.gone':
        running.delete(one.blockId);
        return;
      default:
        return;
    }
  }

  function node(blockId: string, at: Instant, { ready, jobs }: NodeSeen, { born, running }: Omit<Part, 'seen'>): void {
    const startsAt = born.get(blockId);
    if (ready) {
      if (startsAt !== undefined && at > startsAt) boots.set(blockId, at - startsAt);
      born.delete(blockId);
    }
    if (jobs === undefined) return;
    const before = running.get(blockId) ?? new Map<string, Instant>();
    const now = new Map(
      jobs.filter(({ endedAt }) => endedAt === undefined).map(({ id, startedAt }) => [id, startedAt]),
    );
    for (const { id, startedAt, endedAt } of jobs) if (endedAt !== undefined) ended(id, startedAt, endedAt);
    // One that is simply not there any more ended just now.
    for (const [id, startedAt] of before)
      if (!now.has(id) && !jobs.some((job) => job.id === id)) ended(id, startedAt, at);
    running.set(blockId, now);
    if (now.size > 0) jobsAtOnce.set(blockId, Math.max(jobsAtOnce.get(blockId) ?? 0, now.size));
  }

  function ended(job: string, startedAt: Instant, endedAt: Instant): void {
    blockJobs.set(job, { queuedAt: startedAt, durationMs: Math.max(0, endedAt - startedAt), atLeast: false });
  }
}

/** What is known within one part alone. */
interface Part {
  readonly born: Map<string, Instant>;
  /** The jobs on each block, and when they started. */
  readonly running: Map<string, ReadonlyMap<string, Instant>>;
  readonly seen: (at: Instant) => void;
}

/** Stretches that touch, or nearly, as one; in order of time. */
export function joinedUp(stretches: readonly Stretch[], nearMs: Millis): readonly Stretch[] {
  const found: Stretch[] = [];
  for (const stretch of stretches.toSorted((a, b) => a.from - b.from)) {
    const last = found.at(-1);
    if (last === undefined || stretch.from > after(last.until, nearMs)) found.push(stretch);
    else found[found.length - 1] = { from: last.from, until: Math.max(last.until, stretch.until) };
  }
  return found;
}

/** `m5.2xlarge/eu-central-1a` as its two parts. */
export function partsOf(market: string): { readonly instanceType: string; readonly zone: string } {
  const [instanceType = '', zone = ''] = market.split('/');
  return { instanceType, zone };
}

/** The markets that pools buy in. */
export const marketsOf = (
  pools: readonly { readonly instanceTypes: readonly string[]; readonly zones: readonly string[] }[],
): ReadonlySet<string> =>
  new Set(
    pools.flatMap(({ instanceTypes, zones }) =>
      instanceTypes.flatMap((instanceType) => zones.map((zone) => marketOf({ instanceType, zone }))),
    ),
  );
