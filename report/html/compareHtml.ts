import type { Comparison, Outcome } from '../../sim/outcome.ts';
import { comparisonRows } from '../comparisonRows.ts';
import { barsChart } from './barsChart.ts';
import { classSections } from './classes.ts';
import { comparisonTables } from './comparison.ts';
import { costChart } from './costChart.ts';
import { againSection, pageHead } from './head.ts';
import { costLines, MOST_LINES } from './lines.ts';
import { page } from './page.ts';
import { verdictHtml } from './verdict.ts';

/** Several runs of one week as one self-contained HTML file, in the manner of `reportHtml`. */
export function compareHtml(comparison: Comparison, again: string): string {
  const { variants, common, rivals } = comparison;
  const { outcome: onDemandOnly } = rivals.onDemandOnly;
  const { from, until } = onDemandOnly;
  const left = Math.max(0, variants.length - MOST_LINES);
  return page(
    `${onDemandOnly.scenario}: ${variants.length} ${variants.length === 1 ? 'variant' : 'variants'}`,
    pageHead(onDemandOnly, verdictHtml(comparison), common.length === 0 ? [] : [['all with', common.join(', ')]]),
    [
      {
        id: 'comparison',
        title: 'Comparison',
        lead: 'USD; ★ marks the least of money (total) and service together. Uncov. bh: block-hours wanted and not served.',
        body: comparisonTables(comparison),
      },
      ...classSections(variants),
      {
        id: 'totals',
        title: 'Money and service',
        lead: 'USD for the whole run: leases, on-demand overflow, and what kills and waiting cost people.',
        body: barsChart(
          comparisonRows(comparison).map(({ name, isBest, outcome: { cost } }) => ({ name, isBest, cost })),
        ),
      },
      {
        id: 'cost',
        title: 'Money over time',
        lead: `USD spent by each moment, without service.${left === 0 ? '' : ` The ${MOST_LINES} best variants and some rivals; ${left} more stand above.`}`,
        body: costChart({ from, until, wanted: wantedOf(comparison) }, costLines(comparison)),
      },
      againSection(again),
    ],
  );
}

/** What the best variant wanted. */
function wantedOf({ variants, rivals }: Comparison): Outcome['timeline']['wanted'] {
  const [best = rivals.onDemandOnly] = variants.toSorted((a, b) => a.outcome.cost.together - b.outcome.cost.together);
  return best.outcome.timeline.wanted;
}
