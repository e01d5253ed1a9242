import type { Advice } from '../../sim/advise/advice.ts';
import { choicesText } from '../adviceText.ts';
import { lengthText, usdText } from '../figures.ts';
import { html, type Markup } from './markup.ts';
import { htmlTable } from './page.ts';

/** Settings that no other beats, drawn and as a table. */
export const front = (advice: Advice, flow: (value: unknown) => string): readonly Markup[] => [
  frontChart(advice.front.map(({ means }) => means)),
  htmlTable(
    ['settings', 'money', 'kills', 'mean wait', 'wait p95'],
    advice.front.map(({ means, choices }) => ({
      cells: [
        choicesText(choices, flow),
        ...[usdText(means.money), means.kills.toFixed(1), lengthText(means.queuedMeanMs), lengthText(means.waitP95Ms)],
      ],
    })),
  ),
];

const [WIDTH, HEIGHT, EDGE] = [640, 220, 12];

/** A point for each setting: money to the right, mean wait upwards. */
function frontChart(points: readonly { readonly money: number; readonly queuedMeanMs: number }[]) {
  const [most, longest] = [
    Math.max(1e-9, ...points.map(({ money }) => money)),
    Math.max(1, ...points.map(({ queuedMeanMs }) => queuedMeanMs)),
  ];
  const x = (usd: number): number => EDGE + (usd / most) * (WIDTH - 2 * EDGE);
  const y = (ms: number): number => HEIGHT - EDGE - (ms / longest) * (HEIGHT - 2 * EDGE);
  // The axes are named beside the picture: text within it shrinks with it, down to nothing on a telephone.
  return html`<p class="note">upwards: mean wait, up to ${lengthText(longest)}; to the right: money, up to ${usdText(most)} USD; the dots from left to right are the rows below from the top</p>
<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="Money against mean wait">
<line class="axis" x1="${EDGE}" y1="${HEIGHT - EDGE}" x2="${WIDTH - EDGE}" y2="${HEIGHT - EDGE}" stroke="currentColor"/>
<line class="axis" x1="${EDGE}" y1="${EDGE}" x2="${EDGE}" y2="${HEIGHT - EDGE}" stroke="currentColor"/>
${points.map(({ money, queuedMeanMs }) => html`<circle cx="${x(money).toFixed(1)}" cy="${y(queuedMeanMs).toFixed(1)}" r="5" fill="currentColor"><title>${usdText(money)} USD, ${lengthText(queuedMeanMs)}</title></circle>`)}
</svg>`;
}
