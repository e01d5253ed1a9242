import { hours, type Instant, type Millis, seconds } from '../../src/domain/time.ts';
import type { Draws } from '../chance/draw.ts';
import {
  BATHTUB_STOP,
  type Bathtub,
  bathtubCdf,
  hazardOfMonthlyShare,
  type SurvivalModel,
} from '../chance/survival.ts';
import type { AvailabilityTrack } from './availability.ts';
import { resampledTrack } from './recordedRun.ts';

/** Which market's interruptions are asked for, and over what time. */
export interface MarketWindow {
  /** `m5.2xlarge/us-east-1a`. */
  readonly market: string;
  readonly from: Instant;
  readonly until: Instant;
  readonly draws: Draws;
  /** What was recorded of the market; only `recorded-run` needs it. */
  readonly availability?: AvailabilityTrack;
}

/**
 * The instants in [from, until), in order, at which a market takes back all of its plain spot instances.
 *
 * They are drawn for the market and never for an instance: nearly all instances of a (type, zone) that are interrupted are
 * interrupted together, within minutes. A lifetime distribution F of single instances becomes a market's by renewal: the
 * times from one reclaim to the next are drawn from F, so that an instance bought right after a reclaim, as a refilled pool
 * is, survives with 1 - F, and one bought later with what is left of it. A bathtub's forced stop at 24 h stops the market.
 * The renewals have always gone on when the window begins, so that its beginning is an instant like any other.
 *
 * @returns nothing for `recorded-run` without a record that holds a whole run of each kind
 */
export function interruptionsOf(model: SurvivalModel, window: MarketWindow): readonly Instant[] {
  const { from, until } = window;
  switch (model.model) {
    case 'none':
      return [];
    case 'bathtub':
      return ofBathtub(model, window);
    case 'exponential':
      return atHazard(hazardOfMonthlyShare(model.monthlyShare), window);
    case 'constant':
      return atHazard(model.hazardPerHour, window);
    case 'recorded-run':
      return (
        resampledTrack(window)
          ?.fallsIn(from, until)
          .filter(({ instances }) => instances === 0)
          .map(({ at }) => at) ?? []
      );
  }
}

/** The lifetime in hours that a share of a bathtub's lifetimes does not reach. */
export function bathtubLifetime(model: Bathtub, share: number): number {
  // F grows, so that halving finds the place; 50 halvings of a day are below a microsecond.
  let [low, high] = [0, BATHTUB_STOP];
  for (let halving = 0; halving < 50; halving += 1) {
    const middle = (low + high) / 2;
    if (bathtubCdf(model, middle) < share) low = middle;
    else high = middle;
  }
  return high;
}

/** No two reclaims of a market are closer than this. */
const LEAST_GAP_MS = seconds(1);

/** Beyond these, lifetimes are so short beside a day that it does not matter in which of them the window begins. */
const MOST_TRIES = 1_000;

function ofBathtub(model: Bathtub, window: MarketWindow): readonly Instant[] {
  const { draws, market } = window;
  const lifetime = (stream: string, count: number): number =>
    bathtubLifetime(model, draws.uniform(stream, market, count));
  // A window is the likelier to begin within a lifetime the longer that is, and anywhere within it.
  let count = 0;
  let around = lifetime('market.around', 0);
  while (count < MOST_TRIES && draws.uniform('market.aroundKept', market, count) * BATHTUB_STOP > around) {
    count += 1;
    around = lifetime('market.around', count);
  }
  const left = around * draws.uniform('market.left', market, 0);
  return renewals(window, hours(left), (nth) => hours(lifetime('market.reclaim', nth)));
}

function atHazard(perHour: number, window: MarketWindow): readonly Instant[] {
  if (perHour <= 0) return [];
  const { draws, market } = window;
  // A constant hazard has no memory: what is left at the beginning is distributed as the whole.
  const gapMs = (count: number): Millis => draws.exponential('market.reclaim', market, count, hours(1) / perHour);
  return renewals(window, gapMs(0), (nth) => gapMs(nth));
}

/** @param gapMs from the reclaim before the nth, counted from 0, to the nth; asked from 1 on */
function renewals({ from, until }: MarketWindow, firstMs: Millis, gapMs: (nth: number) => Millis): readonly Instant[] {
  const reclaims: Instant[] = [];
  for (
    let at = from + Math.round(firstMs);
    at < until;
    at += Math.max(LEAST_GAP_MS, Math.round(gapMs(reclaims.length)))
  )
    reclaims.push(at);
  return reclaims;
}
