import type { Advice } from '../../sim/advise/advice.ts';
import { COLUMNS_SAID, estimateRows } from '../estimateText.ts';
import { front } from './adviceFront.ts';
import { againSection } from './head.ts';
import { html, type Markup } from './markup.ts';
import { htmlTable, page, type Section } from './page.ts';

/** What a report on an estimate shows. */
export interface EstimateShown {
  readonly advice: Advice;
  readonly headline: string;
  /** `{ policy: always, blocks: 4 }` for a value. */
  readonly flow: (value: unknown) => string;
  readonly read: readonly string[];
  readonly assumed: readonly string[];
  readonly tried: string;
  /** Where settings were tried: `the week`. */
  readonly triedOn: string;
  /** The pools file; undefined where no keeper is worth it. */
  readonly pools: string | undefined;
  readonly again: string;
}

/** An estimate as one self-contained HTML file: the answer first, and all that it rests on. */
export function estimateHtml(shown: EstimateShown): string {
  const { advice, headline, flow, read, assumed, tried, triedOn, pools, again } = shown;
  const sections: readonly (Section | undefined)[] = [
    {
      id: 'week',
      title: 'What the week costs',
      lead: `USD; together counts 2 USD for a killed job and 1 USD for an hour that a job waits; ${COLUMNS_SAID}.`,
      body: htmlTable(
        ['', 'money', 'together', 'kills', 'wait p95'],
        estimateRows(advice).map((cells) => ({ cells })),
      ),
    },
    pools === undefined
      ? undefined
      : { id: 'pools', title: 'The recommended pools.yaml', body: html`<pre>${pools.trimEnd()}</pre>` },
    { id: 'read', title: 'What was read', body: listOf(read) },
    { id: 'assumed', title: 'What was assumed', body: listOf(assumed) },
    {
      id: 'front',
      title: 'Money against waiting',
      lead: `Settings that no other beats in money, kills and waiting at once, on ${triedOn}. ${tried}.`,
      body: front(advice, flow),
    },
    againSection(again),
  ];
  return page(
    'Your week',
    html`<header><h1>Your week</h1><p class="lead">${headline}</p></header>`,
    sections.filter((section) => section !== undefined),
  );
}

const listOf = (lines: readonly string[]): Markup =>
  html`<ul class="composed">${lines.map((line) => html`<li>${line}</li>`)}</ul>`;
