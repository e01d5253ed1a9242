import type { Prospect } from './plan.ts';

/** One machine: its kind, and the jobs it runs, in order of their start. It is bought for the first and held to the last end. */
export interface Chain {
  /** Index in the plan's tracks. */
  readonly track: number;
  readonly jobs: readonly number[];
}

/** What the machines cost together, in USD. */
export const usdOfChains = (plan: Prospect, chains: readonly Chain[]): number =>
  chains.reduce((sum, chain) => sum + usdOfChain(plan, chain), 0);

function usdOfChain({ tracks, jobs, paidAtBuy }: Prospect, { track, jobs: own }: Chain): number {
  const lastEnd = Math.max(...own.map((job) => jobs[job]!.endsAt));
  return tracks[track]!.paidBy(lastEnd) - paidAtBuy[own[0]! * tracks.length + track]!;
}
