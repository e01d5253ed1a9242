import type { Comparison } from '../../sim/outcome.ts';
import { comparisonRows, type Row } from '../comparisonRows.ts';
import { WITHOUT_KEEPER } from '../rivalNames.ts';
import type { CostLine } from './costChart.ts';

/** Colours of variants, in turn. */
const COLOURS = ['v0', 'v1', 'v2', 'v3', 'v4', 'v5', 'v6', 'v7'] as const;

/** More lines of variants than this in one picture cannot be followed: the best are drawn, the others are in bars and table. */
export const MOST_LINES = 10;

/**
 * The lines of a picture of money over time: the best variants, on-demand only, the original scripts, and the best of what
 * can be had without a keeper.
 */
export function costLines(comparison: Pick<Comparison, 'variants' | 'rivals'>): readonly CostLine[] {
  const rows = comparisonRows(comparison);
  const variants = rows.filter(({ rival }) => rival === undefined);
  const best = variants.toSorted(byTogether);
  const drawn = new Set(best.slice(0, MOST_LINES));
  const without = rows.filter(({ rival }) => WITHOUT_KEEPER.some((name) => name === rival?.name)).toSorted(byTogether);
  const lines = variants.flatMap((row, index) =>
    drawn.has(row) ? [lineOf(row, COLOURS[index % COLOURS.length] ?? 'v0', row === best[0])] : [],
  );
  const rivals = rows.flatMap((row) => {
    if (row.rival?.name === 'onDemandOnly') return [lineOf(row, 'overflow')];
    if (row.rival?.name === 'original') return [lineOf(row, 'original')];
    return row === without[0] ? [lineOf(row, 'rival')] : [];
  });
  return [...lines, ...rivals];
}

const byTogether = (a: Row, b: Row): number => a.outcome.cost.together - b.outcome.cost.together;

const lineOf = ({ name, outcome }: Row, colour: string, isStrong = false): CostLine => ({
  ...{ name, colour, isStrong },
  total: outcome.cost.total,
  spent: outcome.timeline.spent,
});
