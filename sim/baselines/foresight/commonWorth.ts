import type { Nodes } from './nodes.ts';
import type { Prospect } from './plan.ts';
import { PrefixTree } from './prefixTree.ts';

/**
 * What a free machine is worth at each node, in USD, if free machines could change their market at no cost: the best prices of the
 * dual of that easier problem, which is exact where one market is the cheapest throughout.
 *
 * With one pool of free machines the dual falls apart by levels of money paid so far. At each level it asks up to which
 * node the pool is worth holding, which is where the jobs begun from here on, less those ended, are most. A tree answers
 * that as the level rises.
 */
export function commonWorth(plan: Prospect, nodes: Nodes): Float64Array {
  const { jobs, tracks } = plan;
  const paid = leastPaid(plan, nodes);
  // The level at which a machine for this job would be bought.
  const levels = jobs.map((_, job) => {
    let [open, follow] = [Infinity, Infinity];
    for (let track = 0; track < tracks.length; track += 1) {
      const pair = job * tracks.length + track;
      if (plan.mayOpen[pair]) open = Math.min(open, plan.paidAtEnd[pair]! - plan.paidAtBuy[pair]!);
      if (plan.mayFollow[pair]) follow = Math.min(follow, plan.paidAtEnd[pair]! - plan.paidAtStart[pair]!);
    }
    return paid[nodes.startOf[job]!]! - (open - follow);
  });
  const first = worthHeld(nodes, paid, levels, 'first');
  const last = worthHeld(nodes, paid, levels, 'last');
  // Between the two extremes, what is used in no best answer has a cost above zero.
  return paid.map((usd, node) => usd + (first[node]! + last[node]!) / 2);
}

/** For each node the negative of the level at which it comes to be held; the first or the last of equally good nodes. */
function worthHeld(nodes: Nodes, paid: Float64Array, levels: readonly number[], which: 'first' | 'last'): Float64Array {
  const tree = new PrefixTree(
    Array.from(nodes.isStart, (isStart) => (isStart ? 0 : -1)),
    which,
  );
  const byLevel = [...levels.keys()].sort((a, b) => levels[a]! - levels[b]!);
  const worth = new Float64Array(paid.length);
  let held = 0;
  let reached = 0;
  let opened = 0;
  while (held < paid.length) {
    const level = Math.min(paid[reached] ?? Infinity, levels[byLevel[opened] ?? -1] ?? Infinity);
    if (level === Infinity) break;
    while (reached < paid.length && paid[reached]! <= level) reached += 1;
    for (; opened < byLevel.length && levels[byLevel[opened]!]! <= level; opened += 1)
      tree.set(nodes.startOf[byLevel[opened]!]!, 1);
    const upTo = tree.bestFrom(reached);
    for (; held < upTo; held += 1) worth[held] = -level;
  }
  return worth;
}

/** What the cheapest price of each moment comes to by each node, in USD. */
function leastPaid({ from, tracks, until }: Prospect, nodes: Nodes): Float64Array {
  const instants = [...new Set([...tracks.flatMap((track) => track.instants), until])].sort((a, b) => a - b);
  const paid = new Float64Array(nodes.at.length);
  let [usd, since, step] = [0, from, 0];
  for (const [node, at] of nodes.at.entries()) {
    while (since < at) {
      while (instants[step]! <= since) step += 1;
      const to = Math.min(at, instants[step]!);
      usd += Math.min(...tracks.map((track) => track.paidBy(to) - track.paidBy(since)));
      since = to;
    }
    paid[node] = usd;
  }
  return paid;
}
