import type { Amounts } from './amounts.ts';
import type { PoolShape } from './fits.ts';

/**
 * How many jobs one block has room for, at least one: the median request of each resource against what the median node
 * has for jobs. Undefined without jobs or nodes to go by.
 */
export function jobsPerBlock(requests: readonly Amounts[], shapes: readonly PoolShape[]): number | undefined {
  if (requests.length === 0 || shapes.length === 0) return undefined;
  const typical = Object.fromEntries(
    [...new Set(requests.flatMap((one) => Object.keys(one)))].map((resource) => [
      resource,
      median(requests.map((one) => one[resource] ?? 0)),
    ]),
  );
  return Math.max(1, median(shapes.flatMap(({ room, nodes }) => Array<number>(nodes).fill(roomFor(typical, room)))));
}

/** How many pods of these requests go into that room. */
function roomFor(requests: Amounts, room: Amounts): number {
  const asked = Object.entries(requests).filter(([, amount]) => amount > 0);
  return Math.min(...asked.map(([resource, amount]) => Math.floor((room[resource] ?? 0) / amount)));
}

/** Of an even number the lower of the two in the middle: 0 for none. */
function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((one, other) => one - other);
  return sorted[Math.ceil(sorted.length / 2) - 1] ?? 0;
}
