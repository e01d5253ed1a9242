import type { ScaleLinear } from 'd3-scale';
import { area, curveStepAfter, line } from 'd3-shape';
import type { ValueFrom } from '../../sim/outcome.ts';
import type { Instant } from '../../src/domain/time.ts';
import { type Frame, tenth } from './frame.ts';
import type { Markup } from './markup.ts';

type Point = readonly [x: number, y: number];

/**
 * A step function as the points that are seen: equal neighbours are one, and of all that happens within one unit of the
 * picture the lowest and the highest value stay, so that no spike is lost. Ends at the right edge of the plot.
 */
export function seenSteps({ from, until, x }: Frame, steps: readonly ValueFrom[]): readonly ValueFrom[] {
  const seen: ValueFrom[] = [];
  const put = (at: Instant, value: number): void => {
    if (seen.at(-1)?.value !== value) seen.push({ at, value });
  };
  for (let n = 0; n < steps.length; ) {
    const unit = Math.round(x(steps[n]!.at));
    let last = n;
    while (last + 1 < steps.length && Math.round(x(steps[last + 1]!.at)) === unit) last += 1;
    const values = steps.slice(n, last + 1).map(({ value }) => value);
    const at = Math.max(from, steps[n]!.at);
    if (steps[n]!.at < until) {
      if (values.length > 2) for (const value of [Math.max(...values), Math.min(...values)]) put(at, value);
      else put(at, values[0]!);
      put(Math.max(from, steps[last]!.at), values.at(-1)!);
    }
    n = last + 1;
  }
  const end = seen.at(-1);
  return end === undefined ? [] : [...seen, { at: until, value: end.value }];
}

/** The path of a step function. */
export const stepLine = (frame: Frame, y: ScaleLinear<number, number>, steps: readonly ValueFrom[]): Markup => ({
  markup: line<Point>().curve(curveStepAfter).digits(1)(pointsOf(frame, y, seenSteps(frame, steps))) ?? '',
});

/** The area under a step function. */
export const stepArea = (frame: Frame, y: ScaleLinear<number, number>, steps: readonly ValueFrom[]): Markup => ({
  markup:
    area<Point>()
      .y0(y(0))
      .y1(([, top]) => top)
      .curve(curveStepAfter)
      .digits(1)(pointsOf(frame, y, seenSteps(frame, steps))) ?? '',
});

/** The path that joins points by straight lines; inner ones of three that are level are left out. */
export function straightLine({ x }: Frame, y: ScaleLinear<number, number>, steps: readonly ValueFrom[]): Markup {
  const points = steps.map(({ at, value }): Point => [tenth(x(at)), tenth(y(value))]);
  const kept = points.filter(([, top], n) => points[n - 1]?.[1] !== top || points[n + 1]?.[1] !== top);
  return { markup: line<Point>().digits(1)(kept) ?? '' };
}

const pointsOf = ({ x }: Frame, y: ScaleLinear<number, number>, steps: readonly ValueFrom[]): Point[] =>
  steps.map(({ at, value }) => [tenth(x(at)), tenth(y(value))]);
