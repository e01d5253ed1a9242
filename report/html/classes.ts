import type { Variant } from '../../sim/outcome.ts';
import { CLASS_FIGURES, classNameText, SHARED, unsharedText } from '../classesText.ts';
import { plain } from '../figures.ts';
import { html } from './markup.ts';
import { htmlTable, type Section } from './page.ts';

/** The job classes, a table for each variant; no section where there are none. */
export function classSections(variants: readonly Pick<Variant, 'name' | 'outcome'>[]): readonly Section[] {
  const tables = variants.flatMap(({ name, outcome }) => {
    const { classes } = outcome;
    if (classes === undefined) return [];
    const left = unsharedText(outcome);
    return [
      htmlTable(
        [variants.length === 1 ? '' : plain(name), ...CLASS_FIGURES.map(({ heading }) => heading.replace('\n', ' '))],
        classes.map((one) => ({ cells: [classNameText(one), ...CLASS_FIGURES.map((figure) => figure.textOf(one))] })),
      ),
      left === undefined ? undefined : html`<p class="note">${left}.</p>`,
    ];
  });
  return tables.length === 0 ? [] : [{ id: 'classes', title: 'Job classes', lead: `USD: ${SHARED}.`, body: tables }];
}
