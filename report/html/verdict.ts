import type { Comparison } from '../../sim/outcome.ts';
import { savingText } from '../saving.ts';
import { verdict } from '../verdict.ts';
import { CHANGE } from '../verdictLines.ts';
import { html, type Markup } from './markup.ts';

/** The verdict as the first thing on a page; where too few rivals were run for one, what is saved against on-demand only. */
export function verdictHtml(comparison: Pick<Comparison, 'variants' | 'rivals'>): Markup {
  const judgement = verdict(comparison);
  if (judgement === undefined) {
    const { variants, rivals } = comparison;
    const sentences = variants.map(({ name, outcome }) => {
      const saving = savingText(outcome, rivals.onDemandOnly.outcome, 'on-demand only');
      return html`<p class="headline">${name} ${saving}.</p>`;
    });
    return html`${sentences}`;
  }
  const { headline, details, levers, distance } = judgement;
  return html`<div id="verdict"><p class="headline">${headline}</p>
${details.map((detail) => html`<p>${detail}</p>`)}
${levers.length === 0 ? undefined : html`<p>${CHANGE}</p><ul class="levers">${levers.map((lever) => html`<li>${lever}</li>`)}</ul>`}
${distance === undefined ? undefined : html`<p>${distance}</p>`}</div>`;
}
