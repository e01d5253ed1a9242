import type { Outcome, Verdict } from '../sim/outcome.ts';
import { savingOf } from '../sim/result/verdicts.ts';
import { ENDINGS } from '../src/domain/words.ts';
import { billingText, countText, hoursText, instantText, lengthText, percentText, plain, usdText } from './figures.ts';
import { BASELINES, savingText } from './saving.ts';
import { table } from './table.ts';
import { verdictCells } from './verdictText.ts';
import { WIDTH, wrapped } from './wrapped.ts';

/** A run with what it is held against: the baselines, and its scenario's expectations. */
export interface Result {
  readonly outcome: Outcome;
  readonly onDemandOnly: Outcome;
  readonly original: Outcome;
  readonly verdicts: readonly Verdict[];
}

/** What a run came to, as tables for people; no line is longer than 100 characters, however long the foreign names. */
export function resultText(result: Result, width = WIDTH): string {
  const { outcome, onDemandOnly, original } = result;
  return [
    headText(outcome, width),
    billText(result, width),
    [
      savingText(outcome, onDemandOnly, BASELINES.onDemandOnly),
      savingText(outcome, original, `the ${BASELINES.original}`),
    ].join('\n'),
    jobsText(outcome),
    blocksText(outcome),
    ...(result.verdicts.length === 0 ? [] : [expectationsText(result.verdicts)]),
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

function billText({ outcome, onDemandOnly, original }: Result, width: number): string {
  const { total, leases, overflow, idle } = outcome.cost;
  const rows = [
    ['leases', usdText(leases), ''],
    ['overflow', usdText(overflow), ''],
    ['total', usdText(total), ''],
    ['of which idle', usdText(idle), ''],
    [BASELINES.onDemandOnly, usdText(onDemandOnly.cost.total), percentText(savingOf(outcome, onDemandOnly))],
    [BASELINES.original, usdText(original.cost.total), percentText(savingOf(outcome, original))],
  ];
  return [
    table(
      [{ heading: 'bill' }, { heading: 'USD', align: 'right' }, { heading: 'this run saves', align: 'right' }],
      rows,
    ),
    ...wrapped(billingText(outcome.billing), 'billing: ', '  ', width),
  ].join('\n');
}

function jobsText({ jobs }: Outcome): string {
  const share = (count: number): string => (jobs.total === 0 ? '' : percentText(count / jobs.total));
  const rows = [
    ['on blocks', countText(jobs.onBlocks), share(jobs.onBlocks)],
    ['on overflow', countText(jobs.onOverflow), share(jobs.onOverflow)],
    ['never started', countText(jobs.waiting), share(jobs.waiting)],
    ['total', countText(jobs.total), ''],
    ['killed', countText(jobs.killed), ''],
    ['wait p50', lengthText(jobs.waitMs.p50), ''],
    ['wait p95', lengthText(jobs.waitMs.p95), ''],
    ['wait max', lengthText(jobs.waitMs.max), ''],
  ];
  return table([{ heading: 'jobs' }, { heading: ' ', align: 'right' }, { heading: ' ', align: 'right' }], rows);
}

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
