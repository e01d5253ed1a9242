import type { Chain } from './chains.ts';
import type { Guide } from './guide.ts';
import type { Deed } from './states.ts';

/**
 * The machines that some deeds, the last of them given, come to. Which of several free machines of a lot takes a job is
 * left open until here: the one that came free last, which costs the least.
 */
export function chainsOf({ plan, lots }: Guide, last: Deed | undefined): readonly Chain[] {
  const deeds: Deed[] = [];
  for (let deed = last; deed !== undefined; deed = deed.before) deeds.push(deed);
  const byLot = new Map<number, { readonly track: number; readonly jobs: number[] }[]>();
  for (const { job, lot, isNew } of deeds.sort((a, b) => a.job - b.job)) {
    const own = byLot.get(lot) ?? [];
    byLot.set(lot, own);
    if (isNew) own.push({ track: lots.trackOf(lot), jobs: [job] });
    else latestFree(own, job).jobs.push(job);
  }
  return [...byLot.values()].flat();

  function latestFree<Machine extends { readonly jobs: readonly number[] }>(
    machines: readonly Machine[],
    job: number,
  ): Machine {
    let [best, endedAt]: [Machine | undefined, number] = [undefined, -Infinity];
    for (const machine of machines) {
      const { endsAt } = plan.jobs[machine.jobs.at(-1)!]!;
      if (endsAt <= plan.jobs[job]!.startsAt && endsAt > endedAt) [best, endedAt] = [machine, endsAt];
    }
    if (best === undefined) throw new RangeError(`expected a free machine for ${plan.jobs[job]!.job.name}, found none`);
    return best;
  }
}
