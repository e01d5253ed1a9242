import type { Scenario } from '../sim/scenario/scenario.ts';
import type { Truth } from '../sim/world/simulatedWorld.ts';
import { after, type Instant, minutes } from '../src/domain/time.ts';
import { termsOf } from '../src/domain/words.ts';

/** A stretch of time. */
export interface Stretch {
  readonly from: Instant;
  readonly until: Instant;
}

/** How long a pool may take to be whole again once there is something to buy: its rest, its cooling, a boot. */
const RECOVERY_MS = minutes(15);

/**
 * When nothing could be bought in any zone of the first pool, and for a while after: what is missing then is no policy's
 * fault, and when a policy happened to ask was luck.
 */
export function dryStretches({ pools, market }: Scenario, truth: Truth): readonly Stretch[] {
  const [pool] = pools.pools;
  if (pool === undefined) return [];
  const edges = [
    ...market.droughts.flatMap(({ from, until }) => [from, until]),
    ...market.availability.map(({ at }) => at),
  ];
  const dry: { from: Instant; until: Instant }[] = [];
  for (const at of [...new Set(edges)].sort((a, b) => a - b)) {
    const isDry = pool.instanceTypes.every((instanceType) =>
      pool.zones.every((zone) =>
        termsOf(pool.lease.term).every((term) => truth.market.room(instanceType, zone, at, term) === 0),
      ),
    );
    const open = dry.at(-1);
    if (isDry && (open === undefined || open.until < Number.POSITIVE_INFINITY))
      dry.push({ from: at, until: Number.POSITIVE_INFINITY });
    else if (!isDry && open?.until === Number.POSITIVE_INFINITY) open.until = after(at, RECOVERY_MS);
  }
  return dry;
}

/** What is left of a stretch without others. */
export function without(stretch: Stretch, others: readonly Stretch[]): readonly Stretch[] {
  let left: readonly Stretch[] = [stretch];
  for (const { from, until } of others)
    left = left.flatMap((part) => [
      ...(part.from < Math.min(part.until, from) ? [{ from: part.from, until: Math.min(part.until, from) }] : []),
      ...(Math.max(part.from, until) < part.until ? [{ from: Math.max(part.from, until), until: part.until }] : []),
    ]);
  return left;
}
