import type { Instant, Millis } from '../../src/domain/time.ts';
import type { Draws } from '../chance/draw.ts';
import { type AvailabilityChange, type AvailabilityTrack, trackOf } from './availability.ts';

/** A stretch in which a market was up, or down, throughout. */
interface Run {
  readonly lengthMs: Millis;
  /** What could run, and how long after the run began. */
  readonly levels: readonly { readonly afterMs: Millis; readonly instances: number }[];
}

/**
 * An availability over [from, until) that is put together from recorded up and down runs, drawn anew in turn and each as it
 * was. Up runs are heavy-tailed, so that no formula stands in for them.
 *
 * The first and the last run of the record are left out: nobody knows how long they really were. The runs have gone on for
 * as long as the record when the window begins, so that it may begin in the middle of one.
 *
 * @returns undefined if the record holds no whole up run or no whole down run
 */
export function resampledTrack(window: {
  readonly market: string;
  readonly from: Instant;
  readonly until: Instant;
  readonly draws: Draws;
  readonly availability?: AvailabilityTrack;
}): AvailabilityTrack | undefined {
  const { market, from, until, draws, availability } = window;
  const { up, down, spanMs } = runsOf(availability?.steps ?? []);
  if (up.length === 0 || down.length === 0) return undefined;
  const rows: AvailabilityChange[] = [];
  let at = from - spanMs;
  for (let count = 0; at < until; count += 1) {
    const run = draws.pick('market.run', market, count, count % 2 === 0 ? up : down);
    for (const { afterMs, instances } of run.levels) rows.push({ at: at + afterMs, instances });
    at += run.lengthMs;
  }
  return trackOf(rows);
}

function runsOf(steps: readonly AvailabilityChange[]): { up: Run[]; down: Run[]; spanMs: Millis } {
  const starts = steps
    .map((_, index) => index)
    .filter((index) => index === 0 || isUp(steps[index]) !== isUp(steps[index - 1]));
  const up: Run[] = [];
  const down: Run[] = [];
  for (let nth = 1; nth + 1 < starts.length; nth += 1) {
    const levels = steps.slice(starts[nth], starts[nth + 1]);
    const startsAt = levels[0]!.at;
    (isUp(levels[0]) ? up : down).push({
      lengthMs: steps[starts[nth + 1]!]!.at - startsAt,
      levels: levels.map(({ at, instances }) => ({ afterMs: at - startsAt, instances })),
    });
  }
  return { up, down, spanMs: [...up, ...down].reduce((sum, { lengthMs }) => sum + lengthMs, 0) };
}

const isUp = (step: AvailabilityChange | undefined): boolean => step !== undefined && step.instances > 0;
