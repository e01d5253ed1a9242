import type { Comparison, Outcome } from '../../sim/outcome.ts';
import { servicePricesText } from '../bill.ts';
import { comparisonRows, type Row } from '../comparisonRows.ts';
import { FIGURES, type Figure, MORE_FIGURES } from '../comparisonTable.ts';
import { plain } from '../figures.ts';
import { HARM, harmTexts, referenceTexts } from '../rivalsText.ts';
import { type Content, html, type Markup } from './markup.ts';
import { htmlTable } from './page.ts';

/** Variants and rivals as a table, the best marked, with what no run can be expected to reach below it. */
export function comparisonTables(comparison: Pick<Comparison, 'variants' | 'rivals'>): Content {
  const { outcome: onDemandOnly } = comparison.rivals.onDemandOnly;
  const rows = comparisonRows(comparison);
  const figures = [...FIGURES, ...MORE_FIGURES];
  return [
    htmlTable(
      ['USD', ...figures.map(headingOf)],
      rows.map((row) => ({
        className: row.isBest ? 'total' : '',
        cells: [nameCell(row), ...figures.map((figure) => cellOf(figure, row.outcome, onDemandOnly))],
      })),
    ),
    ...harmTexts(rows, ({ name }) => name).map((text) => html`<p class="bad">${text}</p>`),
    html`<p class="note">Service: ${servicePricesText(onDemandOnly.servicePrices)}.</p>`,
    ...referenceTexts(comparison.rivals).map((text) => html`<p class="note">${text}</p>`),
  ];
}

/** The name with its star, and below it the settings that were found. */
function nameCell({ name, rival, isBest }: Row): Markup {
  const about = rival === undefined || rival.about === '' ? undefined : html`<small>${plain(rival.about)}</small>`;
  return html`${isBest ? '★ ' : ''}${name}${about}`;
}

const cellOf = (figure: Figure, outcome: Outcome, onDemandOnly: Outcome): Content => {
  const text = figure.textOf(outcome, onDemandOnly);
  return figure.heading === 'killed' && isHarmed(outcome) ? html`<b class="bad">${text}</b>` : text;
};

/** Whether jobs were ended by what should have kept them, or never came to their end. */
export const isHarmed = (outcome: Outcome): boolean => Object.values(HARM).some((countOf) => countOf(outcome) > 0);

/** A heading that a text table breaks is whole here. */
const headingOf = ({ heading }: Figure): string => heading.replace('-\n', '').replace('\n', ' ');
