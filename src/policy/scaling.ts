import type { Instant, Millis } from '../domain/time.ts';
import type { Quantiles } from './observed.ts';
import type { Allowance } from './operatingHours.ts';

/** A pool's jobs, as sums from one look at the cluster. */
export interface JobsNow {
  /** Jobs that wait for a node that the pool's blocks would be. */
  readonly waiting: number;
  /** Since when the oldest of them waits; absent where none does. */
  readonly waitingSince?: Instant;
  /** Jobs on blocks that stay: those on blocks that drain, or whose successor is due, are left out. */
  readonly running: number;
  /** Jobs that fit the pool's blocks and run elsewhere. */
  readonly overflow: number;
  /**
   * The most that ran elsewhere at once in the last twelve minutes in which one began or ended there, 0 after that: as many may find a
   * node of the group that waits for its next job, and then wait for no block.
   */
  readonly elsewhere: number;
}

/** A pool's blocks, as sums; those that drain are none of the others. */
export interface BlocksNow {
  /** Asked for, or on their way to a ready node. */
  readonly arriving: number;
  /** They take jobs, and have one at least. */
  readonly busy: number;
  /** They take jobs, and have none. */
  readonly idle: number;
  readonly draining: number;
}

/** What an hour of a node costs. What is not known is absent. */
export interface PricesNow {
  /** The cheapest block that may be bought now, as last quoted; prices are asked for when blocks are to be bought. */
  readonly blockUsdPerHour?: number;
  /** What the blocks cost that stay or arrive, on average, by the prices at which they were bought. */
  readonly leasedUsdPerHour?: number;
  /** The cheapest of the pool's types on demand. */
  readonly onDemandUsdPerHour?: number;
}

/**
 * What the pool's blocks have cost, at the prices at which they were bought: an estimate by the time in use, not the bill of AWS.
 * Days and months are those of UTC. A block whose price was not known counts as the dearest there is.
 */
export interface Spent {
  readonly todayUsd: number;
  readonly monthUsd: number;
}

/**
 * How many blocks the jobs asked for at most in earlier hours like those around now: at the same hour of the day and the hours beside
 * it, on working days if now is one (Monday to Friday, UTC), else on weekends. One number for each hour that was watched, of six weeks at
 * most. Jobs that ran elsewhere though they fit are counted too.
 */
export interface WeekSeen {
  /** In hours like the one in which `now` is. */
  readonly likeThisHour: readonly number[];
  readonly likeNextHour: readonly number[];
}

/** The hours of the week (0 from Monday 00:00) that are like one of them, itself among them. */
export function hoursLike(hourOfWeek: number): readonly number[] {
  const day = Math.floor(hourOfWeek / 24);
  const [first, last] = day < 5 ? [0, 4] : [5, 6];
  const like: number[] = [];
  for (let one = first; one <= last; one += 1)
    for (let beside = -1; beside <= 1; beside += 1) like.push((one * 24 + (hourOfWeek % 24) + beside + 168) % 168);
  return like;
}

/** What a scaling policy may know. Frozen, a copy. */
export interface ScalingQuestion {
  readonly now: Instant;
  /** How many blocks the operating hours allow. */
  readonly allowance: Allowance;
  /** What they allow once `allowance` no longer holds; the same as `allowance` where it always holds. */
  readonly next: Allowance;
  readonly jobs: JobsNow;
  readonly blocks: BlocksNow;
  /** How many jobs one block has room for, at least one. */
  readonly jobsPerBlock: number;
  /** How many jobs came in each of the last minutes that were watched, sixty at most; the last is the present one, so far. */
  readonly arrivals: readonly number[];
  /** How long finished jobs of this pool took; absent until enough have been seen. */
  readonly durations?: Quantiles;
  /** From the grant to the ready node, in this pool; absent until enough have been seen. */
  readonly boots?: Quantiles;
  readonly week: WeekSeen;
  readonly prices: PricesNow;
  readonly spent: Spent;
}

/** How many blocks are wanted, and how long that answer holds. */
export interface Wanted {
  /** A whole number, zero or more; what is above the allowance, or the pool's `maxBlocks`, is cut off. */
  readonly blocks: number;
  /**
   * The answer is the same on [now, until) for the same question, but for `now`. Left out, it is asked for again once
   * something has changed that the policy read, in every turn if that was `now`.
   */
  readonly until?: Instant;
  /** A block above what is wanted is given back once it has had no job for so long. Left out: five minutes. */
  readonly giveBackIdleAfterMs?: Millis;
  /**
   * And only within so long before the end of an hour of its lease: for instances whose started hours are paid for whole. Left out: at
   * any time.
   */
  readonly giveBackBeforeHourMs?: Millis;
}

/**
 * How many blocks the jobs need that run and wait, with room for some more to come. Room that is left on blocks with jobs counts:
 * what comes next goes there. But not for jobs that wait, which it would have taken if they fitted.
 */
export function neededBlocks(
  {
    jobs: { waiting, running },
    blocks: { busy },
    jobsPerBlock,
  }: Pick<ScalingQuestion, 'jobs' | 'blocks' | 'jobsPerBlock'>,
  spareJobs = 0,
): number {
  const packed = Math.ceil((running + waiting + spareJobs) / jobsPerBlock);
  return waiting === 0 ? packed : Math.max(packed, busy + Math.ceil(waiting / jobsPerBlock));
}

/**
 * Says how many of the allowed blocks are wanted, seeing the jobs.
 *
 * Laws: `blocks` is a whole number, zero or more; the same question gets the same answer, on [now, until) too; more waiting
 * jobs never want fewer blocks; the question is not changed.
 */
export interface ScalingPolicy {
  wantedNow(question: ScalingQuestion): Wanted;
  /** It wants the whole allowance, whatever the jobs are: it is never asked, and the pool's jobs are not looked at. */
  readonly ignoresJobs?: true;
}
