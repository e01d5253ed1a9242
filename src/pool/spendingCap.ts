import type { BlockView } from '../block/block.ts';
import { leaseEnd } from '../domain/leaseEnd.ts';
import { after, earliest, hours, type Instant, isoOf, latest } from '../domain/time.ts';
import type { Offer } from '../domain/words.ts';
import type { SpendingLimits } from './pool.ts';
import { type Paid, spentAt } from './spending.ts';

/** Why nothing more is bought, and until when that holds at the latest. */
export interface Capped {
  readonly until: Instant;
  readonly note: string;
}

/** What a pool may still commit itself to. */
export interface Budget {
  /** Those whose leases fit in; the list itself where all do. */
  affordable(offers: readonly Offer[]): readonly Offer[];
  /** Binds what a block costs at the dearest of the offers that it may come to be. */
  take(offers: readonly Offer[]): void;
  /** Why no offer fits; undefined where one does. */
  whyNone(offers: readonly Offer[]): Capped | undefined;
}

/** A day or a month that is not over, and what of its money is bound: paid, or to be paid for what lives. */
interface Period {
  readonly name: 'day' | 'month';
  readonly from: Instant;
  readonly until: Instant;
  readonly capUsd: number;
  boundUsd: number;
}

/**
 * The hard cap below the policies: what a pool has paid in a UTC day or month, what the leases that live and the requests under way will
 * cost to their ends, and a new lease, together stay within the limits, in each day and month that the new lease touches. A job that
 * outlasts its lease is not foreseen: it is never ended for money, and its time counts once it is used.
 */
export function budgetOf(
  limits: SpendingLimits | undefined,
  paid: Paid,
  blocks: () => readonly BlockView[],
  now: Instant,
): Budget {
  if (limits === undefined) return UNLIMITED;
  const living = blocks();
  const leases = living.flatMap(({ lease }) => (lease === null ? [] : [lease]));
  const { todayUsd, monthUsd } = spentAt(paid, leases, now);
  const periods = periodsAt(limits, now).map((period): Period => {
    let boundUsd = period.from > now ? 0 : period.name === 'day' ? todayUsd : monthUsd;
    for (const { lease, offer, offersLeft, state } of living)
      if (lease !== null) boundUsd += costOf(offer, now, leaseEnd(lease), period);
      // A block that rests, or is done, asks for nothing.
      else if (state === 'requesting') boundUsd += mostFrom([offer, ...offersLeft], now, period);
    return { ...period, boundUsd };
  });
  const isFull = (period: Period, offer: Offer): boolean => {
    const costUsd = costFrom(offer, now, period);
    return costUsd > 0 && period.boundUsd + costUsd > period.capUsd;
  };
  const fits = (offer: Offer): boolean => !periods.some((period) => isFull(period, offer));
  return {
    affordable: (offers) => (offers.every(fits) ? offers : offers.filter(fits)),
    take(offers) {
      for (const period of periods) period.boundUsd += mostFrom(offers, now, period);
    },
    whyNone(offers) {
      if (offers.length === 0 || offers.some(fits)) return undefined;
      const full = periods.filter((period) => offers.some((offer) => isFull(period, offer)));
      // A day to come that is full says nothing of now but for leases that reach into it: then it is asked again as it begins.
      const until = Math.max(...full.map(({ from, until }) => (from > now ? from : until)));
      const caps = [...new Set(full.map(({ name, capUsd }) => `${capUsd} USD a ${name}`))].join(' and ');
      return { until, note: `nothing more is bought before ${isoOf(until)}: the pool may spend ${caps}` };
    },
  };
}

const UNLIMITED: Budget = { affordable: (offers) => offers, take: () => undefined, whyNone: () => undefined };

/** A lease lasts 30 days at most (`src/config/poolsSchema.ts`). */
const DAYS = 32;

function periodsAt({ usdPerDay, usdPerMonth }: SpendingLimits, now: Instant): readonly Omit<Period, 'boundUsd'>[] {
  const date = new Date(now);
  const [year, month, day] = [date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate()];
  const days = Array.from({ length: usdPerDay === undefined ? 0 : DAYS }, (_, n) => day + n);
  const months = Array.from({ length: usdPerMonth === undefined ? 0 : 3 }, (_, n) => month + n);
  return [
    ...days.map((one) => ({
      ...({ name: 'day', capUsd: usdPerDay ?? 0 } as const),
      ...{ from: Date.UTC(year, month, one), until: Date.UTC(year, month, one + 1) },
    })),
    ...months.map((one) => ({
      ...({ name: 'month', capUsd: usdPerMonth ?? 0 } as const),
      ...{ from: Date.UTC(year, one, 1), until: Date.UTC(year, one + 1, 1) },
    })),
  ];
}

/** What a lease that begins now costs in a period. */
const costFrom = (offer: Offer, now: Instant, period: Pick<Period, 'from' | 'until'>): number =>
  costOf(offer, now, after(now, offer.durationMs), period);

/** What a block may come to cost that asks for these: the first is refused, and the dearest granted. */
const mostFrom = (offers: readonly Offer[], now: Instant, period: Pick<Period, 'from' | 'until'>): number =>
  Math.max(0, ...offers.map((offer) => costFrom(offer, now, period)));

/** What an instance costs in a period from one instant to another. An unknown price is none: nothing is bought at it. */
function costOf({ usdPerHour }: Offer, from: Instant, until: Instant, period: Pick<Period, 'from' | 'until'>): number {
  const lengthMs = earliest(until, period.until) - latest(from, period.from);
  return Number.isNaN(usdPerHour) ? 0 : (usdPerHour * Math.max(0, lengthMs)) / hours(1);
}
