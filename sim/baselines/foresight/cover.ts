import { type Chain, usdOfChains } from './chains.ts';
import { guideOf } from './guide.ts';
import { stretchesOf } from './happenings.ts';
import { packed } from './packing.ts';
import type { Prospect } from './plan.ts';
import { type Found, search } from './search.ts';

/** What a search costs is the states it goes through: a first, narrow one everywhere, then wider ones where nothing is proven. */
const FIRST_WIDTH = 8;
const WIDER = [30_000, 60_000] as const;
const WIDEST = 20_000;
/** What the wider searches of all stretches may come to together. */
const STATES_MOST = 500_000;

/**
 * The cheapest machines with one job a node, and what any cost at least. Stretches of time that do not touch are searched one
 * by one, under the cost of a plan made by a heuristic.
 */
export function cheapestCover(plan: Prospect): {
  readonly chains: readonly Chain[] | undefined;
  readonly atLeastUsd: number;
} {
  const guide = guideOf(plan);
  const heuristic = packed(plan, 0.7);
  const usd = heuristic === undefined ? Infinity : usdOfChains(plan, heuristic);
  const budget = usd - guide.floor.usd + 1e-9 * Math.max(1, guide.floor.usd);
  let atLeastAbove = 0;
  const chains: Chain[] = [];
  let isComplete = true;
  let statesLeft = STATES_MOST;
  for (const stretch of stretchesOf(plan, guide.nodes)) {
    let found: Found = search(guide, stretch, { budget, width: FIRST_WIDTH });
    for (const states of WIDER) {
      if (found.above <= found.atLeastAbove && found.chains !== undefined) break;
      const width = Math.min(WIDEST, Math.floor(Math.min(states, statesLeft) / stretch.length));
      if (width <= FIRST_WIDTH) break;
      statesLeft -= width * stretch.length;
      const wider = search(guide, stretch, { budget: Math.min(budget, found.above), width });
      const best = wider.above <= found.above ? wider : found;
      found = { ...best, atLeastAbove: Math.min(best.above, Math.max(found.atLeastAbove, wider.atLeastAbove)) };
    }
    atLeastAbove += Math.min(budget, found.atLeastAbove);
    chains.push(...(found.chains ?? []));
    isComplete &&= found.chains !== undefined;
  }
  const atLeastUsd = Math.min(usd, guide.floor.usd + atLeastAbove);
  return { chains: isComplete && usdOfChains(plan, chains) <= usd ? chains : heuristic, atLeastUsd };
}
