import type { Outcome } from '../sim/outcome.ts';
import { savingOf } from '../sim/result/verdicts.ts';
import type { Row } from './comparisonRows.ts';
import { countText, hoursText, lengthText, percentText, usdText } from './figures.ts';
import { table } from './table.ts';

/** One figure of a run. */
export interface Figure {
  readonly heading: string;
  readonly textOf: (outcome: Outcome, onDemandOnly: Outcome) => string;
}

/** What every table of a comparison shows. */
export const FIGURES: readonly Figure[] = [
  { heading: 'total', textOf: ({ cost }) => usdText(cost.total) },
  { heading: 'service', textOf: ({ cost }) => usdText(cost.service) },
  { heading: 'together', textOf: ({ cost }) => usdText(cost.together) },
  { heading: 'killed', textOf: ({ jobs }) => countText(jobs.killed) },
  { heading: 'queued\np95', textOf: ({ jobs }) => lengthText(jobs.queuedMs.p95) },
];

/** What it shows besides, as far as there is room for it. */
export const MORE_FIGURES: readonly Figure[] = [
  { heading: 'leases', textOf: ({ cost }) => usdText(cost.leases) },
  { heading: 'over-\nflow', textOf: ({ cost }) => usdText(cost.overflow) },
  { heading: 'idle', textOf: ({ cost }) => usdText(cost.idle) },
  {
    heading: 'saving',
    textOf: (outcome, onDemandOnly) => (outcome === onDemandOnly ? '-' : percentText(savingOf(outcome, onDemandOnly))),
  },
  { heading: 'uncov.\nbh', textOf: ({ uncoveredBlockHours }) => hoursText(uncoveredBlockHours) },
  { heading: 'launched', textOf: ({ blocks }) => countText(blocks.launched) },
  { heading: 'peak', textOf: ({ blocks }) => countText(blocks.peak) },
];

/** Where nothing else fits, money has a table of its own. */
const MONEY = 3;

/** A table that fits, and whether the variants in it have numbers for names. */
export interface FittedTable {
  readonly text: string;
  readonly isNumbered: boolean;
  readonly shown: readonly Figure[];
}

/**
 * Rows as a table that is no wider than `width`, 80 at the least: with as many of `more` as there is room for; with fewer
 * blanks, with numbers for the names of variants, or in two parts, where it must be.
 */
export function comparisonTable(
  rows: readonly Row[],
  onDemandOnly: Outcome,
  width: number,
  more: readonly Figure[] = MORE_FIGURES,
): FittedTable {
  const textOf = (figures: readonly Figure[], isNumbered: boolean, gap: number): string =>
    table(
      [{ heading: '' }, ...figures.map(({ heading }) => ({ heading, align: 'right' as const }))],
      rows.map((row) => [
        `${row.isBest ? '*' : ' '} ${isNumbered ? row.number : row.name}`,
        ...figures.map((figure) => figure.textOf(row.outcome, onDemandOnly)),
      ]),
      gap,
    );
  const fits = (text: string): boolean => widthOf(text) <= width;
  for (const isNumbered of [false, true])
    for (const gap of [2, 1])
      if (fits(textOf(FIGURES, isNumbered, gap))) {
        let shown = FIGURES;
        // Only from left to right: a column that is missing in the middle would be looked for.
        for (const figure of more) {
          if (!fits(textOf([...shown, figure], isNumbered, gap))) break;
          shown = [...shown, figure];
        }
        return { text: textOf(shown, isNumbered, gap), isNumbered, shown };
      }
  const parts = (isNumbered: boolean): string =>
    [FIGURES.slice(0, MONEY), FIGURES.slice(MONEY)].map((figures) => textOf(figures, isNumbered, 2)).join('\n\n');
  const isNumbered = !fits(parts(false));
  return { text: parts(isNumbered), isNumbered, shown: FIGURES };
}

const widthOf = (text: string): number => Math.max(...text.split('\n').map((line) => Array.from(line).length));
