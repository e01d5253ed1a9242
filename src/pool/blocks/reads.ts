import type { Reads } from '../../policy/shown/reads.ts';
import { sameQuantiles } from '../durations.ts';
import type { PoolMoment } from '../renewalQuestion.ts';

// What an answer about a block hangs on beside the block, as bits: so a branch can say of all its blocks what any of them hangs on.
const READS_NOW = 1;
const READS_ALLOWANCE = 2;
const READS_NEXT = 4;
const READS_DURATIONS = 8;
const READS_BOOTS = 16;
const READS_MARKETS = 32;
/** An answer about a block hangs on the jobs that run there. */
export const READS_JOBS = 64;
/** All of it, time too: it has to be asked for in every turn. */
export const READS_ALL = 127;

/** How long boots take: a block that is waited for hangs on it, whatever its policy reads. */
export const WAITS_FOR_BOOT: number = READS_BOOTS;

const BITS: Readonly<Record<string, number>> = {
  now: READS_NOW,
  allowance: READS_ALLOWANCE,
  next: READS_NEXT,
  boots: READS_BOOTS,
  market: READS_MARKETS,
  jobs: READS_JOBS,
};

/** What an answer hangs on of which this was read. What is not named here is the block's own, or never changes. */
export function bitsOf({ keys, names, parts }: Reads): number {
  if (keys) return READS_ALL;
  let bits = 0;
  for (const [place, name] of names.entries()) {
    bits |= BITS[name] ?? 0;
    const part = parts[place];
    // Durations are shown as a part of the block's jobs.
    if (name === 'jobs' && (part?.keys === true || part?.names.includes('durations') === true)) bits |= READS_DURATIONS;
  }
  return bits;
}

/** Whether nothing has changed but the time. */
export const isOnlyTime = (changed: number): boolean => changed === READS_NOW;

/** What has changed of a pool's moment since an earlier one, of that on which something hangs. Time always has. */
export function changedSince(before: PoolMoment | null, now: PoolMoment, reads: number): number {
  if (before === null) return READS_ALL;
  let bits = READS_NOW;
  if (before.allowance !== now.allowance) bits |= READS_ALLOWANCE;
  if (before.next !== now.next) bits |= READS_NEXT;
  if ((reads & READS_DURATIONS) !== 0 && !sameQuantiles(before.durations, now.durations)) bits |= READS_DURATIONS;
  if ((reads & READS_BOOTS) !== 0 && !sameQuantiles(before.boots, now.boots)) bits |= READS_BOOTS;
  if (before.markets !== now.markets) bits |= READS_MARKETS;
  return bits;
}

/** Whether what hangs on these holds, whatever is learned of jobs. */
export const isApartFromJobs = (reads: number): boolean => (reads & (READS_NOW | READS_DURATIONS)) === 0;
