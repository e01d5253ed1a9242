import type { Outcome } from '../../sim/outcome.ts';
import { billingText, instantText } from '../figures.ts';
import { type Content, html, type Markup } from './markup.ts';

/** The top of a page: the verdict, what was asked and in whose words. */
export const pageHead = (
  { scenario, about, from, until, seed, billing, composed }: Outcome,
  verdict: Markup,
  meta: readonly (readonly [name: string, value: string])[],
): Markup => html`<header>
<h1>${scenario}</h1>
<p class="about">${about}</p>
${verdict}
<ul class="meta">${[
  ['window', `${instantText(from)} to ${instantText(until)} UTC`] as const,
  ...meta,
  ['seed', String(seed)] as const,
  ['billing', billingText(billing)] as const,
].map(([name, value]) => html`<li>${name} <b>${value}</b></li>`)}</ul>
${composed.length === 0 ? undefined : html`<ul class="composed" id="composed">${composed.map((note) => html`<li>composed: ${note}</li>`)}</ul>`}
</header>`;

/** Key figures as tiles. */
export const tiles = (
  figures: readonly {
    readonly name: string;
    readonly value: Content;
    readonly note?: string;
    readonly isBad?: boolean;
  }[],
): Markup =>
  html`<dl class="figures" id="figures">${figures.map(
    ({ name, value, note, isBad }) =>
      html`<div><dt>${name}</dt><dd class="${isBad ? 'bad' : ''}">${value}${note === undefined ? undefined : html`<small>${note}</small>`}</dd></div>`,
  )}</dl>`;

/** The command that makes the page again. */
export const againSection = (again: string) => ({
  id: 'again',
  title: 'Again',
  lead: 'The same scenario, seed and release give the same figures.',
  body: html`<pre>${again}</pre>`,
});
