import { historyOf, type PriceSeries, type Prices } from '../../data/records/prices/history.ts';
import { BadInput, type Mistake } from '../../src/config/mistakes.ts';
import type { Instant } from '../../src/domain/time.ts';
import { marketOf, type Term } from '../../src/domain/words.ts';
import { type Draws, draws as drawsOf } from '../chance/draw.ts';
import type { MarketSettings } from '../scenario/scenario.ts';
import { type AvailabilityTrack, availabilityTrack, rowsOfMarket } from './availability.ts';
import { interruptionsOf } from './interruptions.ts';
import { microUsd, usdOf } from './money.ts';
import { constantPrice, type PriceTrack, recordedTrack } from './prices.ts';
import { resampledTrack } from './recordedRun.ts';

/** One (type, zone): its price, its room and when it takes its instances back. */
export interface OneMarket {
  readonly instanceType: string;
  readonly zone: string;
  /** Undefined: no spot price is known, neither recorded nor as a share of on-demand. */
  readonly spot: PriceTrack | undefined;
  readonly reclaims: readonly Instant[];
  /** Instances of spare capacity, whatever the price. */
  readonly capacity: (at: Instant) => number;
  /** Where `capacity` may change, ascending. */
  readonly capacityEdges: readonly Instant[];
  readonly room: (at: Instant, term: Term) => number;
}

export interface EveryMarket {
  /** Every type in every zone, in the order given. */
  readonly all: readonly OneMarket[];
  at(instanceType: string, zone: string): OneMarket;
  /** USD per hour. @throws BadInput for a type without an on-demand price */
  onDemandOf(instanceType: string): number;
}

/** Builds the markets of a scenario. @throws BadInput with every market whose records cannot be used as the settings ask */
export function marketsOfScenario(
  settings: MarketSettings,
  question: {
    readonly seed: number;
    readonly from: Instant;
    readonly until: Instant;
    readonly instanceTypes: readonly string[];
    readonly zones: readonly string[];
  },
): EveryMarket {
  const { from, until, instanceTypes, zones } = question;
  const draws = drawsOf(question.seed);
  const pricesOf = byMarket(settings.prices);
  const markets = new Map<string, Map<string, OneMarket>>();
  const mistakes: Mistake[] = [];
  const at: EveryMarket['at'] = (instanceType, zone) => {
    const ofType = markets.get(instanceType) ?? new Map<string, OneMarket>();
    markets.set(instanceType, ofType);
    const known = ofType.get(zone);
    if (known !== undefined) return known;
    const recorded = pricesOf.get(marketOf({ instanceType, zone })) ?? [];
    const made = oneMarket(settings, recorded, { instanceType, zone, from, until, draws, mistakes });
    ofType.set(zone, made);
    return made;
  };
  const all = instanceTypes.flatMap((instanceType) => zones.map((zone) => at(instanceType, zone)));
  if (mistakes.length > 0) throw new BadInput(mistakes);
  return {
    all,
    at,
    onDemandOf: (instanceType) => {
      const price = settings.onDemand[instanceType];
      if (price !== undefined) return price;
      throw new BadInput([
        mistake(
          'market.onDemand',
          `expected the on-demand price of ${instanceType}, found none: add ${instanceType}: USD-PER-HOUR`,
        ),
      ]);
    },
  };
}

function byMarket(prices: Prices): ReadonlyMap<string, readonly PriceSeries[]> {
  const found = new Map<string, PriceSeries[]>();
  for (const one of historyOf(prices).series) found.set(marketOf(one), [...(found.get(marketOf(one)) ?? []), one]);
  return found;
}

interface Place {
  readonly instanceType: string;
  readonly zone: string;
  readonly from: Instant;
  readonly until: Instant;
  readonly draws: Draws;
  readonly mistakes: Mistake[];
}

function oneMarket(settings: MarketSettings, prices: readonly PriceSeries[], place: Place): OneMarket {
  const { instanceType, zone, from, until, draws, mistakes } = place;
  const { interruptions, interruptAbove, spotShare } = settings;
  const market = marketOf(place);
  const onDemand = settings.onDemand[instanceType];

  const products = new Set(prices.map(({ product }) => product));
  if (products.size > 1)
    mistakes.push(
      mistake(
        'market.prices',
        `expected prices of one product for ${market}, found ${[...products].join(', ')}: keep one`,
      ),
    );
  const assumed = onDemand === undefined ? undefined : constantPrice(usdOf(microUsd(onDemand * spotShare)));
  const [recordedPrices] = prices;
  const spot = recordedPrices === undefined ? assumed : recordedTrack(recordedPrices);

  const recorded = availabilityTrack(rowsOfMarket(settings.availability, instanceType, zone));
  const window = { market, from, until, draws, availability: recorded };
  const resampled = interruptions.model === 'recorded-run' ? resampledTrack(window) : undefined;
  if (interruptions.model === 'recorded-run' && resampled === undefined)
    mistakes.push(
      mistake(
        'market.interruptions',
        `expected, for recorded-run, a recorded availability of ${market} that holds at least one up run and one down run ` +
          'from beginning to end, found none: add one to market.availability, or choose another model',
      ),
    );
  // What is drawn anew stands in place of the record; both together would interrupt twice as often.
  const availability = resampled ?? recorded;

  const droughts = settings.droughts.filter(
    (drought) => (drought.zone ?? zone) === zone && (drought.instanceType ?? instanceType) === instanceType,
  );
  const dry = (at: Instant): boolean => droughts.some((drought) => drought.from <= at && at < drought.until);
  const capacity = (at: Instant): number => (dry(at) ? 0 : availability.instancesAt(at));
  const bid = interruptAbove === undefined || onDemand === undefined ? Infinity : interruptAbove * onDemand;

  return {
    instanceType,
    zone,
    spot,
    reclaims: ascending([
      ...(resampled === undefined ? interruptionsOf(interruptions, window) : []),
      ...fallsToNothing(availability, from, until),
      ...(spot === undefined ? [] : risesAbove(bid, spot, from, until)),
    ]),
    capacity,
    capacityEdges: ascending(
      [...availability.steps, ...droughts.flatMap((one) => [{ at: one.from }, { at: one.until }])].map(({ at }) => at),
    ),
    room: (at, term) => {
      if (term === 'on-demand') return dry(at) ? 0 : Infinity;
      return term === 'spot' && (spot?.at(at) ?? 0) > bid ? 0 : capacity(at);
    },
  };
}

const fallsToNothing = (availability: AvailabilityTrack, from: Instant, until: Instant): readonly Instant[] =>
  availability
    .fallsIn(from, until)
    .filter(({ instances }) => instances === 0)
    .map(({ at }) => at);

/** When a price crosses a bid upwards; that it begins above it is no crossing. */
function risesAbove(bid: number, spot: PriceTrack, from: Instant, until: Instant): readonly Instant[] {
  if (bid === Infinity) return [];
  return spot
    .changesIn(from, until)
    .filter(({ at, usdPerHour }) => usdPerHour > bid && (spot.at(at - 1) ?? Infinity) <= bid)
    .map(({ at }) => at);
}

const ascending = (instants: readonly Instant[]): readonly Instant[] => [...new Set(instants)].sort((a, b) => a - b);

const mistake = (path: string, message: string): Mistake => ({ file: 'scenario.yaml', path, message });
