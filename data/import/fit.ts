import type { PoolConfig } from '../../src/config/pools.ts';
import { marketOf } from '../../src/domain/words.ts';
import type { PriceHistory } from '../records/prices/history.ts';

/** What a pool buys, for one whose own types and zones were never recorded. */
export interface Fit {
  readonly instanceType: string;
  readonly zones: readonly string[];
}

/** Whether prices were recorded for any market of the pool. */
export const isPriced = ({ instanceTypes, zones }: PoolConfig, recorded: ReadonlySet<string>): boolean =>
  zones.some((zone) => instanceTypes.some((instanceType) => recorded.has(marketOf({ instanceType, zone }))));

/** The markets in which prices were recorded. */
export const marketsIn = ({ series }: PriceHistory): ReadonlySet<string> => new Set(series.map(marketOf));

/**
 * The type to give to a pool whose own were not recorded, with the zones it was recorded in: of the types with a known
 * on-demand price those in the most zones, and of these the one whose on-demand price is nearest to the pool's own, so
 * that a node stays about as large as it was. Undefined if no recorded type has a price.
 */
export function fitFor(
  pool: PoolConfig,
  { series }: PriceHistory,
  usdPerHourOf: (instanceType: string) => number | undefined,
): Fit | undefined {
  const zones = new Map<string, Set<string>>();
  for (const { instanceType, zone } of series)
    zones.set(instanceType, (zones.get(instanceType) ?? new Set()).add(zone));
  const [own] = pool.instanceTypes.flatMap((type) => usdPerHourOf(type) ?? []);
  // By ratio: twice the price is as far away as half of it.
  const distance = (usdPerHour: number): number =>
    own === undefined ? 0 : Math.max(own / usdPerHour, usdPerHour / own);

  const candidates = [...zones].flatMap(([instanceType, inZones]) => {
    const usdPerHour = usdPerHourOf(instanceType);
    return usdPerHour === undefined
      ? []
      : [{ instanceType, zones: [...inZones].toSorted(), distance: distance(usdPerHour) }];
  });
  const [best] = candidates.toSorted(
    (a, b) => b.zones.length - a.zones.length || a.distance - b.distance || (a.instanceType < b.instanceType ? -1 : 1),
  );
  return best === undefined ? undefined : { instanceType: best.instanceType, zones: best.zones };
}
