import { type ScaleLinear, scaleLinear } from 'd3-scale';
import type { ValueFrom } from '../../sim/outcome.ts';
import { hours, type Instant, type Millis, minutes } from '../../src/domain/time.ts';
import { type Content, html, type Markup } from './markup.ts';

/** The plane of a chart in units of its own; pictures scale with the page. */
export interface Frame {
  readonly width: number;
  readonly height: number;
  readonly left: number;
  /** Where the plot ends: what is right of it is for labels. */
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  readonly from: Instant;
  readonly until: Instant;
  readonly x: ScaleLinear<number, number>;
}

export interface FrameOptions {
  readonly from: Instant;
  readonly until: Instant;
  /** Of the plot, without its axis. */
  readonly height: number;
  readonly width?: number;
  readonly marginLeft?: number;
  readonly marginRight?: number;
  readonly marginTop?: number;
}

/** All charts over the run's whole width share their margins, so that one instant stands at one place in all of them. */
export function frameOf(options: FrameOptions): Frame {
  const { from, until, height, width = 1000, marginLeft = 64, marginRight = 34, marginTop = 8 } = options;
  const right = width - marginRight;
  return {
    width,
    height: marginTop + height + 36,
    left: marginLeft,
    right,
    top: marginTop,
    bottom: marginTop + height,
    from,
    until,
    // A run without length has an axis all the same.
    x: scaleLinear([from, Math.max(until, from + 1)], [marginLeft, right]),
  };
}

/** A picture narrower than this is as wide as its column, however narrow. */
const WIDE = 600;

/** A picture with a name for those who hear the page. A wide one has a box in which it keeps a legible size on a small screen. */
export function chart({ width, height }: Frame, label: string, content: Content): Markup {
  const isWide = width >= WIDE;
  const svg = html`<svg class="${isWide ? 'chart wide' : 'chart'}" viewBox="0 0 ${width} ${height}" role="img" aria-label="${label}">${content}</svg>`;
  return isWide ? html`<div class="scroll">${svg}</div>` : svg;
}

/** The stretches in which blocks were wanted, shaded behind a chart. */
export function bands({ x, top, bottom, until }: Frame, wanted: readonly ValueFrom[]): Markup {
  const parts = wanted.flatMap(({ at, value }, n) => {
    const end = Math.min(until, wanted[n + 1]?.at ?? until);
    return value > 0 && at < end ? [`M${tenth(x(at))} ${top}H${tenth(x(end))}V${bottom}H${tenth(x(at))}Z`] : [];
  });
  return parts.length === 0 ? html`` : html`<path class="band" d="${{ markup: parts.join('') }}"/>`;
}

const STEPS: readonly Millis[] = [
  ...[1, 2, 5, 10, 15, 30].map(minutes),
  ...[1, 2, 3, 6, 12, 24, 48, 168, 336, 672].map(hours),
];

/** A label of the axis with the room around it. */
const LABEL_WIDTH = 72;

/** The axis of time below a plot: days where they begin, hours between them, in UTC and saying so. */
export function timeAxisSvg(frame: Frame): Markup {
  const { x, left, right, bottom, from, until } = frame;
  const labels = Math.max(1, Math.floor((right - left) / LABEL_WIDTH));
  const step = STEPS.find((length) => (until - from) / length <= labels) ?? (until - from) / labels;
  const first = Math.ceil(from / step) * step;
  const ticks = Array.from({ length: Math.max(0, Math.floor((until - first) / step) + 1) }, (_, n) => first + n * step);
  return html`<path class="rule" d="M${left} ${bottom}H${right}${{ markup: ticks.map((at) => `M${tenth(x(at))} ${bottom}v5`).join('') }}"/>${ticks.map(
    (at) =>
      html`<text class="${at % hours(24) === 0 ? 'middle name' : 'middle'}" x="${tenth(x(at))}" y="${bottom + 18}">${tickText(at)}</text>`,
  )}<text class="middle" x="${left}" y="${bottom + 32}">UTC</text>`;
}

/** Horizontal rules with their figures, left of a plot. */
export const valueAxis = (
  { left, right }: Frame,
  ticks: readonly { readonly y: number; readonly text: string }[],
): Markup =>
  html`<path class="rule" d="${{ markup: ticks.map(({ y }) => `M${left} ${tenth(y)}H${right}`).join('') }}"/>${ticks.map(
    ({ y, text }) => html`<text class="end" x="${left - 8}" y="${tenth(y + 4)}">${text}</text>`,
  )}`;

const DAY = new Intl.DateTimeFormat('en-GB', { timeZone: 'UTC', weekday: 'short', day: 'numeric', month: 'short' });

const tickText = (at: Instant): string =>
  at % hours(24) === 0 ? DAY.format(new Date(at)).replace(',', '') : new Date(at).toISOString().slice(11, 16);

/** Coordinates are rounded to a tenth: finer is not seen, and would double the page. */
export const tenth = (value: number): number => Math.round(value * 10) / 10;
