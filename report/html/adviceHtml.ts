import { HARD_WORLDS } from '../../sim/advise/hardWorlds.ts';
import { type AdviceText, adviceHeadline, choicesText, meansRows } from '../adviceText.ts';
import { lengthText, usdText } from '../figures.ts';
import { againSection } from './head.ts';
import { html } from './markup.ts';
import { htmlTable, page } from './page.ts';

/** An advice as one self-contained HTML file. */
export function adviceHtml(
  { advice, flow, weeks, title = `Advice for ${weeks.join(', ')}`, headline = adviceHeadline(advice) }: AdviceText,
  diff: string,
  again: string,
): string {
  return page(title, html`<header><h1>${title}</h1><p class="lead">${headline}</p></header>`, [
    {
      id: 'judged',
      title: 'Where it was judged',
      lead: 'Means over runs on which nothing was chosen; together is money, kills and waiting.',
      body: htmlTable(
        ['', 'together', 'money', 'kills', 'wait p95'],
        meansRows(advice).map(({ name, cells }) => ({ cells: [name, ...cells] })),
      ),
    },
    {
      id: 'front',
      title: 'Money against waiting',
      lead: 'Settings that no other beats in money, kills and waiting at once.',
      body: [frontChart(advice.front.map(({ means }) => means)), frontTable()],
    },
    {
      id: 'levers',
      title: 'What each change is worth',
      lead: 'USD that it costs to change one setting back.',
      body: htmlTable(
        ['setting', 'USD', 'today', 'recommended'],
        advice.levers.map(({ path, usd, from, to }) => ({ cells: [path, usdText(usd), flow(from), flow(to)] })),
      ),
    },
    {
      id: 'hard',
      title: 'In harder worlds',
      body: htmlTable(
        ['world', 'together', 'on-demand only', 'ratio'],
        advice.hard.map(({ world, together, onDemandOnly, ratio }) => ({
          cells: [HARD_WORLDS[world], usdText(together), usdText(onDemandOnly), ratio === null ? '' : ratio.toFixed(3)],
        })),
      ),
    },
    { id: 'change', title: 'The change', body: diff === '' ? html`<p>None.</p>` : html`<pre>${diff}</pre>` },
    againSection(again),
  ]);

  function frontTable() {
    return htmlTable(
      ['settings', 'money', 'kills', 'mean wait', 'wait p95'],
      advice.front.map(({ means, choices }) => ({
        cells: [
          choicesText(choices, flow),
          ...[
            usdText(means.money),
            means.kills.toFixed(1),
            lengthText(means.queuedMeanMs),
            lengthText(means.waitP95Ms),
          ],
        ],
      })),
    );
  }
}

const [WIDTH, HEIGHT, EDGE] = [640, 260, 40];

/** A point for each setting: money to the right, mean wait upwards. */
function frontChart(points: readonly { readonly money: number; readonly queuedMeanMs: number }[]) {
  const [most, longest] = [
    Math.max(1e-9, ...points.map(({ money }) => money)),
    Math.max(1, ...points.map(({ queuedMeanMs }) => queuedMeanMs)),
  ];
  const x = (usd: number): number => EDGE + (usd / most) * (WIDTH - 2 * EDGE);
  const y = (ms: number): number => HEIGHT - EDGE - (ms / longest) * (HEIGHT - 2 * EDGE);
  return html`<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="Money against mean wait">
<line class="axis" x1="${EDGE}" y1="${HEIGHT - EDGE}" x2="${WIDTH - EDGE}" y2="${HEIGHT - EDGE}" stroke="currentColor"/>
<line class="axis" x1="${EDGE}" y1="${EDGE}" x2="${EDGE}" y2="${HEIGHT - EDGE}" stroke="currentColor"/>
<text x="${WIDTH - EDGE}" y="${HEIGHT - 12}" text-anchor="end">money, up to ${usdText(most)} USD</text>
<text x="${EDGE}" y="${EDGE - 12}">mean wait, up to ${lengthText(longest)}</text>
${points.map(({ money, queuedMeanMs }) => html`<circle cx="${x(money).toFixed(1)}" cy="${y(queuedMeanMs).toFixed(1)}" r="5" fill="currentColor"><title>${usdText(money)} USD, ${lengthText(queuedMeanMs)}</title></circle>`)}
</svg>`;
}
