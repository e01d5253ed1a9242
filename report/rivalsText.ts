import type { Comparison, Outcome, Reference, SomeRivals } from '../sim/outcome.ts';
import { comparisonRows, type Row } from './comparisonRows.ts';
import { comparisonTable, type Figure } from './comparisonTable.ts';
import { countText, plain, usdText } from './figures.ts';
import { WIDTH, wrapped } from './wrapped.ts';

/** Variants and rivals as one table with its notes: what the star marks, who ended jobs, which settings were found. */
export function rivalsText(comparison: Comparison, width = WIDTH, more: readonly Figure[] = []): string {
  const { rivals } = comparison;
  const rows = comparisonRows(comparison);
  const { text, isNumbered, shown } = comparisonTable(rows, rivals.onDemandOnly.outcome, width, more);
  const nameOf = (row: Row): string => (isNumbered ? row.number : row.name);
  const notes = [
    ...(isNumbered ? rows.filter(({ rival }) => rival === undefined) : []).flatMap(({ number, name }) =>
      wrapped(name, `${number} `, '   ', width),
    ),
    ...wrapped(legendOf(shown), '* ', '  ', width),
    ...referenceTexts(rivals).flatMap((one) => wrapped(one, '', '  ', width)),
    ...harmTexts(rows, nameOf).flatMap((one) => wrapped(one, '', '  ', width)),
    ...rows.flatMap(({ name, rival }) =>
      rival === undefined || rival.about === '' ? [] : wrapped(`${name}: ${plain(rival.about)}`, '', '  ', width),
    ),
  ];
  return `${text}\n\n${notes.join('\n')}`;
}

function legendOf(shown: readonly Figure[]): string {
  const has = (heading: string): boolean => shown.some((figure) => figure.heading.startsWith(heading));
  return [
    'the least of money and service together, in USD: total is the money',
    ...(has('idle') ? ['idle a part of it'] : []),
    ...(has('saving') ? ["saving the share of on-demand only's that is saved"] : []),
    ...(has('uncov') ? ['uncov. bh: blocks wanted but not serving, in block-hours'] : []),
  ].join(', ');
}

/** What no run can be expected to reach, as money. */
export function referenceTexts({ bound, foresight }: SomeRivals): readonly string[] {
  const about = ({ exact }: Reference): string => (exact ? '' : 'about ');
  return [
    ...(foresight === undefined
      ? []
      : [
          `reference: a clairvoyant would pay ${about(foresight)}${usdText(foresight.total)}, every job known beforehand`,
        ]),
    ...(bound === undefined
      ? []
      : [
          `reference: the bound is ${about(bound)}${usdText(bound.total)}: no run without waiting costs less, but for free hours`,
        ]),
  ];
}

/** What a keeper must not do, and who did it: `killed by the keeper: drainFirst (3)`. */
export const harmTexts = (rows: readonly Row[], nameOf: (row: Row) => string): readonly string[] =>
  Object.entries(HARM).flatMap(([words, countOf]) => {
    const guilty = rows.filter(({ outcome }) => countOf(outcome) > 0);
    const list = guilty.map((row) => `${nameOf(row)} (${countText(countOf(row.outcome))})`).join(', ');
    return guilty.length === 0 ? [] : [`${words}: ${list}`];
  });

/** What is never good, in the words in which it is told. */
export const HARM: Readonly<Record<string, (outcome: Outcome) => number>> = {
  'killed by the keeper': ({ jobs }) => jobs.killedByKeeper,
  "killed by a block's own term": ({ jobs }) => jobs.killedByTerm,
  'killed and never finished': ({ jobs }) => jobs.neverFinished,
};
