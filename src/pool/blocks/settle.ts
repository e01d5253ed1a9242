import type { BlockView } from '../../block/block.ts';
import { blockEnd, leaseEnd } from '../../domain/leaseEnd.ts';
import { earliest, type Instant, NEVER } from '../../domain/time.ts';
import type { RenewalTimes } from '../../policy/renewal.ts';
import { askedEnd, endAfter, wantsEnd } from '../ends.ts';
import { awaitedUntil } from '../holds.ts';
import type { Asking, HeardTimes } from '../keptAnswers.ts';
import type { Pool } from '../pool.ts';
import type { PoolMoment } from '../renewalQuestion.ts';
import { SUPPLIES } from '../supplies.ts';
import { replaced } from './branch.ts';
import type { PoolBlocks } from './poolBlocks.ts';
import { bitsOf, READS_ALL, WAITS_FOR_BOOT } from './reads.ts';
import { type CountsAs, Standing } from './standing.ts';
import type { Tally } from './tally.ts';

/** A pool at a moment, and whom to ask. */
export interface Settling {
  readonly pool: Pool;
  readonly moment: PoolMoment;
  readonly asking: Asking;
}

/**
 * The blocks with all that is to be known of them now. Looks only at those that changed, whose time has come, or whose policy
 * has read what has `changed` of the moment (`reads.ts`).
 */
export function settledBlocks(blocks: PoolBlocks, settling: Settling, changed: number): PoolBlocks {
  const { now } = settling.moment;
  const isOpen = ({ unsettled, settleAt, reads }: Tally): boolean =>
    unsettled > 0 || settleAt <= now || (reads & changed) !== 0;
  if (!isOpen(blocks.root)) return blocks;
  let { moves } = blocks;
  const root = replaced(blocks.root, isOpen, (before) => {
    const standing = settled(before, settling);
    if (standing.countsAs !== before.countsAs) moves += 1;
    return standing;
  });
  return { ...blocks, root, moves };
}

function settled({ block, view, born, kept: known }: Standing, { pool, moment, asking }: Settling): Standing {
  const { now, spec, boots } = moment;
  const { state, lease } = view;
  const isSupply = SUPPLIES[state];
  const isFollowing = pool.policies.scaling.ignoresJobs !== true;
  let heard: HeardTimes | null = null;
  if (lease !== null && (isSupply || wantsEnd(pool, view, now))) heard = asking.times(moment, view, lease, known);
  let reads = heard === null ? 0 : heard.kept === null ? READS_ALL : bitsOf(heard.kept.reads);
  let turnsAt = NEVER;
  let countsAs: CountsAs = 'nothing';
  if (isSupply) {
    const awaited = isFollowing && state === 'joining' ? awaitedUntil(view, spec, boots) : NEVER;
    if (supplies(view, heard?.times ?? null, awaited, now)) {
      countsAs = state === 'serving' ? 'serving' : 'arriving';
      turnsAt = awaited;
    }
    if (awaited !== NEVER) reads |= WAITS_FOR_BOOT;
    if (heard !== null) turnsAt = earliest(turnsAt, turnOf(heard.times, now));
  }
  const isToEnd = !isSupply && heard !== null && endAfter(pool, view, askedEnd(pool, heard.times)) !== view.deadlineAt;
  const settleAt = isSupply ? turnsAt : earliest(heard?.times.until ?? NEVER, endlessAt(pool, view, now));
  const times = heard?.times ?? null;
  const kept = heard?.kept ?? null;
  return new Standing(block, view, born, {
    isSettled: true,
    ...{ kept, times, countsAs, isToEnd, reads, turnsAt, settleAt },
  });
}

/** Whether a block counts for what is wanted: it stays, and its node is there or waited for. */
function supplies(
  { state, leaving, usable }: BlockView,
  times: RenewalTimes | null,
  awaited: Instant,
  now: Instant,
): boolean {
  if (state === 'resting') return true; // its ending, `refused`, is no leaving yet
  if (now >= awaited) return false;
  if (leaving || (state === 'serving' && !usable)) return false;
  return times === null || now < times.relieveAt;
}

/** When an answer has to be looked at again. */
function turnOf({ relieveAt, drainAt, until = NEVER }: RenewalTimes, now: Instant): Instant {
  return earliest(until, relieveAt > now ? relieveAt : NEVER, drainAt > now ? drainAt : NEVER);
}

/** When a block that drains by itself is to be given an end of its policy's. */
function endlessAt({ spec, endsEarly }: Pool, { state, lease, deadlineAt }: BlockView, now: Instant): Instant {
  if (state !== 'draining' || lease === null || endsEarly !== undefined) return NEVER;
  const overAt = leaseEnd(lease);
  return overAt > now && deadlineAt === blockEnd(lease, spec.overrunMs) ? overAt : NEVER;
}
