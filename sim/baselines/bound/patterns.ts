import { holds, TINY } from './question.ts';

/** How many jobs of each class a machine holds together. */
export type FullLoad = readonly number[];

/** Answers which loads fill a machine of some capacity, if there are `counts` jobs of each class; undefined if too many. */
export type FullLoads = (capacity: readonly number[], counts: readonly number[]) => readonly FullLoad[] | undefined;

/**
 * Every way to fill one machine that cannot be added to; undefined where there are more than `most`, or too many to go through. Answers are remembered:
 * beyond what a machine holds of a class, more jobs of it make no difference.
 */
export function fullLoadsOf(requests: readonly (readonly number[])[], most: number): FullLoads {
  const known = new Map<string, readonly FullLoad[] | undefined>();
  return (capacity, counts) => {
    const useful = counts.map((count, row) => Math.min(count, holds(requests[row]!, capacity)));
    const key = `${capacity.join()} ${useful.join()}`;
    if (!known.has(key)) known.set(key, filled(capacity, requests, useful, most));
    return known.get(key);
  };
}

function filled(
  capacity: readonly number[],
  requests: readonly (readonly number[])[],
  counts: readonly number[],
  most: number,
): readonly FullLoad[] | undefined {
  const loads: FullLoad[] = [];
  const load = counts.map(() => 0);
  let tried = 0;
  const isComplete = fill(0, capacity);
  return isComplete ? loads : undefined;

  function fill(at: number, left: readonly number[]): boolean {
    if (at === counts.length) {
      const canTakeMore = requests.some((request, row) => load[row]! < counts[row]! && fitsIn(request, left));
      if (!canTakeMore && load.some((count) => count > 0)) loads.push([...load]);
      tried += 1;
      return loads.length <= most && tried <= TRIES_A_LOAD * most;
    }
    const request = requests[at]!;
    let rest = left;
    for (let count = 0; count <= counts[at]!; count += 1) {
      load[at] = count;
      if (!fill(at + 1, rest)) return false;
      if (!fitsIn(request, rest)) break;
      rest = rest.map((room, dimension) => room - (request[dimension] ?? 0));
    }
    load[at] = 0;
    return true;
  }
}

/** Most ways to begin are no full load; beyond so many for each the search is given up as well. */
const TRIES_A_LOAD = 8;

const fitsIn = (request: readonly number[], left: readonly number[]): boolean =>
  request.every((part, at) => part <= (left[at] ?? 0) + TINY);
