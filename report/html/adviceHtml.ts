import { HARD_WORLDS } from '../../sim/advise/hardWorlds.ts';
import { type AdviceText, adviceHeadline, meansRows } from '../adviceText.ts';
import { usdText } from '../figures.ts';
import { front } from './adviceFront.ts';
import { againSection } from './head.ts';
import { html } from './markup.ts';
import { htmlTable, page } from './page.ts';

/** An advice as one self-contained HTML file. */
export function adviceHtml({ advice, flow, weeks }: AdviceText, diff: string, again: string): string {
  const title = `Advice for ${weeks.join(', ')}`;
  return page(title, html`<header><h1>${title}</h1><p class="lead">${adviceHeadline(advice)}</p></header>`, [
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
      body: front(advice, flow),
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
}
