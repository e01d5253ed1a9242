import type { Instant, Millis } from '../../../src/domain/time.ts';
import { seconds } from '../../../src/domain/time.ts';

/** How many ran at an instant. */
export interface Sample {
  readonly at: Instant;
  readonly value: number;
}

export interface Stretch {
  readonly from: Instant;
  readonly until: Instant;
}

/** The time from one sample to the next; a minute where no series has two. */
export function stepOf(series: readonly (readonly Sample[])[]): Millis {
  let least = Number.POSITIVE_INFINITY;
  for (const samples of series)
    for (let index = 1; index < samples.length; index += 1) {
      const gap = (samples[index]?.at ?? 0) - (samples[index - 1]?.at ?? 0);
      if (gap > 0 && gap < least) least = gap;
    }
  return Number.isFinite(least) ? least : seconds(60);
}

/** More than any runner has at once; a series above it counts something else. */
const MOST_AT_ONCE = 10_000;

/**
 * What ran, told from how many ran at each sample: with each rise something starts, with each fall that ends which has run for
 * longest. What is there at a sample is taken to have run until the next.
 *
 * @param isOne the series is of one pod, which runs once: missing samples within it were lost, and it ran on.
 */
export function runsOf(samples: readonly Sample[], stepMs: Millis, isOne: boolean): readonly Stretch[] {
  const ascending = samples.toSorted((a, b) => a.at - b.at);
  const runs: Stretch[] = [];
  const open: Instant[] = [];
  let lastAt = Number.NEGATIVE_INFINITY;
  const close = (count: number, until: Instant): void => {
    for (const from of open.splice(0, count)) runs.push({ from, until });
  };
  for (const { at, value } of ascending) {
    // No sample where one was due: nothing ran, for a count that falls to none is no longer told.
    if (!isOne && at - lastAt > stepMs * 1.5) close(open.length, lastAt + stepMs);
    const count = Math.min(MOST_AT_ONCE, Math.max(0, Math.round(value)));
    if (count < open.length) close(open.length - count, lastAt === at ? at : Math.min(at, lastAt + stepMs));
    for (let index = open.length; index < count; index += 1) open.push(at);
    lastAt = at;
  }
  close(open.length, lastAt + stepMs);
  return runs;
}
