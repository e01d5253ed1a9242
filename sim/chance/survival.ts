import { exp, ln } from './maths.ts';

/** A named model of how long a market leaves its instances alone, with its parameters (hours unless said). */
export type SurvivalModel =
  /** Nothing is interrupted. */
  | { readonly model: 'none' }
  | Bathtub
  /** A constant hazard, from the share reclaimed in a month (0 to 1). */
  | { readonly model: 'exponential'; readonly monthlyShare: number }
  /** A constant hazard, given outright. */
  | { readonly model: 'constant'; readonly hazardPerHour: number }
  /** Up and down runs of the recorded availability, drawn anew. */
  | { readonly model: 'recorded-run' };

/** F(t) = A (1 - e^(-t/tau1) + e^((t-b)/tau2)), with a forced stop at 24 h. */
export interface Bathtub {
  readonly model: 'bathtub';
  readonly name: string;
  readonly a: number;
  readonly b: number;
  readonly tau1: number;
  readonly tau2: number;
}

/** When a bathtub's instances are stopped in any case, in hours. */
export const BATHTUB_STOP = 24;

/** EC2's month where it gives a share for one, in hours. */
const HOURS_PER_MONTH = 730;

const bathtub = (name: string, a: number, b: number, tau1: number, tau2: number): Bathtub => ({
  model: 'bathtub',
  name,
  a,
  b,
  tau1,
  tau2,
});

/**
 * Published models by name.
 *
 * - The bathtubs are fits to lifetimes of preemptible machines (HPDC'20, arXiv 1911.05160, and its data by machine type);
 *   `highcpu-64` is rough and meant for sensitivity tests.
 * - The `monthly-…` ones are the Spot Advisor's buckets, each at its upper end, so that none is milder than what is
 *   published; the last bucket has no upper end, and 25 % is assumed. Recorded weeks of large, scarce types are far worse.
 * - `defined-duration` is the rare early reclaim of a block that has a certain end.
 */
export const SURVIVAL_MODELS: Readonly<Record<string, SurvivalModel>> = Object.fromEntries<SurvivalModel>([
  ['none', { model: 'none' }],
  ...[
    bathtub('hpdc20-n1-highcpu-16', 0.4137, 24, 0.9, 0.76),
    bathtub('n1-highcpu-2', 0.28398964, 24.14369262, 1.75494545, 0.72885896),
    bathtub('n1-highcpu-4', 0.29651898, 24.10718549, 0.58548963, 0.6672975),
    bathtub('n1-highcpu-16', 0.41884574, 24.44580603, 0.98162548, 0.78469816),
    bathtub('all-types', 0.40012111, 24.43263072, 0.85633935, 0.74419522),
    bathtub('highcpu-64', 0.646, 28, 0.433, 5),
  ].map((model): [string, SurvivalModel] => [model.name, model]),
  ['monthly-under-5', { model: 'exponential', monthlyShare: 0.05 }],
  ['monthly-5-to-10', { model: 'exponential', monthlyShare: 0.1 }],
  ['monthly-10-to-15', { model: 'exponential', monthlyShare: 0.15 }],
  ['monthly-15-to-20', { model: 'exponential', monthlyShare: 0.2 }],
  ['monthly-over-20', { model: 'exponential', monthlyShare: 0.25 }],
  ['defined-duration', { model: 'constant', hazardPerHour: 1e-4 }],
  ['recorded-run', { model: 'recorded-run' }],
]);

/** Reclaims an hour for a share reclaimed in a month (0 to 1, 1 not included): 5 % is 7.0e-5, 20 % is 3.1e-4. */
export const hazardOfMonthlyShare = (share: number): number => -ln(1 - share) / HOURS_PER_MONTH;

/** The share of lifetimes that have ended after some hours: 0 before 0 h, 1 from the forced stop at 24 h on. */
export function bathtubCdf(model: Bathtub, hours: number): number {
  if (hours < 0) return 0;
  return hours >= BATHTUB_STOP ? 1 : Math.min(1, continuousCdf(model, hours));
}

/** The share of lifetimes that only the forced stop at 24 h ends. */
export const bathtubStopShare = (model: Bathtub): number => 1 - Math.min(1, continuousCdf(model, BATHTUB_STOP));

/**
 * The part of the mean lifetime, in hours, that comes from lifetimes which end within some hours before the forced stop:
 * the integral of t dF(t) from 0 to `hours`, at most 24.
 */
export function bathtubPartialMean(model: Bathtub, hours: number): number {
  const until = Math.min(Math.max(hours, 0), BATHTUB_STOP);
  return momentOf(model, until) - momentOf(model, 0);
}

const continuousCdf = ({ a, b, tau1, tau2 }: Bathtub, t: number): number =>
  a * (1 - exp(-t / tau1) + exp((t - b) / tau2));

const momentOf = ({ a, b, tau1, tau2 }: Bathtub, t: number): number =>
  -a * (t + tau1) * exp(-t / tau1) + a * (t - tau2) * exp((t - b) / tau2);
