import { BadInput } from '../../src/config/mistakes.ts';
import type { PriceHistory } from '../records/prices/history.ts';
import type { AvailabilityRow } from '../records/rows.ts';
import { regionOf } from '../records/zones.ts';
import { type OnDemandKnown, type OnDemandPrice, onDemandPriceOf, onDemandRemedy, placeOf } from './onDemand.ts';

/** What the pool of a composed scenario buys. */
export interface Bought {
  readonly instanceType: string;
  /** All in one region. */
  readonly zones: readonly string[];
  /** Type and zone: `m5.2xlarge/us-east-1a`. */
  readonly markets: readonly string[];
  readonly onDemand: OnDemandPrice;
}

export interface BoughtOptions {
  readonly instanceType: string | undefined;
  readonly onDemand: OnDemandKnown;
}

/** What `init` writes, where nothing says more. */
const USUAL = { instanceType: 'm5.2xlarge', zones: ['us-east-1a', 'us-east-1b'] };
const USUAL_PRODUCT = 'Linux/UNIX';

/**
 * The instance type that is named; else the one that prices were recorded of; of several the one of `init`, or that in the most
 * zones whose on-demand price is nearest to it. Of several regions, the one where it has the most zones.
 *
 * @throws BadInput where prices are of other types, the on-demand price is unknown, or availability is of other zones.
 */
export function boughtIn(
  prices: PriceHistory | undefined,
  availability: readonly AvailabilityRow[] | undefined,
  { instanceType: named, onDemand }: BoughtOptions,
): Bought {
  const place = placeOf(prices ?? { series: [] }, USUAL_PRODUCT);
  const known = (type: string, region = place.region): OnDemandPrice | undefined =>
    onDemandPriceOf(type, { ...place, region }, onDemand);
  const usdOf = (type: string): number | undefined => known(type)?.usdPerHour;
  const recorded = new Map<string, Set<string>>();
  for (const { instanceType, zone } of prices?.series ?? [])
    recorded.set(instanceType, (recorded.get(instanceType) ?? new Set()).add(zone));
  const types = [...recorded.keys()].toSorted();
  if (named !== undefined && types.length > 0 && !recorded.has(named))
    throw mistake('--instance-type', `expected a type that prices were recorded of (${listed(types)}), found ${named}`);

  const instanceType = named ?? likeliest(recorded, usdOf) ?? USUAL.instanceType;
  const available = new Set((availability ?? []).map(({ zone }) => zone).filter((zone) => zone !== '*'));
  const priced = inOneRegion([...(recorded.get(instanceType) ?? [])]);
  const zones = priced.length > 0 ? priced : available.size > 0 ? inOneRegion([...available]) : USUAL.zones;
  if (available.size > 0 && !zones.some((zone) => available.has(zone)))
    throw mistake(
      'the files',
      `expected availability in a zone that prices were recorded in (${listed(zones)}), found ${listed([...available])}: leave one of them out`,
    );
  const price = known(instanceType, regionOf(zones[0] ?? ''));
  if (price === undefined)
    throw mistake(
      '--on-demand',
      `expected the on-demand price of ${instanceType}, which is not known here: ${onDemandRemedy([instanceType], regionOf(zones[0] ?? ''))}`,
    );
  return {
    instanceType,
    zones,
    markets: zones.map((zone) => `${instanceType}/${zone}`),
    onDemand: price,
  };
}

/** Undefined where nothing was recorded. */
function likeliest(
  recorded: ReadonlyMap<string, ReadonlySet<string>>,
  usdOf: (type: string) => number | undefined,
): string | undefined {
  if (recorded.has(USUAL.instanceType)) return USUAL.instanceType;
  const own = usdOf(USUAL.instanceType) ?? 1;
  // By ratio: twice the price is as far away as half of it. What has no price comes last.
  const distance = (usd: number | undefined): number => (usd === undefined ? 1e9 : Math.max(own / usd, usd / own));
  return [...recorded]
    .map(([type, zones]) => ({ type, zones: zones.size, distance: distance(usdOf(type)) }))
    .toSorted(
      (a, b) =>
        Number(a.distance === 1e9) - Number(b.distance === 1e9) ||
        b.zones - a.zones ||
        a.distance - b.distance ||
        (a.type < b.type ? -1 : 1),
    )[0]?.type;
}

/** Those of the region that has the most of them, ascending. */
function inOneRegion(zones: readonly string[]): readonly string[] {
  const regions = new Map<string, string[]>();
  for (const zone of zones.toSorted()) {
    const region = regionOf(zone) ?? zone;
    regions.set(region, [...(regions.get(region) ?? []), zone]);
  }
  return [...regions.values()].reduce<readonly string[]>((most, one) => (one.length > most.length ? one : most), []);
}

const listed = (names: readonly string[]): string =>
  names.length > 8 ? `${names.slice(0, 8).join(', ')} and ${names.length - 8} more` : names.join(', ');

const mistake = (file: string, message: string): BadInput => new BadInput([{ file, message }]);
