import type { Comparison } from '../sim/outcome.ts';
import { servicePricesText } from './bill.ts';
import { classesText } from './classesText.ts';
import { MORE_FIGURES } from './comparisonTable.ts';
import { billingText, instantText, plain } from './figures.ts';
import { composedLines } from './resultText.ts';
import { rivalsText } from './rivalsText.ts';
import { verdict } from './verdict.ts';
import { verdictLines } from './verdictLines.ts';
import { WIDTH, wrapped } from './wrapped.ts';

/**
 * Several runs of one week: the verdict, then one table with a row for each, the rivals last, the best marked, and its notes.
 * No line is longer than the width, which is 100 characters if left out and 80 at the least.
 */
export function compareText(comparison: Comparison, width = WIDTH): string {
  const { common, rivals } = comparison;
  const { outcome: onDemandOnly } = rivals.onDemandOnly;
  const judgement = verdict(comparison);
  return [
    ...(judgement === undefined ? [] : [verdictLines(judgement, width)]),
    [
      ...wrapped(`${plain(onDemandOnly.scenario)}: ${plain(onDemandOnly.about)}`, '', '', width),
      `window    ${instantText(onDemandOnly.from)} to ${instantText(onDemandOnly.until)} UTC`,
      ...(common.length === 0 ? [] : wrapped(plain(common.join(', ')), 'all with  ', ' '.repeat(10), width)),
      `seed      ${onDemandOnly.seed}`,
      ...composedLines(onDemandOnly, width),
    ].join('\n'),
    rivalsText(comparison, width, MORE_FIGURES),
    ...classesText(comparison.variants, width),
    [
      ...wrapped(billingText(onDemandOnly.billing), 'billing: ', '  ', width),
      ...wrapped(servicePricesText(onDemandOnly.servicePrices), 'service: ', '  ', width),
    ].join('\n'),
  ].join('\n\n');
}
