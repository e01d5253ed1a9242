import type { Comparison, Outcome } from '../sim/outcome.ts';
import { savingOf } from '../sim/result/verdicts.ts';
import { billingText, countText, hoursText, instantText, lengthText, percentText, plain, usdText } from './figures.ts';
import { composedLines } from './resultText.ts';
import { BASELINES, savingText } from './saving.ts';
import { type Column, table } from './table.ts';
import { variantNames } from './variantNames.ts';
import { WIDTH, wrapped } from './wrapped.ts';

const COLUMNS: readonly Column[] = [
  { heading: '' },
  { heading: 'total\nUSD', align: 'right' },
  { heading: 'saving', align: 'right' },
  { heading: 'leases', align: 'right' },
  { heading: 'over-\nflow', align: 'right' },
  { heading: 'idle', align: 'right' },
  { heading: 'killed', align: 'right' },
  { heading: 'wait\np95', align: 'right' },
  { heading: 'uncov.\nbh', align: 'right' },
  { heading: 'launched', align: 'right' },
  { heading: 'peak', align: 'right' },
];

const MONEY = [0, 1, 2, 3, 4, 5];
const OTHERS = [0, 6, 7, 8, 9, 10];

/**
 * Several runs of one week as one table, a row each, the two baselines last, the lowest total marked; no line is longer
 * than the width, which is 100 characters if left out and 80 at the least. Names that leave no room for the figures are numbered, and listed below the table.
 */
export function compareText(comparison: Comparison, width = WIDTH): string {
  const { outcomes, onDemandOnly, original } = comparison;
  const { common, names } = variantNames(outcomes.map(({ label }) => plain(label)));
  const numbers = names.map((_, index) => `#${index + 1}`);
  const full = rowsOf(comparison, names, width);
  const numbered = rowsOf(comparison, numbers, width);
  // A table in two parts with names is better than one with numbers, if that would be in two parts as well.
  const fits = widthOf(full) <= width && (!full.includes('\n\n') || numbered.includes('\n\n'));
  const best = outcomes.reduce<Outcome | undefined>(
    (low, one) => (low === undefined || one.cost.total < low.cost.total ? one : low),
    undefined,
  );
  return [
    [
      ...wrapped(`${plain(onDemandOnly.scenario)}: ${plain(onDemandOnly.about)}`, '', '', width),
      `window    ${instantText(onDemandOnly.from)} to ${instantText(onDemandOnly.until)} UTC`,
      ...(common.length === 0 ? [] : wrapped(common.join(', '), 'all with  ', ' '.repeat(10), width)),
      `seed      ${onDemandOnly.seed}`,
      ...composedLines(onDemandOnly, width),
    ].join('\n'),
    fits ? full : numbered,
    [
      ...(fits ? [] : names.flatMap((name, index) => wrapped(name, `#${index + 1} `, '   ', width))),
      ...wrapped(
        'lowest total; uncov. bh: blocks wanted but not serving, in block-hours; idle is part of the total',
        '* ',
        '  ',
        width,
      ),
      ...wrapped(billingText(onDemandOnly.billing), 'billing: ', '  ', width),
    ].join('\n'),
    ...(best === undefined
      ? []
      : [
          wrapped(
            [
              `${nameIn(outcomes, names, best)} ${savingText(best, onDemandOnly, BASELINES.onDemandOnly)}`,
              `and ${savingText(best, original, `the ${BASELINES.original}`)}.`,
            ].join(' '),
            '',
            '',
            width,
          ).join('\n'),
        ]),
  ].join('\n\n');
}

/** The figures of a run in the order of the columns, the first of which is the name. */
export const compareCells = (outcome: Outcome, onDemandOnly: Outcome): readonly string[] => [
  usdText(outcome.cost.total),
  outcome === onDemandOnly ? '-' : percentText(savingOf(outcome, onDemandOnly)),
  usdText(outcome.cost.leases),
  usdText(outcome.cost.overflow),
  usdText(outcome.cost.idle),
  countText(outcome.jobs.killed),
  lengthText(outcome.jobs.waitMs.p95),
  hoursText(outcome.uncoveredBlockHours),
  countText(outcome.blocks.launched),
  countText(outcome.blocks.peak),
];

/** The lowest total of all, baselines included: if on-demand only is cheapest, that is the answer. */
export const lowestTotal = ({ outcomes, onDemandOnly, original }: Comparison): number =>
  Math.min(...[...outcomes, onDemandOnly, original].map(({ cost }) => cost.total));

function rowsOf(comparison: Comparison, names: readonly string[], width: number): string {
  const { outcomes, onDemandOnly, original } = comparison;
  const lowest = lowestTotal(comparison);
  const rows = [
    ...outcomes.map((outcome, index) => ({ name: names[index] ?? '', outcome })),
    { name: BASELINES.onDemandOnly, outcome: onDemandOnly },
    { name: BASELINES.original, outcome: original },
  ].map(({ name, outcome }) => [
    `${outcome.cost.total === lowest ? '*' : ' '} ${name}`,
    ...compareCells(outcome, onDemandOnly),
  ]);
  // Large sums need the blanks more than the eye does; still larger ones need a table of their own.
  const whole = [table(COLUMNS, rows), table(COLUMNS, rows, 1)].find((text) => widthOf(text) <= width);
  return (
    whole ??
    [MONEY, OTHERS]
      .map((places) =>
        table(
          at(places, COLUMNS),
          rows.map((row) => at(places, row)),
        ),
      )
      .join('\n\n')
  );
}

const at = <Cell>(places: readonly number[], cells: readonly Cell[]): readonly Cell[] =>
  places.flatMap((place) => cells.slice(place, place + 1));

const widthOf = (text: string): number => Math.max(...text.split('\n').map((line) => Array.from(line).length));

const nameIn = (outcomes: readonly Outcome[], names: readonly string[], outcome: Outcome): string =>
  names[outcomes.indexOf(outcome)] ?? '';
