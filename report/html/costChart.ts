import { scaleLinear } from 'd3-scale';
import type { ValueFrom } from '../../sim/outcome.ts';
import { usdText } from '../figures.ts';
import { bands, chart, frameOf, tenth, timeAxisSvg, valueAxis } from './frame.ts';
import { html, type Markup } from './markup.ts';
import { straightLine } from './steps.ts';

/** One run's money over time: `colour` names a colour of the style sheet. */
export interface CostLine {
  readonly name: string;
  readonly colour: string;
  readonly total: number;
  readonly spent: readonly ValueFrom[];
  /** Drawn last and stronger. */
  readonly isStrong?: boolean;
}

/** A label needs this much height to be read. */
const LABEL_HEIGHT = 16;

/** USD spent by each instant, a line for each run, labelled where it ends; labels that would overlap move apart. */
export function costChart(
  { from, until, wanted }: { readonly from: number; readonly until: number; readonly wanted: readonly ValueFrom[] },
  lines: readonly CostLine[],
): Markup {
  const longest = Math.max(...lines.map(({ name, total }) => labelOf(name, total).length));
  const frame = frameOf({
    from,
    until,
    // Above the plot stands the unit.
    marginTop: 24,
    height: Math.max(230, lines.length * LABEL_HEIGHT + 10),
    marginRight: Math.max(80, Math.min(300, longest * 7.8 + 22)),
  });
  const most = lines.flatMap(({ spent }) => spent).reduce((high, { value }) => Math.max(high, value), 0);
  const y = scaleLinear([0, most === 0 ? 1 : most * 1.05], [frame.bottom, frame.top]);
  const labels = apart(
    lines.map(({ spent }) => y(spent.at(-1)?.value ?? 0)),
    frame.top + 6,
    frame.bottom - 2,
  );
  return chart(frame, 'USD spent over time', [
    bands(frame, wanted),
    valueAxis(
      frame,
      y.ticks(5).map((value) => ({ y: y(value), text: y.tickFormat(5)(value) })),
    ),
    [...lines]
      .sort((a, b) => Number(a.isStrong ?? false) - Number(b.isStrong ?? false))
      .map(
        ({ colour, spent, isStrong, name, total }) =>
          html`<path class="${isStrong ? 'line' : 'thin'} l-${colour}" d="${straightLine(frame, y, spent)}"><title>${labelOf(name, total)} USD</title></path>`,
      ),
    lines.map(({ name, colour, total, spent, isStrong }, n) => {
      const end = tenth(y(spent.at(-1)?.value ?? 0));
      const label = tenth(labels[n] ?? end);
      return html`<path class="thin l-${colour}" d="M${frame.right + 1} ${end}L${frame.right + 10} ${label}"/><text class="t-${colour}${isStrong ? ' strong' : ''}" x="${frame.right + 14}" y="${tenth(label + 4)}">${labelOf(name, total)}</text>`;
    }),
    html`<text class="end" x="${frame.left - 8}" y="${frame.top - 12}">USD</text>`,
    timeAxisSvg(frame),
  ]);
}

/** A long name keeps its beginning; the title has all of it. */
const labelOf = (name: string, total: number): string =>
  `${name.length > 26 ? `${name.slice(0, 25)}…` : name} ${usdText(total)}`;

/** Heights moved apart, in their order, as little as it takes, between two bounds. */
function apart(heights: readonly number[], top: number, bottom: number): readonly number[] {
  const order = heights.map((_, index) => index).sort((a, b) => (heights[a] ?? 0) - (heights[b] ?? 0) || a - b);
  const moved = [...heights];
  let least = top;
  for (const index of order) {
    moved[index] = Math.max(least, moved[index] ?? 0);
    least = (moved[index] ?? 0) + LABEL_HEIGHT;
  }
  let most = bottom;
  for (const index of order.reverse()) {
    moved[index] = Math.min(most, moved[index] ?? 0);
    most = (moved[index] ?? 0) - LABEL_HEIGHT;
  }
  return moved;
}
