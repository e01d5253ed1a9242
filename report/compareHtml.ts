import type { Comparison } from '../sim/outcome.ts';
import { compareCells, lowestTotal } from './compareText.ts';
import { plain } from './figures.ts';
import { barsChart } from './html/barsChart.ts';
import { type CostLine, costChart } from './html/costChart.ts';
import { againSection, pageHead } from './html/head.ts';
import { html } from './html/markup.ts';
import { htmlTable, page } from './html/page.ts';
import { BASELINES, savingText } from './saving.ts';
import { variantNames } from './variantNames.ts';

/** Colours of variants, in turn. */
const COLOURS = ['v0', 'v1', 'v2', 'v3', 'v4', 'v5', 'v6', 'v7'] as const;

/** More lines than this in one picture cannot be followed: the cheapest are drawn, the others are in bars and table. */
const MOST_LINES = 10;

/** Several runs of one week as one self-contained HTML file, in the manner of `reportHtml`. */
export function compareHtml(comparison: Comparison, again: string): string {
  const { outcomes, onDemandOnly, original } = comparison;
  const { common, names } = variantNames(outcomes.map(({ label }) => plain(label)));
  const variants = outcomes.map((outcome, index) => ({
    name: names[index] ?? '',
    outcome,
    colour: COLOURS[index % COLOURS.length] ?? 'v0',
  }));
  const runs = [
    ...variants,
    { name: BASELINES.onDemandOnly, outcome: onDemandOnly, colour: 'overflow' },
    { name: BASELINES.original, outcome: original, colour: 'original' },
  ];
  const cheapest = [...variants].sort((a, b) => a.outcome.cost.total - b.outcome.cost.total);
  const drawn = new Set([...cheapest.slice(0, MOST_LINES), ...runs.slice(variants.length)]);
  const [best] = cheapest;
  const lowest = lowestTotal(comparison);
  const left = runs.filter((run) => !drawn.has(run)).length;

  const headline =
    best === undefined
      ? 'No variant was run.'
      : `${best.name} ${savingText(best.outcome, onDemandOnly, BASELINES.onDemandOnly)} and ${savingText(best.outcome, original, `the ${BASELINES.original}`)}.`;
  return page(
    `${onDemandOnly.scenario}: ${outcomes.length} variants`,
    pageHead(onDemandOnly, headline, common.length === 0 ? [] : [['all with', common.join(', ')]]),
    [
      {
        id: 'cost',
        title: 'Cost over time',
        lead: `USD spent by each moment.${left === 0 ? '' : ` The ${MOST_LINES} cheapest variants and the baselines; ${left} more stand below.`}`,
        body: costChart(
          {
            from: onDemandOnly.from,
            until: onDemandOnly.until,
            wanted: (best?.outcome ?? onDemandOnly).timeline.wanted,
          },
          runs
            .filter((run) => drawn.has(run))
            .map(
              ({ name, outcome, colour }): CostLine => ({
                name,
                colour,
                total: outcome.cost.total,
                spent: outcome.timeline.spent,
                isStrong: outcome === best?.outcome,
              }),
            ),
        ),
      },
      {
        id: 'totals',
        title: 'Totals',
        lead: 'USD for the whole run, split into leases and on-demand overflow.',
        body: barsChart(runs.map(({ name, outcome }) => ({ name, cost: outcome.cost }))),
      },
      {
        id: 'comparison',
        title: 'Comparison',
        lead: 'The lowest total is marked. Uncovered: block-hours wanted and not served.',
        body: htmlTable(
          [
            '',
            'total USD',
            'saving',
            'leases',
            'overflow',
            'idle',
            'killed',
            'wait p95',
            'uncovered',
            'launched',
            'peak',
          ],
          runs.map(({ name, outcome }) => ({
            className: outcome.cost.total === lowest ? 'total' : '',
            cells: [outcome.cost.total === lowest ? html`★ ${name}` : name, ...compareCells(outcome, onDemandOnly)],
          })),
        ),
      },
      againSection(again),
    ],
  );
}
