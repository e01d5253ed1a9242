import type { BlockView } from '../block/block.ts';
import { type AskedEnd, blockEnd, leaseEnd } from '../domain/leaseEnd.ts';
import { before, earliest, hours, type Instant, NEVER } from '../domain/time.ts';
import type { RenewalTimes } from '../policy/renewal.ts';
import type { Pool } from './pool.ts';

/** How long before the keeper ends a block with a job on it people are told. */
export const TOLD_BEFORE_MS = hours(1);

/** The end that a policy's answer asks for. */
export const askedEnd = ({ endsEarly }: Pool, { endBy }: RenewalTimes): AskedEnd =>
  endsEarly === undefined ? { endBy } : { endBy, early: true };

/** When a block that is retired now is ended even if a job runs; NEVER for one that has no lease yet. */
export const endAfter = ({ spec }: Pool, { lease }: BlockView, asked: AskedEnd): Instant =>
  lease === null ? NEVER : blockEnd(lease, spec.overrunMs, asked);

/**
 * Whether a block drains without an end that its policy was asked for: by itself once its lease is over, or since before a
 * restart. Where the policy can only ask for a later end, it is not asked before the lease is over: most are gone by then.
 */
export function wantsEnd({ spec, endsEarly }: Pool, view: BlockView, now: Instant): boolean {
  const { state, lease, deadlineAt } = view;
  if (state !== 'draining' || lease === null) return false;
  return deadlineAt === blockEnd(lease, spec.overrunMs) && (endsEarly !== undefined || now >= leaseEnd(lease));
}

/** A block that the keeper itself ends with a job on it, and when. */
export interface BusyEnd {
  readonly block: BlockView;
  readonly endAt: Instant;
}

/**
 * The busy ends of the hour that begins, and when the next one is that near. `ordered` holds the ends that were ordered in
 * this very turn: of blocks that serve by their views, and will drain by them.
 */
export function endingSoon(
  living: readonly BlockView[],
  ordered: ReadonlyMap<BlockView, Instant>,
  now: Instant,
): { readonly ends: readonly BusyEnd[]; readonly wakeAt: Instant } {
  const ends: BusyEnd[] = [];
  let wakeAt = NEVER;
  for (const block of living) {
    if (block.state !== 'draining' && !(block.state === 'serving' && ordered.has(block))) continue;
    const endAt = ordered.get(block) ?? block.deadlineAt;
    if (!isBusyAndOurs(block) || endAt <= now) continue;
    const tellAt = before(endAt, TOLD_BEFORE_MS);
    if (tellAt <= now) ends.push({ block, endAt });
    else wakeAt = earliest(wakeAt, tellAt);
  }
  return { ends, wakeAt };
}

/** When people are to be told that a block which drains will be ended with a job on it; NEVER where none is there to be cut short. */
export const tellsAt = (view: BlockView): Instant =>
  view.state === 'draining' && isBusyAndOurs(view) ? before(view.deadlineAt, TOLD_BEFORE_MS) : NEVER;

/** Whether a job runs there and AWS takes no part in its end. */
const isBusyAndOurs = ({ jobs, lease, reclaimAt }: BlockView): boolean =>
  jobs > 0 && (reclaimAt === null || reclaimAt === NEVER) && lease?.hardEndAt === NEVER;
