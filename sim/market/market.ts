import { earliest, type Instant, latest, type Millis } from '../../src/domain/time.ts';
import { type Lease, marketOf, type Term } from '../../src/domain/words.ts';
import type { Timeline } from '../outcome.ts';
import type { BillingRule, MarketSettings } from '../scenario/scenario.ts';
import { billed, type EndedBy } from './billing.ts';
import { extraUsd } from './extras.ts';
import { type MicroUsd, microUsd } from './money.ts';
import { marketsOfScenario, type OneMarket } from './oneMarket.ts';
import { constantPrice } from './prices.ts';
import { spotBlockPrice, weekendEdges } from './spotBlock.ts';

/** Prices, room and reclaims of every (type, zone): what the simulated EC2 asks. Everything is looked up, nothing is scheduled. */
export interface Market {
  /** USD per hour for an instance bought at an instant; undefined where no price is known, or the term or duration is not sold. */
  quote(instanceType: string, zone: string, term: Term, durationMs: Millis, at: Instant): number | undefined;
  /**
   * Instances of spare capacity that can run at once: 0 in a drought, Infinity where nothing limits them. Plain spot also
   * has no room while its price is above `interruptAbove`, since nothing would be fulfilled at that bid.
   *
   * @param term `spot` if left out; on-demand instances are no spare capacity, and only a drought keeps them out
   */
  room(instanceType: string, zone: string, at: Instant, term?: Term): number;
  /** The instants in [from, until) at which plain spot instances are taken back, in order, each once. */
  reclaims(instanceType: string, zone: string): readonly Instant[];
  /**
   * What a lease cost until it ended, or has cost by `until` while it runs (`endedBy` undefined).
   *
   * Plain spot pays the market's price as it moves. A spot block pays the price of its purchase, and nothing if AWS ends it
   * before its time. On-demand pays the price of its purchase. Disk and address are paid beside it.
   */
  leaseUsd(lease: Pick<Lease, 'offer' | 'startsAt' | 'expiresAt'>, until: Instant, endedBy: EndedBy): MicroUsd;
  /** Which share of what a lease costs from its start to `until` falls into some stretches of it, 0 to 1, as its price moves. */
  shareIn(lease: Pick<Lease, 'offer' | 'startsAt'>, until: Instant, stretches: readonly Stretch[]): number;
  /** What an on-demand instance costs over a stretch of time, its disk and address too. @throws BadInput for a type without an on-demand price */
  onDemandUsd(instanceType: string, from: Instant, until: Instant): MicroUsd;
  /** Plain spot prices: what holds at `from`, then every change before `until`, in order of time. */
  changes(from: Instant, until: Instant): readonly { at: Instant; market: string; usdPerHour: number }[];
  /** Spare capacity, droughts included: what holds at `from`, then every change before `until`, in order of time. */
  roomChanges(from: Instant, until: Instant): readonly { at: Instant; market: string; instances: number }[];
  /** The prices of some kinds of lease over the run, for pictures. Markets without a known price are left out. */
  priceSteps(leases: readonly { readonly term: Term; readonly durationMs: Millis }[]): Timeline['prices'];
}

/** From an instant up to another. */
export type Stretch = readonly [from: Instant, until: Instant];

/** What the markets of a scenario are drawn for. */
export interface MarketQuestion {
  readonly seed: number;
  readonly from: Instant;
  readonly until: Instant;
  readonly instanceTypes: readonly string[];
  readonly zones: readonly string[];
  readonly billing: BillingRule;
  /** What every instance costs in USD per hour beside its own price; 0 if left out. */
  readonly extraUsdPerHour?: number;
}

/**
 * The markets of a scenario.
 *
 * @throws BadInput with every market whose records cannot be used as the settings ask
 */
export function marketOfScenario(settings: MarketSettings, question: MarketQuestion): Market {
  const { from, until, billing, extraUsdPerHour = 0 } = question;
  const markets = marketsOfScenario(settings, question);
  const { all } = markets;

  const quote: Market['quote'] = (instanceType, zone, term, durationMs, at) => {
    if (term === 'spot') return markets.at(instanceType, zone).spot?.at(at);
    const onDemand = settings.onDemand[instanceType];
    if (term === 'on-demand' || onDemand === undefined) return onDemand;
    return spotBlockPrice(onDemand, durationMs, at, settings.spotBlock);
  };

  const pointsOf = (market: OneMarket, { term, durationMs }: { term: Term; durationMs: Millis }) => {
    const { instanceType, zone } = market;
    const instants = {
      spot: () => (market.spot?.changesIn(from + 1, until) ?? []).map(({ at }) => at),
      'spot-block': () => weekendEdges(from, until),
      'on-demand': () => [],
    };
    return changesAmong([from, ...instants[term]()], (at) => quote(instanceType, zone, term, durationMs, at));
  };

  return {
    quote,
    room: (instanceType, zone, at, term = 'spot') => markets.at(instanceType, zone).room(at, term),
    reclaims: (instanceType, zone) => markets.at(instanceType, zone).reclaims,
    leaseUsd: ({ offer, startsAt, expiresAt }, until, endedBy) => {
      if (until <= startsAt) return 0;
      const extra = extraUsd(extraUsdPerHour, until - startsAt);
      if (offer.term !== 'spot') {
        const freed = offer.term === 'spot-block' && endedBy === 'aws' && until < expiresAt;
        const usd = freed ? 0 : billed(constantPrice(offer.usdPerHour), startsAt, until, billing, 'us');
        return microUsd((usd ?? Number.NaN) + extra);
      }
      const { spot } = markets.at(offer.instanceType, offer.zone);
      const usd = spot === undefined ? undefined : billed(spot, startsAt, until, billing, endedBy);
      // An offer is only made at a known price, so this lease was not bought here.
      if (usd === undefined) throw new RangeError(`expected a price of ${marketOf(offer)} at ${startsAt}, found none`);
      return microUsd(usd + extra);
    },
    shareIn: ({ offer, startsAt }, until, stretches) => {
      const spot = offer.term === 'spot' ? markets.at(offer.instanceType, offer.zone).spot : undefined;
      const track = spot ?? constantPrice(offer.usdPerHour);
      const usdIn = (from: Instant, to: Instant): number =>
        to <= from ? 0 : (track.integralUsd(from, to) ?? 0) + extraUsd(extraUsdPerHour, to - from);
      const all = usdIn(startsAt, until);
      const part = stretches.reduce((usd, [from, to]) => usd + usdIn(latest(from, startsAt), earliest(to, until)), 0);
      return all <= 0 ? 0 : Math.min(1, part / all);
    },
    onDemandUsd: (instanceType, from, until) => {
      const usd = billed(constantPrice(markets.onDemandOf(instanceType)), from, until, billing, 'us') ?? Number.NaN;
      return microUsd(usd + extraUsd(extraUsdPerHour, until - from));
    },
    changes: (from, until) =>
      inOrder(
        all.flatMap((market) =>
          changesAmong([from, ...(market.spot?.changesIn(from + 1, until) ?? []).map(({ at }) => at)], (at) =>
            market.spot?.at(at),
          ).map(({ at, value }) => ({ at, market: marketOf(market), usdPerHour: value })),
        ),
      ),
    roomChanges: (from, until) =>
      inOrder(
        all.flatMap((market) =>
          changesAmong([from, ...market.capacityEdges.filter((at) => at > from && at < until)], market.capacity).map(
            ({ at, value }) => ({ at, market: marketOf(market), instances: value }),
          ),
        ),
      ),
    priceSteps: (leases) =>
      distinctLeases(leases).flatMap((lease) =>
        all.flatMap((market) => {
          const points = pointsOf(market, lease);
          return points.length === 0 ? [] : [{ market: marketOf(market), term: lease.term, points }];
        }),
      ),
  };
}

/** The known values at some instants, in order; equal neighbours are one. */
function changesAmong(
  instants: readonly Instant[],
  valueAt: (at: Instant) => number | undefined,
): { at: Instant; value: number }[] {
  const changes: { at: Instant; value: number }[] = [];
  for (const at of instants) {
    const value = valueAt(at);
    if (value !== undefined && value !== changes.at(-1)?.value) changes.push({ at, value });
  }
  return changes;
}

/** Sorted by time; entries of one instant stay in the order of the markets. */
const inOrder = <Entry extends { readonly at: Instant }>(entries: readonly Entry[]): readonly Entry[] =>
  [...entries].sort((a, b) => a.at - b.at);

/** Each kind of price once: only a block's depends on how long it lasts. */
function distinctLeases<Kind extends { readonly term: Term; readonly durationMs: Millis }>(
  leases: readonly Kind[],
): readonly Kind[] {
  const kindOf = ({ term, durationMs }: Kind): string => (term === 'spot-block' ? `${term} ${durationMs}` : term);
  return [...new Map(leases.map((lease) => [kindOf(lease), lease])).values()];
}
