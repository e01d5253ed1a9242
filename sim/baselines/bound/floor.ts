import type { JobClass } from './classes.ts';
import { holds } from './question.ts';
import type { Offered } from './shelf.ts';

/** Parts that the largest machine is cut into when volumes are counted. */
const PARTS = 32;

/**
 * What the cheapest mix costs at least, where the mix itself is out of reach: the highest of several coverings, each of
 * which every packing must meet. One counts the jobs of at least some size, of which a machine holds only so many; another
 * counts volume, in parts of the largest machine, whose fractions count in the packing's
 * favour. Limits of room are left out.
 */
export function floorOf(
  offered: readonly Offered[],
  classes: readonly Pick<JobClass, 'requests' | 'runsOn'>[],
): (counts: readonly number[]) => number {
  const dimensions = Math.max(0, ...classes.map(({ requests }) => requests.length));
  const coverings: ((counts: readonly number[]) => number)[] = [];
  for (let dimension = 0; dimension < dimensions; dimension += 1) {
    const sizeOf = (row: number): number => classes[row]!.requests[dimension] ?? 0;
    for (const size of new Set(classes.map((_, row) => sizeOf(row))))
      if (size > 0) coverings.push(byCount(dimension, size, sizeOf));
    coverings.push(byVolume(dimension, sizeOf));
  }
  // Jobs that may run on few kinds only must be held by those.
  for (const [row, { requests, runsOn }] of classes.entries())
    coverings.push(
      covering(
        offered.map(({ at, capacity }) => (runsOn[at] ? holds(requests, capacity) : 0)),
        (counts) => counts[row]!,
      ),
    );
  return (counts) => coverings.reduce((most, covered) => Math.max(most, covered(counts)), 0);

  function byCount(dimension: number, size: number, sizeOf: (row: number) => number) {
    const rows = [...classes.keys()].filter((row) => sizeOf(row) >= size);
    const holding = offered.map(({ at, capacity }) =>
      rows.some((row) => classes[row]!.runsOn[at]) ? holds([size], [capacity[dimension] ?? 0]) : 0,
    );
    return covering(holding, (counts) => rows.reduce((sum, row) => sum + counts[row]!, 0));
  }

  function byVolume(dimension: number, sizeOf: (row: number) => number) {
    const part = Math.max(...offered.map(({ capacity }) => capacity[dimension] ?? 0)) / PARTS;
    const holding = offered.map(({ capacity }) => Math.ceil((capacity[dimension] ?? 0) / part - 1e-6));
    return covering(holding, (counts) =>
      Math.ceil(counts.reduce((sum, count, row) => sum + count * sizeOf(row), 0) / part - 1e-6),
    );
  }

  /** The cheapest machines that together hold what is needed, if a machine holds so much of it. */
  function covering(holding: readonly number[], neededOf: (counts: readonly number[]) => number) {
    const least = [0];
    return (counts: readonly number[]): number => {
      const needed = neededOf(counts);
      for (let amount = least.length; amount <= needed; amount += 1) {
        let cheapest = Infinity;
        for (let kind = 0; kind < offered.length; kind += 1)
          if (holding[kind]! > 0)
            cheapest = Math.min(cheapest, offered[kind]!.usdPerHour + least[Math.max(0, amount - holding[kind]!)]!);
        least.push(cheapest);
      }
      return needed > 0 ? least[needed]! : 0;
    };
  }
}
