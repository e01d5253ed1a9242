import type { Nodes } from './nodes.ts';
import type { Prospect } from './plan.ts';

/**
 * Prices of a dual: `net[track][node]` is what a free machine of a kind is worth at a node, less what one held since the
 * beginning has paid by then, in USD. Such prices prove a floor if within the life of a machine they never rise, and a
 * machine is never worth less than nothing.
 */
export type NetWorth = readonly Float64Array[];

/** The proven floor: no set of machines that runs every job costs less than the sum of the jobs' least costs. */
export interface Floor {
  readonly usd: number;
  /** By job: its least cost at these prices. */
  readonly least: Float64Array;
}

export function floorOf(plan: Prospect, nodes: Nodes, net: NetWorth): Floor {
  const least = new Float64Array(plan.jobs.length);
  let usd = 0;
  for (let job = 0; job < least.length; job += 1) {
    let lowest = Infinity;
    for (let track = 0; track < net.length; track += 1) {
      const pair = job * net.length + track;
      const worthAfter = net[track]![nodes.endOf[job]!]!;
      if (plan.mayOpen[pair]) lowest = Math.min(lowest, -plan.paidAtBuy[pair]! - worthAfter);
      if (plan.mayFollow[pair]) lowest = Math.min(lowest, net[track]![nodes.startOf[job]!]! - worthAfter);
    }
    least[job] = lowest;
    usd += lowest;
  }
  return { usd, least };
}

/** The same worth of a free machine in every market, as prices. */
export const netOf = ({ tracks }: Prospect, nodes: Nodes, worth: Float64Array): NetWorth =>
  tracks.map((track) => worth.map((usd, node) => usd - track.paidBy(nodes.at[node]!)));
