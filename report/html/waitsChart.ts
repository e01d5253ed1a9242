import { scaleSymlog } from 'd3-scale';
import type { Outcome } from '../../sim/outcome.ts';
import { hours, minutes, seconds } from '../../src/domain/time.ts';
import { lengthText } from '../figures.ts';
import { bands, chart, frameOf, tenth, timeAxisSvg, valueAxis } from './frame.ts';
import { type Content, html } from './markup.ts';

/** Lengths that people think in. */
const TICKS = [0, seconds(30), minutes(2), minutes(10), hours(1), hours(6), hours(24)];

/** More dots than this are drawn on a coarser raster, where fewer differ. */
const MOST_DOTS = 6_000;

/**
 * How long each job waited, a dot at the instant at which it was queued. The scale is linear below a minute and
 * logarithmic above it, so that seconds and hours are seen in one picture. Jobs that never started have no dot.
 */
export function waitsChart({ timeline, from, until }: Outcome): Content {
  const { waits, wanted } = timeline;
  const most = waits.reduce((high, { waitMs }) => Math.max(high, waitMs), seconds(30));
  const frame = frameOf({ from, until, height: 150 });
  const y = scaleSymlog([0, most * 1.15], [frame.bottom - 3, frame.top]).constant(minutes(1));
  return chart(frame, 'Wait of each job by the time at which it was queued', [
    bands(frame, wanted),
    valueAxis(
      frame,
      TICKS.filter((length) => length <= most * 1.15).map((length) => ({
        y: y(length),
        text: lengthText(length).replace(/(?<=\D)00[ms]$/, ''),
      })),
    ),
    html`<path class="dots l-run" d="${{ markup: dots(waits.map(({ at, waitMs }) => [frame.x(at), y(waitMs)])) }}"/>`,
    timeAxisSvg(frame),
  ]);
}

/** Points as one path of dots; those on one place of a raster are one. */
function dots(points: readonly (readonly [number, number])[]): string {
  for (let raster = 1; ; raster *= 2) {
    const places = new Set(
      points.map(([x, y]) => `M${tenth(Math.round(x / raster) * raster)} ${tenth(Math.round(y / raster) * raster)}h0`),
    );
    if (places.size <= MOST_DOTS || raster >= 8) return [...places].join('');
  }
}
