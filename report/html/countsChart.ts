import { scaleLinear } from 'd3-scale';
import type { Outcome, ValueFrom } from '../../sim/outcome.ts';
import { countText } from '../figures.ts';
import { bands, chart, type Frame, frameOf, timeAxisSvg, valueAxis } from './frame.ts';
import { type Content, html, type Markup } from './markup.ts';
import { legend } from './page.ts';
import { stepArea, stepLine } from './steps.ts';

/** Blocks wanted (an area), blocks serving and on-demand nodes (lines) over time. */
export function countsChart({ timeline, from, until }: Outcome): Content {
  const { wanted, serving, overflow } = timeline;
  const frame = frameOf({ from, until, height: 190 });
  const y = countScale(frame, [wanted, serving, overflow]);
  return [
    legend([
      ['wanted', 'blocks wanted'],
      ['serving', 'blocks serving'],
      ['overflow', 'on-demand nodes'],
    ]),
    chart(frame, 'Blocks wanted, blocks serving and on-demand nodes over time', [
      html`<path class="wanted" d="${stepArea(frame, y, wanted)}"/>`,
      countAxis(frame, y),
      html`<path class="l-wanted" d="${stepLine(frame, y, wanted)}"/>`,
      html`<path class="line l-overflow" d="${stepLine(frame, y, overflow)}"/>`,
      html`<path class="line l-serving" d="${stepLine(frame, y, serving)}"/>`,
      timeAxisSvg(frame),
    ]),
  ];
}

/** Jobs that run, and jobs that wait for a node, over time. */
export function jobCountsChart({ timeline, from, until }: Outcome): Content {
  const { jobsRunning, jobsWaiting, wanted } = timeline;
  const frame = frameOf({ from, until, height: 120 });
  const y = countScale(frame, [jobsRunning, jobsWaiting]);
  return [
    legend([
      ['serving', 'jobs running'],
      ['harm', 'jobs waiting'],
    ]),
    chart(frame, 'Jobs running and jobs waiting over time', [
      bands(frame, wanted),
      countAxis(frame, y),
      html`<path class="thin l-serving" d="${stepLine(frame, y, jobsRunning)}"/>`,
      html`<path class="thin l-harm" d="${stepLine(frame, y, jobsWaiting)}"/>`,
      timeAxisSvg(frame),
    ]),
  ];
}

const countScale = ({ top, bottom }: Frame, lines: readonly (readonly ValueFrom[])[]) => {
  const most = lines.flat().reduce((high, { value }) => Math.max(high, value), 1);
  return scaleLinear([0, most * 1.06], [bottom, top]);
};

const countAxis = (frame: Frame, y: ReturnType<typeof countScale>): Markup =>
  valueAxis(
    frame,
    y
      .ticks(4)
      .filter(Number.isInteger)
      .map((value) => ({ y: y(value), text: countText(value) })),
  );
