import type { Instant, Millis } from '../domain/time.ts';
import { type Arrivals, arrivalsTogether, noArrivals, withArrivals } from './arrivals.ts';
import { type DemandSeen, demandTogether, noDemand } from './demandSeen.ts';
import { type Durations, durationsTogether, noDurations, withDuration } from './durations.ts';
import { type MarketsSeen, marketsTogether, noMarkets } from './markets.ts';
import { nothingPaid, type Paid, paidTogether } from './spending.ts';

/**
 * What a pool has seen over weeks, and what must outlive the keeper's process for that reason. Plain data of bounded size; what
 * is old counts less (`age.ts`). `keptObservations.ts` is the form in which it is written down.
 */
export interface Observations {
  /** How long jobs last. */
  readonly durations: Durations;
  /** From the grant to the ready node. */
  readonly boots: Durations;
  /** What the pool has met, by market. */
  readonly markets: MarketsSeen;
  /** When jobs come. */
  readonly arrivals: Arrivals;
  /** How many blocks jobs asked for, by hour of the week; of pools whose jobs are looked at. */
  readonly demand: DemandSeen;
  /** What blocks have cost that are over, or that an earlier life has counted. */
  readonly paid: Paid;
}

export const noObservations: Observations = {
  durations: noDurations,
  boots: noDurations,
  markets: noMarkets,
  arrivals: noArrivals,
  demand: noDemand,
  paid: nothingPaid,
};

// Jobs are most of what is heard: field by field takes a tenth of the time of a spread.

/** So many jobs began to run, and those that ended took so long. They are counted as arriving when they begin, on blocks only. */
export const withJobNews = (
  { durations, boots, markets, arrivals, demand, paid }: Observations,
  started: number,
  lengthsMs: readonly Millis[],
  at: Instant,
): Observations => ({
  durations: lengthsMs.reduce((seen, lengthMs) => withDuration(seen, lengthMs, at), durations),
  boots,
  markets,
  arrivals: started === 0 ? arrivals : withArrivals(arrivals, at, started),
  demand,
  paid,
});

/** A node has become ready, so long after its grant. */
export const withBoot = (
  { durations, boots, markets, arrivals, demand, paid }: Observations,
  bootMs: Millis,
  at: Instant,
): Observations => ({ durations, boots: withDuration(boots, bootMs, at), markets, arrivals, demand, paid });

/** What an earlier life of the keeper has seen, with what the present one has, as if one had seen both. */
export const observationsTogether = (earlier: Observations, present: Observations): Observations => ({
  durations: durationsTogether(earlier.durations, present.durations),
  boots: durationsTogether(earlier.boots, present.boots),
  markets: marketsTogether(earlier.markets, present.markets),
  arrivals: arrivalsTogether(earlier.arrivals, present.arrivals),
  demand: demandTogether(earlier.demand, present.demand),
  paid: paidTogether(earlier.paid, present.paid),
});
