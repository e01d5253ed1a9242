import { savingOf } from '../../sim/result/verdicts.ts';
import { comparisonRows } from '../comparisonRows.ts';
import { countText, hoursText, lengthText, percentText, usdText } from '../figures.ts';
import { type Result, variantsOf } from '../resultText.ts';
import { barsChart } from './barsChart.ts';
import { blocksChart } from './blocksChart.ts';
import { classSections } from './classes.ts';
import { comparisonTables, isHarmed } from './comparison.ts';
import { costChart } from './costChart.ts';
import { countsChart, jobCountsChart } from './countsChart.ts';
import { againSection, pageHead, tiles } from './head.ts';
import { costLines } from './lines.ts';
import { html, type Markup } from './markup.ts';
import { page } from './page.ts';
import { pricesCharts } from './pricesChart.ts';
import { endingsText, expectationsTable, ledgerTables } from './tables.ts';
import { verdictHtml } from './verdict.ts';
import { waitsChart } from './waitsChart.ts';

/**
 * A run as one self-contained HTML file, in light and dark: verdict, figures, rivals, blocks over time, money, prices,
 * waits, ledger, expectations, and the command (`again`) that repeats it. The same run gives the same bytes.
 */
export function reportHtml(report: Result & { readonly again: string }): string {
  const { outcome, rivals, verdicts, again } = report;
  const { jobs, timeline } = outcome;
  const comparison = { variants: variantsOf(report), rivals };
  const missed = verdicts.filter(({ holds }) => !holds).length;
  const head = html`${pageHead(outcome, verdictHtml(comparison), [
    ['policies', outcome.label],
    ['digest', outcome.digest.slice(0, 12)],
  ])}
${tilesOf(report)}`;
  return page(`${outcome.scenario}: ${outcome.label}`, head, [
    {
      id: 'rivals',
      title: 'Beside its rivals',
      lead: 'USD; ★ marks the least of money (total) and service together.',
      body: [
        barsChart(comparisonRows(comparison).map(({ name, isBest, outcome: { cost } }) => ({ name, isBest, cost }))),
        comparisonTables(comparison),
      ],
    },
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
      title: 'Money over time',
      lead: 'USD spent by each moment, without service, beside some of the rivals.',
      body: costChart({ from: outcome.from, until: outcome.until, wanted: timeline.wanted }, costLines(comparison)),
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
    ...classSections(comparison.variants),
    { id: 'ledger', title: 'Ledger', body: ledgerTables(outcome, rivals) },
    {
      id: 'expectations',
      title: 'Expectations',
      lead: verdicts.length === 0 ? undefined : missed === 0 ? 'All hold.' : `${missed} of ${verdicts.length} missed.`,
      body: expectationsTable(verdicts),
    },
    againSection(again),
  ]);
}

function tilesOf({ outcome, rivals }: Result): Markup {
  const { cost, jobs } = outcome;
  const { outcome: onDemandOnly } = rivals.onDemandOnly;
  const saving = savingOf(outcome, onDemandOnly);
  const share = (part: number): string => (jobs.total === 0 ? '–' : percentText(part / jobs.total));
  return tiles([
    { name: 'together, USD', value: usdText(cost.together), note: `service ${usdText(cost.service)}` },
    {
      name: 'money, USD',
      value: usdText(cost.total),
      note: `leases ${usdText(cost.leases)}, overflow ${usdText(cost.overflow)}`,
    },
    {
      name: saving < 0 ? 'extra money' : 'money saved',
      value: onDemandOnly.cost.total === 0 ? '–' : percentText(Math.abs(saving)),
      note: `on-demand only: ${usdText(onDemandOnly.cost.total)}`,
    },
    { name: 'jobs on blocks', value: share(jobs.onBlocks), note: `of ${countText(jobs.total)} jobs` },
    {
      name: 'jobs killed',
      value: countText(jobs.killed),
      note: `AWS ${countText(jobs.killedByAws)}, keeper ${countText(jobs.killedByKeeper)}, term ${countText(jobs.killedByTerm)}, never finished ${countText(jobs.neverFinished)}`,
      isBad: isHarmed(outcome),
    },
    {
      name: 'queued, p95',
      value: lengthText(jobs.queuedMs.p95),
      note: `mean ${lengthText(jobs.queuedMs.mean)}, p99 ${lengthText(jobs.queuedMs.p99)}`,
    },
  ]);
}
