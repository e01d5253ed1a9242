import type { Outcome, SomeRivals, Verdict } from '../sim/outcome.ts';
import { ENDINGS } from '../src/domain/words.ts';
import { billRows, servicePricesText } from './bill.ts';
import { classesText } from './classesText.ts';
import { billingText, countText, hoursText, instantText, lengthText, percentText, plain } from './figures.ts';
import { rivalsText } from './rivalsText.ts';
import { table } from './table.ts';
import { verdict } from './verdict.ts';
import { verdictLines } from './verdictLines.ts';
import { verdictCells } from './verdictText.ts';
import { WIDTH, wrapped } from './wrapped.ts';

/** A run with what it is held against: the rivals that were computed, and its scenario's expectations. */
export interface Result {
  readonly outcome: Outcome;
  readonly rivals: SomeRivals;
  readonly verdicts: readonly Verdict[];
}

/** The run as the only variant of a comparison. */
export const THIS_RUN = 'this run';
export const variantsOf = ({ outcome }: Result) => [{ name: THIS_RUN, chosenBy: '', outcome }];

/** What a run came to, for people, the verdict first; no line is longer than 100 characters, however long the foreign names. */
export function resultText(result: Result, width = WIDTH): string {
  const { outcome, rivals, verdicts } = result;
  const variants = variantsOf(result);
  const judgement = verdict({ variants, rivals });
  return [
    ...(judgement === undefined ? [] : [verdictLines(judgement, width)]),
    headText(outcome, width),
    billText(result, width),
    rivalsText({ variants, rivals, common: [] }, width),
    jobsText(outcome),
    ...classesText(variants, width),
    blocksText(outcome),
    ...(verdicts.length === 0 ? [] : [expectationsText(verdicts)]),
  ].join('\n\n');
}

/** What was asked: scenario, window, policies, seed; what of its world was put together rather than recorded. */
function headText(outcome: Outcome, width: number): string {
  const terms = [...new Set(outcome.timeline.blocks.flatMap(({ term }) => (term === undefined ? [] : [term])))];
  const fields: readonly (readonly [string, string])[] = [
    ['window', `${instantText(outcome.from)} to ${instantText(outcome.until)} UTC`],
    ['policies', outcome.label],
    ['term', terms.length === 0 ? 'nothing was bought' : terms.join(', ')],
    ['seed', String(outcome.seed)],
    ['digest', `${outcome.digest.slice(0, 12)} (${countText(outcome.turns)} turns)`],
  ];
  return [
    ...wrapped(`${plain(outcome.scenario)}: ${plain(outcome.about)}`, '', '', width),
    ...fields.flatMap(([name, text]) => wrapped(plain(text), name.padEnd(10), ' '.repeat(10), width)),
    ...composedLines(outcome, width),
  ].join('\n');
}

/** The sentences on what was put together; each begins on a line of its own. */
export const composedLines = ({ composed }: Outcome, width = WIDTH): readonly string[] =>
  composed.flatMap((note) => wrapped(plain(note), 'composed: ', '  ', width));

const billText = ({ outcome, rivals }: Result, width: number): string =>
  [
    table([{ heading: 'bill' }, { heading: 'USD', align: 'right' }, { heading: '' }], billRows(outcome, rivals)),
    ...wrapped(billingText(outcome.billing), 'billing: ', '  ', width),
    ...wrapped(servicePricesText(outcome.servicePrices), 'service: ', '  ', width),
  ].join('\n');

function jobsText({ jobs }: Outcome): string {
  const share = (count: number): string => (jobs.total === 0 ? '' : percentText(count / jobs.total));
  const { queuedMs, waitMs } = jobs;
  const rows = [
    ['on blocks', countText(jobs.onBlocks), share(jobs.onBlocks)],
    ['on overflow', countText(jobs.onOverflow), share(jobs.onOverflow)],
    ['never started', countText(jobs.waiting), share(jobs.waiting)],
    ['total', countText(jobs.total), ''],
    ['killed', countText(jobs.killed), ''],
    [KILLS.byAws, countText(jobs.killedByAws), ''],
    [KILLS.byKeeper, countText(jobs.killedByKeeper), ''],
    [KILLS.byTerm, countText(jobs.killedByTerm), ''],
    [KILLS.neverFinished, countText(jobs.neverFinished), ''],
  ];
  const lengths = [
    ['queued', ...[queuedMs.mean, queuedMs.p50, queuedMs.p95, queuedMs.p99, queuedMs.max].map(lengthText)],
    ['first wait', '', lengthText(waitMs.p50), lengthText(waitMs.p95), '', lengthText(waitMs.max)],
  ];
  const right = (heading: string) => ({ heading, align: 'right' as const });
  return [
    table([{ heading: 'jobs' }, right(' '), right(' ')], rows),
    table([{ heading: '' }, ...['mean', 'p50', 'p95', 'p99', 'max'].map(right)], lengths),
  ].join('\n\n');
}

/** Who ended running jobs; all but the first are harm that a keeper must not do. */
export const KILLS = {
  byAws: '  by AWS',
  byKeeper: '  by the keeper',
  byTerm: "  by a block's own term",
  neverFinished: '  never finished',
} as const;

function blocksText({ blocks, uncoveredBlockHours }: Outcome): string {
  const rows = [
    ['launched', countText(blocks.launched)],
    ['peak', countText(blocks.peak)],
    ['block-hours paid', hoursText(blocks.hours)],
    ['block-hours uncovered', hoursText(uncoveredBlockHours)],
    ...ENDINGS.filter((ending) => blocks.ended[ending] > 0).map((ending) => [
      `ended ${ending}`,
      countText(blocks.ended[ending]),
    ]),
  ];
  return table([{ heading: 'blocks' }, { heading: ' ', align: 'right' }], rows);
}

const expectationsText = (verdicts: readonly Verdict[]): string =>
  table(
    [
      { heading: 'expectation' },
      { heading: 'limit', align: 'right' },
      { heading: 'found', align: 'right' },
      { heading: '' },
    ],
    verdicts.map(verdictCells),
  );
