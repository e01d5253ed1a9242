import type { BlockView } from '../block/block.ts';
import { type Effect, type Hold, jobsHeld } from '../domain/effects.ts';
import type { Workload } from '../domain/facts.ts';
import { after, before, earliest, type Instant, type Millis, minutes, NEVER, seconds } from '../domain/time.ts';
import type { Quantiles } from '../policy/observed.ts';
import type { PoolSpec } from './pool.ts';

/** The holds that were asked for last, and the look at the jobs that they were asked for. */
export interface Holding {
  readonly holds: readonly Hold[];
  readonly askedAt: Instant;
  /** When that look was taken. */
  readonly takenAt: Instant;
  readonly waiting: number;
  /** When it was told that they could not be held, else NEVER. */
  readonly failedAt: Instant;
}

/** A job is held for so long for a block that has no instance yet: EC2 grants within seconds, or refuses. */
const UNGRANTED_MS = seconds(20);

/** A block counts as on its way for so long beyond the boots that nearly all need. */
const LATE_MS = seconds(60);

/** A boot that nobody has timed yet is taken to last at most so long. */
const UNTIMED_BOOT_MS = minutes(3);

/** A job is held for no longer than this from its creation, or than a long boot and half as much of its margin again. */
const MOST_HELD_MS = seconds(300);
const MOST_BEYOND_BOOT_MS = seconds(90);

/** What could not be held, or is not seen to be, is asked for again after so long. */
const ASK_AGAIN_MS = seconds(10);

type Booting = Pick<BlockView, 'lease' | 'deadlineAt'>;

/** Until when a block that is on its way is waited for; past it, nothing is held for it and another takes its place. */
export function awaitedUntil({ lease, deadlineAt }: Booting, { timeouts }: PoolSpec, boots?: Quantiles): Instant {
  if (lease === null) return after(before(deadlineAt, timeouts.launchMs), UNGRANTED_MS);
  return after(lease.startsAt, bootedMs(boots));
}

/** Nearly all nodes are ready so long after they were bought. */
const bootedMs = (boots: Quantiles | undefined): Millis => (boots?.p95Ms ?? UNTIMED_BOOT_MS) + LATE_MS;

/** Which of the waiting jobs are held, and until when: as many as the blocks on their way have room for, the first for the oldest. */
export function holdsFor(
  { waiting, jobsPerBlock }: Workload,
  arriving: readonly Booting[],
  spec: PoolSpec,
  boots: Quantiles | undefined,
  now: Instant,
): readonly Hold[] {
  const holds: Hold[] = [];
  let left = waiting;
  // Those with an instance first: what is granted next must not move the holds of the jobs before it.
  const inTurn = arriving.toSorted(
    (a, b) => Number(a.lease === null) - Number(b.lease === null) || bornAt(a) - bornAt(b),
  );
  for (const block of inTurn) {
    const until = awaitedUntil(block, spec, boots);
    if (until <= now) continue;
    const jobs = Math.min(left, jobsPerBlock);
    if (jobs === 0) break;
    left -= jobs;
    const last = holds.at(-1);
    if (last?.until === until) holds[holds.length - 1] = { jobs: last.jobs + jobs, until };
    else holds.push({ jobs, until });
  }
  return holds;
}

const bornAt = ({ lease, deadlineAt }: Booting): Instant => lease?.startsAt ?? deadlineAt;

/** What is asked for now, if anything is, and when to look again. */
export function holding(
  before: Holding | null,
  holds: readonly Hold[],
  { waiting, held, arrived }: Workload,
  { pool, takenAt, boots, now }: { pool: string; takenAt: Instant; boots: Quantiles | undefined; now: Instant },
): { readonly effect: Effect | undefined; readonly holding: Holding | null; readonly wakeAt: Instant } {
  const wanted = jobsHeld(holds);
  const ends = holds.reduce((first, { until }) => earliest(first, until), NEVER);
  // Levels are by age: others wait than did when it was asked for.
  const isOther = takenAt !== before?.takenAt && (arrived > 0 || waiting !== before?.waiting);
  const againAt = before === null ? now : after(before.askedAt, ASK_AGAIN_MS);
  // Some of the others are held until the nodes come that were bought for them, which only the world can tell.
  const isShort = wanted > 0 && waiting > wanted;
  const isUnseen = isShort || held !== wanted || (before !== null && before.failedAt !== NEVER);
  const isDue =
    !sameHolds(before?.holds ?? [], holds) || (isOther && wanted + held > 0) || (isUnseen && againAt <= now);
  if (!isDue) return { effect: undefined, holding: before, wakeAt: isUnseen ? earliest(ends, againAt) : ends };
  const mostMs: Millis = Math.max(MOST_HELD_MS, (boots?.p95Ms ?? 0) + MOST_BEYOND_BOOT_MS);
  return {
    effect: { type: 'holdJobs', pool, holds, mostMs, ...(isShort ? { boughtMs: bootedMs(boots) } : {}) },
    holding: { holds, askedAt: now, takenAt, waiting, failedAt: NEVER },
    wakeAt: earliest(ends, after(now, ASK_AGAIN_MS)),
  };
}

const sameHolds = (a: readonly Hold[], b: readonly Hold[]): boolean =>
  a.length === b.length && a.every(({ jobs, until }, index) => jobs === b[index]?.jobs && until === b[index].until);
