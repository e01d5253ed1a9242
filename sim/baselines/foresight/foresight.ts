import { boundOf } from '../bound/bound.ts';
import type { ReferenceQuestion } from '../bound/question.ts';
import { TINY } from '../bound/question.ts';
import { type Chain, usdOfChains } from './chains.ts';
import { cheapestCover } from './cover.ts';
import { packed } from './packing.ts';
import { type Prospect, planOf } from './plan.ts';

/** What a clairvoyant could really do: boots and idle time are paid, and no machine outlives a reclaim of its market. */
export interface Foresight {
  readonly usd: number;
  readonly machines: number;
  /** No choice of machines costs less than `usd`. */
  readonly exact: boolean;
  /** No choice of machines costs less than this; `usd` itself where that is exact. */
  readonly atLeastUsd: number;
}

/**
 * The cheapest machines that run every job when it is queued, each bought a boot before its first job and held to its last.
 * With one job a node a search that mostly proves what it finds; with several, a heuristic. See `docs/bound.md`.
 *
 * @throws RangeError for a job that no machine can be had for
 */
export function foresightOf(question: ReferenceQuestion): Foresight {
  const plan = planOf(question);
  const { chains, atLeastUsd } = isOneJobANode(plan) ? cheapestCover(plan) : cheapestPacking(question, plan);
  if (chains === undefined)
    throw new RangeError('expected a machine for every job, found a job for which none can be had');
  const usd = usdOfChains(plan, chains);
  const exact = usd - atLeastUsd <= ROUNDING * Math.max(1, usd);
  return { usd, machines: chains.length, exact, atLeastUsd: exact ? usd : atLeastUsd };
}

/** Differences below this share are sums that rounded differently. */
const ROUNDING = 1e-9;

/** How readily new machines are bought; which is best depends on the jobs, so each is tried. */
const KEENNESS = [0.4, 0.6, 1] as const;

function cheapestPacking(
  question: ReferenceQuestion,
  plan: Prospect,
): { chains: readonly Chain[] | undefined; atLeastUsd: number } {
  const found = KEENNESS.flatMap((keenness) => {
    const chains = packed(plan, keenness);
    return chains === undefined ? [] : [{ chains, usd: usdOfChains(plan, chains) }];
  });
  found.sort((a, b) => a.usd - b.usd);
  return { chains: found[0]?.chains, atLeastUsd: boundOf(question).usd };
}

/** Whether no machine holds two jobs at once. */
function isOneJobANode({ jobs, tracks }: Prospect): boolean {
  return tracks.every(({ machine }) =>
    machine.capacity.some((size, at) => {
      const smallest = jobs.reduce((least, { job }) => Math.min(least, job.requests[at] ?? 0), Infinity);
      return 2 * smallest > size + TINY;
    }),
  );
}
