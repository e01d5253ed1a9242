import { savingOf } from '../sim/result/verdicts.ts';
import { countText, hoursText, lengthText, percentText, usdText } from './figures.ts';
import { blocksChart } from './html/blocksChart.ts';
import { costChart } from './html/costChart.ts';
import { countsChart, jobCountsChart } from './html/countsChart.ts';
import { againSection, pageHead, tiles } from './html/head.ts';
import { html, type Markup } from './html/markup.ts';
import { page } from './html/page.ts';
import { pricesCharts } from './html/pricesChart.ts';
import { endingsText, expectationsTable, ledgerTables } from './html/tables.ts';
import { waitsChart } from './html/waitsChart.ts';
import type { Result } from './resultText.ts';
import { BASELINES, savingText } from './saving.ts';

/**
 * A run as one self-contained HTML file, in light and dark: figures, blocks over time, cost against the baselines, prices,
 * waits, ledger, expectations, and the command (`again`) that repeats it. The same run gives the same bytes.
 */
export function reportHtml(report: Result & { readonly again: string }): string {
  const { outcome, onDemandOnly, original, verdicts, again } = report;
  const { jobs, timeline } = outcome;
  const missed = verdicts.filter(({ holds }) => !holds).length;
  const head = html`${pageHead(
    outcome,
    `${upper(savingText(outcome, onDemandOnly, BASELINES.onDemandOnly))}; ${savingText(outcome, original, `the ${BASELINES.original}`)}.`,
    [
      ['policies', outcome.label],
      ['digest', outcome.digest.slice(0, 12)],
    ],
  )}
${tilesOf(report)}`;
  return page(`${outcome.scenario}: ${outcome.label}`, head, [
    {
      id: 'blocks',
      title: 'Blocks',
      lead: `${countText(outcome.blocks.launched)} launched, ${countText(outcome.blocks.peak)} at once at most; ${endingsText(outcome)}. Shaded: blocks were wanted.`,
      body: blocksChart(outcome),
    },
    {
      id: 'counts',
      title: 'Wanted, serving, overflow',
      lead: `${hoursText(outcome.uncoveredBlockHours)} block-hours were wanted and not served.`,
      body: countsChart(outcome),
    },
    {
      id: 'cost',
      title: 'Cost over time',
      lead: `USD spent by each moment, beside on-demand only and the original scripts.`,
      body: costChart({ from: outcome.from, until: outcome.until, wanted: timeline.wanted }, [
        { name: 'this run', colour: 'run', total: outcome.cost.total, spent: timeline.spent, isStrong: true },
        {
          name: BASELINES.onDemandOnly,
          colour: 'overflow',
          total: onDemandOnly.cost.total,
          spent: onDemandOnly.timeline.spent,
        },
        { name: BASELINES.original, colour: 'original', total: original.cost.total, spent: original.timeline.spent },
      ]),
    },
    {
      id: 'prices',
      title: 'Prices and purchases',
      lead: 'Lines are prices, dots are purchases; each picture has its own scale.',
      body: pricesCharts(outcome),
    },
    {
      id: 'jobs',
      title: 'Jobs and their waits',
      lead: `Each dot is a job at the time it was queued: ${jobs.waitMs.p50 === 0 ? 'half did not wait' : `half waited ${lengthText(jobs.waitMs.p50)} or less`}, one in twenty ${lengthText(jobs.waitMs.p95)} or more; the scale bends above a minute.`,
      body: [waitsChart(outcome), jobCountsChart(outcome)],
    },
    { id: 'ledger', title: 'Ledger', body: ledgerTables(outcome, onDemandOnly, original) },
    {
      id: 'expectations',
      title: 'Expectations',
      lead: verdicts.length === 0 ? undefined : missed === 0 ? 'All hold.' : `${missed} of ${verdicts.length} missed.`,
      body: expectationsTable(verdicts),
    },
    againSection(again),
  ]);
}

function tilesOf({ outcome, onDemandOnly, original }: Result): Markup {
  const { cost, jobs } = outcome;
  const saving = savingOf(outcome, onDemandOnly);
  const share = (part: number): string => (jobs.total === 0 ? '–' : percentText(part / jobs.total));
  return tiles([
    {
      name: 'total cost, USD',
      value: usdText(cost.total),
      note: `leases ${usdText(cost.leases)}, overflow ${usdText(cost.overflow)}`,
    },
    {
      name: saving < 0 ? 'extra cost' : 'saving',
      value: onDemandOnly.cost.total === 0 ? '–' : percentText(Math.abs(saving)),
      note: `on-demand only: ${usdText(onDemandOnly.cost.total)}`,
    },
    { name: 'idle, USD', value: usdText(cost.idle), note: 'paid while no job ran' },
    { name: 'jobs on blocks', value: share(jobs.onBlocks), note: `of ${countText(jobs.total)} jobs` },
    {
      name: 'jobs killed',
      value: countText(jobs.killed),
      note: `original scripts: ${countText(original.jobs.killed)}`,
    },
    { name: 'wait, p95', value: lengthText(jobs.waitMs.p95), note: `longest: ${lengthText(jobs.waitMs.max)}` },
  ]);
}

const upper = (sentence: string): string => sentence.charAt(0).toUpperCase() + sentence.slice(1);
