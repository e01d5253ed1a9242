import { Bins, lastOf, usdOf } from './bins.ts';
import type { Chain } from './chains.ts';
import type { Prospect } from './plan.ts';

/** Rounds of improvement, at most. */
const ROUNDS = 12;

/** Below this many USD a change is no improvement but rounding. */
const TINY_USD = 1e-9;

/**
 * Machines that foresight may buy and hold, by a heuristic. Jobs are placed longest first, each where it costs the least: on
 * a machine that there is, or on a new one of its own, whose cost counts `keenness` times: below 1 favours new machines.
 * Then jobs are moved as long as that helps. Undefined if a job finds no machine.
 */
export function packed(plan: Prospect, keenness: number): readonly Chain[] | undefined {
  const { jobs } = plan;
  const lengthOf = (job: number): number => jobs[job]!.endsAt - jobs[job]!.startsAt;
  const bins = new Bins(plan);
  for (const job of [...jobs.keys()].sort((a, b) => lengthOf(b) - lengthOf(a) || a - b)) {
    const own = bins.cheapestNew(job);
    const shared = bins.cheapestFor(job, own === undefined ? Infinity : usdOf(own) * keenness);
    if (shared !== undefined) bins.put(shared.bin, job);
    else if (own !== undefined) bins.add(own);
    else return undefined;
  }
  improve(plan, bins);
  return bins.all.filter((bin) => bin.jobs.length > 0);
}

/** What a machine starts with or ends with is moved to another, if that costs less there than it saves here. */
function improve(plan: Prospect, bins: Bins): void {
  let isBetter = true;
  for (let round = 0; round < ROUNDS && isBetter; round += 1) {
    isBetter = false;
    for (let place = 0; place < bins.all.length; place += 1)
      while (moves(place, 'last') || moves(place, 'first')) isBetter = true;
  }

  function moves(place: number, which: 'first' | 'last'): boolean {
    const { jobs } = bins.all[place]!;
    if (jobs.length === 0) return false;
    const job = which === 'first' ? jobs[0]! : lastOf(plan, jobs);
    const without = bins.without(place, job);
    if (without === undefined) return false;
    const saved = usdOf(bins.all[place]!) - usdOf(without);
    const better = bins.cheapestFor(job, saved - TINY_USD, place);
    if (better === undefined) return false;
    bins.set(place, without);
    bins.put(better.bin, job);
    return true;
  }
}
