import type { JobClass } from './classes.ts';
import { floorOf } from './floor.ts';
import { type FullLoad, type FullLoads, fullLoadsOf } from './patterns.ts';
import type { Kind, Moment, Offered } from './shelf.ts';

/** What the cheapest mix of machines costs, or, where `exact` is false, what it costs at least. */
export interface Mix {
  readonly usdPerHour: number;
  readonly exact: boolean;
}

/**
 * The cheapest whole machines that hold the running jobs, for moments of the same shelf. Jobs that nothing on it may hold
 * cost nothing, so that the answer is never too high.
 *
 * One table answers for all moments together where it is small enough, else one for each moment, else a floor.
 */
export function cheapestMixes(
  kinds: readonly Kind[],
  classes: readonly Pick<JobClass, 'requests' | 'runsOn'>[],
  moments: readonly Moment[],
  loadsOf: FullLoads = fullLoadsOf(
    classes.map(({ requests }) => requests),
    LOADS_MOST,
  ),
): readonly Mix[] {
  const offered = offeredOf(kinds, classes);
  const heldAlone = classes.map(({ runsOn }) => offered.some(({ at }) => runsOn[at]));
  const most = classes.map((_, row) => Math.max(...moments.map(({ counts }) => counts[row]!)));
  const shared = tableOf(offered, classes, heldIn(most), loadsOf, TOGETHER_MOST);
  const floor = floorOf(offered, classes);
  return moments.map(({ counts }) => {
    const held = heldIn(counts);
    const leastOf = shared ?? tableOf(offered, classes, held, loadsOf, ALONE_MOST);
    const usdPerHour = leastOf?.(held) ?? Infinity;
    // Infinity: not even all of the limited room would do, and only the floor leaves limits out.
    if (usdPerHour === Infinity) return { usdPerHour: floor(held), exact: false };
    return { usdPerHour, exact: held.every((count, row) => count === counts[row]) };
  });

  function heldIn(counts: readonly number[]): readonly number[] {
    return counts.map((count, row) => (heldAlone[row] ? count : 0));
  }
}

/** Steps of work that a table may cost: one for all moments of a shelf, and one for a single moment. */
const TOGETHER_MOST = 30_000;
const ALONE_MOST = 2000;

/** Ways to fill one machine, beyond which there are too many for a table. */
export const LOADS_MOST = 64;

/** What is on the shelf, without the kinds that a cheaper one stands in for whatever is asked. */
function offeredOf(kinds: readonly Kind[], classes: readonly Pick<JobClass, 'runsOn'>[]): readonly Offered[] {
  const all = kinds
    .map((kind, at) => ({ ...kind, at }))
    .filter(({ usdPerHour, most }) => usdPerHour < Infinity && most > 0);
  return all.filter((kind) => !all.some((other) => standsInFor(other, kind)));

  function standsInFor(other: Offered, kind: Offered): boolean {
    if (other === kind || other.most < Infinity || other.usdPerHour > kind.usdPerHour) return false;
    const isAsLarge = kind.capacity.every((size, at) => (other.capacity[at] ?? 0) >= size);
    const takesTheSame = classes.every(({ runsOn }) => runsOn[other.at] || !runsOn[kind.at]);
    if (!isAsLarge || !takesTheSame) return false;
    const isEqual = other.usdPerHour === kind.usdPerHour && other.capacity.join() === kind.capacity.join();
    return (
      !isEqual ||
      other.at < kind.at ||
      kind.most < Infinity ||
      !classes.every(({ runsOn }) => runsOn[other.at] === runsOn[kind.at])
    );
  }
}

/**
 * The least cost by dynamic programming over how many jobs of each class are held, up to `counts`; undefined if that were
 * more than `work` steps. Exact: any packing is one full load a machine, or less.
 */
function tableOf(
  offered: readonly Offered[],
  classes: readonly Pick<JobClass, 'requests' | 'runsOn'>[],
  counts: readonly number[],
  loadsOf: FullLoads,
  work: number,
): ((counts: readonly number[]) => number) | undefined {
  // Before anything is counted: where even one load a kind would be too much work, none is looked for.
  if (counts.reduce((product, count) => product * (count + 1), counts.length * offered.length) > work) return undefined;
  const strides: number[] = [];
  let size = 1;
  for (const count of counts) {
    strides.push(size);
    size *= count + 1;
  }
  const total = counts.reduce((sum, count) => sum + count, 0);
  const unlimited: Load[] = [];
  const limited: { readonly loads: readonly Load[]; readonly most: number }[] = [];
  let steps = 0;
  for (const { at, capacity, usdPerHour, most } of offered) {
    const mine = counts.map((count, row) => (classes[row]!.runsOn[at] ? count : 0));
    const loads = loadsOf(capacity, mine)?.map((load) => ({ load, usdPerHour }));
    if (loads === undefined) return undefined;
    steps += size * loads.length * (most < total ? most : 1) * counts.length;
    if (most < total) limited.push({ loads, most });
    else unlimited.push(...loads);
  }
  if (steps > work) return undefined;
  // One table at a time is in use, so that they can share their memory.
  const least = table.fill(Infinity, 0, size);
  least[0] = 0;
  const digits = new Int32Array(counts.length);
  // As many as you like: a state may build on one that already has such a machine. Limited: one machine a pass.
  for (let state = 1; state < size; state += 1) lower(state, unlimited);
  for (const { loads, most } of limited)
    for (let copy = 0; copy < most; copy += 1) for (let state = size - 1; state > 0; state -= 1) lower(state, loads);
  return (asked) => least[asked.reduce((state, count, row) => state + count * strides[row]!, 0)]!;

  function lower(state: number, loads: readonly Load[]): void {
    let rest = state;
    for (let row = digits.length - 1; row >= 0; row -= 1) {
      digits[row] = Math.floor(rest / strides[row]!);
      rest -= digits[row]! * strides[row]!;
    }
    for (const { load, usdPerHour } of loads) {
      let before = state;
      for (let row = 0; row < digits.length; row += 1) before -= Math.min(digits[row]!, load[row]!) * strides[row]!;
      if (before < state) least[state] = Math.min(least[state]!, least[before]! + usdPerHour);
    }
  }
}

/** The memory of the table in use: no table has more places than steps. */
const table = new Float64Array(TOGETHER_MOST + 1);

/** What one machine holds of each class, and what it costs. */
interface Load {
  readonly load: FullLoad;
  readonly usdPerHour: number;
}
