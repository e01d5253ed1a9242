import type { Outcome } from '../../sim/outcome.ts';
import type { Settled } from './setting.ts';

/** How far the results of a hand-written week may be from the product's. */
const WITHIN = 0.01;

/**
 * Where a hand-written week did not come to what the product came to, in launches, kills and cost; empty where it did. Only a loop
 * that does the same work is a floor.
 */
export function unmatched(
  hand: Pick<Settled, 'launched' | 'killed' | 'total'>,
  product: Pick<Outcome, 'blocks' | 'jobs' | 'cost'>,
): readonly string[] {
  const pairs = [
    ['launches', hand.launched, product.blocks.launched],
    ['kills', hand.killed, product.jobs.killed],
    ['cost in USD', hand.total, product.cost.total],
  ] as const;
  return pairs
    .filter(([, found, expected]) => Math.abs(found - expected) > WITHIN * Math.abs(expected))
    .map(([what, found, expected]) => `${what}: expected ${expected} within 1 %, found ${found}`);
}
