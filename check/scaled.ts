import type { ValueFrom } from '../sim/outcome.ts';
import { valueAt } from '../sim/result/coverage.ts';
import { after, type Instant, isoOf, type Millis, minutes, seconds } from '../src/domain/time.ts';
import type { PoolLife } from './life.ts';
import type { Broken } from './probe.ts';

/** Jobs left beside the blocks may be so many times the reference's, such a share of all, and so many more. */
const BESIDE_FACTOR = 1.5;
const BESIDE_SHARE = 0.25;
const BESIDE_SLACK = 2;

/** A block that a job is bought for needs so long before the hours close for it to be worth anybody's while. */
const TOO_LATE_MS = minutes(15);

/** A job that waited for less was not seen to wait. */
const SEEN_MS = seconds(5);

/** Without a job for so long, whatever a policy learns from the last hour has gone, and what it gives back has too. */
const QUIET_MS = minutes(90);
/** A block too many for so long is kept, and not on its way out. */
const KEPT_MS = minutes(30);

/** Jobs get blocks where the hours allow some: hardly more of them are left to run elsewhere than under all that is allowed. */
export function unserved(own: PoolLife, reference: PoolLife): Broken | undefined {
  const [mine, theirs] = [left(own), left(reference)];
  const [first] = mine;
  const allowed = theirs.length * BESIDE_FACTOR + own.truth.jobs.length * BESIDE_SHARE + BESIDE_SLACK;
  if (first === undefined || mine.length <= allowed) return undefined;
  return {
    promise: 'served',
    at: first,
    sentence: `${mine.length} of ${own.truth.jobs.length} jobs waited, and blocks for them were not wanted to the end; ${theirs.length} where all that is allowed was held; the first was queued at ${isoOf(first)}, when ${valueAt(own.asked, first)} of ${valueAt(own.wanted, first)} blocks were wanted`,
  };
}

/** Once there has been no job for long, no more blocks are there than the policy would want had there never been one. */
export function kept(own: PoolLife, jobless: PoolLife): Broken | undefined {
  const { samples, until } = own.truth;
  const pool = own.spec.name;
  let quietFrom: Instant | undefined = own.truth.from;
  let tooManyFrom: Instant | undefined;
  for (const [index, sample] of samples.entries()) {
    const to = samples[index + 1]?.at ?? until;
    const isQuiet = sample.jobsRunning === 0 && sample.jobsWaiting === 0;
    quietFrom = isQuiet ? (quietFrom ?? sample.at) : undefined;
    if (quietFrom === undefined) tooManyFrom = undefined;
    else
      for (const { from, end, blocks } of stepsWithin(
        jobless.asked,
        Math.max(sample.at, after(quietFrom, QUIET_MS)),
        to,
      )) {
        const serving = sample.serving[pool] ?? 0;
        tooManyFrom = serving > blocks ? (tooManyFrom ?? from) : undefined;
        if (tooManyFrom === undefined || end - tooManyFrom < KEPT_MS) continue;
        const at = after(tooManyFrom, KEPT_MS);
        return {
          promise: 'thrift',
          at,
          sentence: `at ${isoOf(at)} ${serving} blocks serve, though there was no job for ${inMinutes(at - quietFrom)} minutes; without any job at all the policy wants ${blocks}`,
        };
      }
  }
  return undefined;
}

/** The stretches of steps within [from, until). */
function stepsWithin(
  steps: readonly ValueFrom[],
  from: Instant,
  until: Instant,
): readonly { readonly from: Instant; readonly end: Instant; readonly blocks: number }[] {
  if (from >= until) return [];
  const edges = [from, ...steps.map(({ at }) => at).filter((at) => at > from && at < until), until];
  return edges
    .slice(0, -1)
    .map((at, index) => ({ from: at, end: edges[index + 1] ?? until, blocks: valueAt(steps, at) }));
}

/**
 * When those jobs were queued that were left to run beside the blocks, or to wait for ever, though the hours allowed some and some
 * could be bought. Not those that found a node of the group still warm, for these never waited; nor those for which the policy went
 * on wanting room for all that waited, on blocks that did not serve yet: that the group was there first, or a request was refused,
 * was luck.
 */
const left = ({ truth, wanted, asked, dry, spec, jobsPerBlock }: PoolLife): readonly Instant[] => {
  const serving = truth.samples.map(({ at, serving: byPool }) => ({ at, value: byPool[spec.name] ?? 0 }));
  const waiting = truth.samples.map(({ at, jobsWaiting }) => ({ at, value: jobsWaiting }));
  return truth.jobs.flatMap(({ queuedAt, startedAt = truth.until, ranOn }) => {
    const isIn = valueAt(wanted, queuedAt) > 0 && valueAt(wanted, after(queuedAt, TOO_LATE_MS)) > 0;
    const isDry = dry.some(({ from, until }) => queuedAt >= from && queuedAt < until);
    if (ranOn === 'block' || !isIn || isDry || startedAt - queuedAt < SEEN_MS) return [];
    const last = startedAt - 1;
    const want = valueAt(asked, last);
    const coming = (want - valueAt(serving, last)) * jobsPerBlock;
    const isWanted = coming >= valueAt(waiting, last) || want >= Math.min(valueAt(wanted, last), spec.maxBlocks);
    return isWanted ? [] : [queuedAt];
  });
};

const inMinutes = (ms: Millis): string => (ms / minutes(1)).toFixed(0);
