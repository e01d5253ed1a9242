import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { draws } from '../../../sim/chance/draw.ts';
import {
  type Bathtub,
  bathtubCdf,
  bathtubPartialMean,
  bathtubStopShare,
  hazardOfMonthlyShare,
  SURVIVAL_MODELS,
  type SurvivalModel,
} from '../../../sim/chance/survival.ts';
import { type AvailabilityChange, availabilityTrack } from '../../../sim/market/availability.ts';
import { bathtubLifetime, interruptionsOf } from '../../../sim/market/interruptions.ts';
import { hours, type Instant } from '../../../src/domain/time.ts';

const bathtubs = Object.values(SURVIVAL_MODELS).filter((model): model is Bathtub => model.model === 'bathtub');
const YEARS: Instant = 0 + hours(24 * 365 * 20);
/** The instant some hours after the beginning of time. */
const hour = (count: number): Instant => 0 + hours(count);

const reclaimsOf = (
  model: SurvivalModel,
  seed = 1,
  market = 'm5.large/us-east-1a',
  until = YEARS,
): readonly Instant[] => interruptionsOf(model, { market, from: 0, until, draws: draws(seed) });

/** From each reclaim to the next, in hours. */
const gapsOf = (reclaims: readonly Instant[]): number[] =>
  reclaims.slice(1).map((at, index) => (at - reclaims[index]!) / hours(1));
const shareAbove = (values: readonly number[], limit: number): number =>
  values.filter((value) => value > limit).length / values.length;

describe('the published models', () => {
  it('give the hazards that are published for the Spot Advisor', () => {
    expect(hazardOfMonthlyShare(0.05)).toBeCloseTo(7.0e-5, 6);
    expect(hazardOfMonthlyShare(0.2)).toBeCloseTo(3.1e-4, 5);
    expect(SURVIVAL_MODELS['defined-duration']).toEqual({ model: 'constant', hazardPerHour: 1e-4 });
  });

  it('give the bathtub worked out by hand', () => {
    // A = 0.4137, b = 24, tau1 = 0.9, tau2 = 0.76.
    const model = SURVIVAL_MODELS['hpdc20-n1-highcpu-16'] as Bathtub; // known: a bathtub by the table
    expect(bathtubCdf(model, 0.9)).toBeCloseTo(0.4137 * (1 - 1 / Math.E), 9);
    expect(bathtubCdf(model, 23.24)).toBeCloseTo(0.4137 * (1 + 1 / Math.E), 9);
    expect(bathtubStopShare(model)).toBeCloseTo(1 - 2 * 0.4137, 9);
    // By hand: A (tau1 + 24 - tau2), for at 24 h the first term has vanished and at 0 the second.
    expect(bathtubPartialMean(model, 24)).toBeCloseTo(0.4137 * (0.9 + 24 - 0.76), 9);
    expect(bathtubPartialMean(model, 0)).toBe(0);
  });

  it.each(bathtubs.map((model) => [model.name, model] as const))('%s is a distribution', (_, model) => {
    const shares = Array.from({ length: 500 }, (_, n) => bathtubCdf(model, n / 20));
    expect(shares).toEqual([...shares].sort((a, b) => a - b));
    expect(bathtubCdf(model, -1)).toBe(0);
    expect(bathtubCdf(model, 23.999)).toBeLessThan(1);
    expect(bathtubCdf(model, 24)).toBe(1);
    // The formula of the partial mean is the integral that it stands for.
    let summed = 0;
    for (let n = 0; n < 24_000; n += 1)
      summed +=
        ((n + 0.5) / 1000) * (bathtubCdf(model, Math.min((n + 1) / 1000, 23.999999)) - bathtubCdf(model, n / 1000));
    expect(bathtubPartialMean(model, 24)).toBeCloseTo(summed, 3);
  });

  it('turn a share into the lifetime that has it', () => {
    fc.assert(
      fc.property(fc.constantFrom(...bathtubs), fc.double({ min: 0.01, max: 0.999, noNaN: true }), (model, share) => {
        const lifetime = bathtubLifetime(model, share);
        if (share >= 1 - bathtubStopShare(model)) expect(lifetime).toBeCloseTo(24, 9);
        else expect(bathtubCdf(model, lifetime)).toBeCloseTo(share, 6);
      }),
    );
  });
});

describe('a market', () => {
  it.each(bathtubs.map((model) => [model.name, model] as const))(
    'leaves its instances alone as %s says',
    (_, model) => {
      const gaps = gapsOf(reclaimsOf(model));
      // 20 years are more than 10,000 lifetimes: three standard deviations are below 0.015.
      for (const lived of [0.5, 1, 3, 6, 12, 20, 23, 23.9])
        expect(Math.abs(shareAbove(gaps, lived) - (1 - bathtubCdf(model, lived)))).toBeLessThan(0.015);
      expect(shareAbove(gaps, 24)).toBe(0);
      const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
      expect(mean).toBeCloseTo(bathtubPartialMean(model, 24) + 24 * bathtubStopShare(model), 0);
    },
  );

  it('survives exponentially at a constant hazard', () => {
    const gaps = gapsOf(reclaimsOf({ model: 'constant', hazardPerHour: 0.1 }));
    for (const lived of [1, 5, 10, 30])
      expect(Math.abs(shareAbove(gaps, lived) - Math.exp(-lived / 10))).toBeLessThan(0.015);
    const monthly = reclaimsOf({ model: 'exponential', monthlyShare: 0.2 }).length;
    const expected = (-Math.log(0.8) / 730) * (YEARS / hours(1));
    expect(Math.abs(monthly - expected)).toBeLessThan(4 * Math.sqrt(expected));
  });

  it('is not interrupted where nothing interrupts', () => {
    expect(reclaimsOf({ model: 'none' })).toEqual([]);
    expect(reclaimsOf({ model: 'constant', hazardPerHour: 0 })).toEqual([]);
    expect(reclaimsOf({ model: 'exponential', monthlyShare: 0 })).toEqual([]);
    expect(reclaimsOf({ model: 'recorded-run' })).toEqual([]);
  });

  it('has its own luck, which a longer window and another market do not change', () => {
    const model = SURVIVAL_MODELS['all-types']!;
    const week = reclaimsOf(model, 1, 'm5.large/us-east-1a', hour(168));
    expect(reclaimsOf(model, 1, 'm5.large/us-east-1a', hour(336)).slice(0, week.length)).toEqual(week);
    expect(reclaimsOf(model, 1, 'm5.large/us-east-1b', hour(168))).not.toEqual(week);
    expect(reclaimsOf(model, 2, 'm5.large/us-east-1a', hour(168))).not.toEqual(week);
    expect(week.every((at) => at >= 0 && at < hour(168))).toBe(true);
  });

  it('is as likely to be taken back in the first hour of a window as in any other', () => {
    const model = SURVIVAL_MODELS['hpdc20-n1-highcpu-16']!;
    const perHour = new Array<number>(24).fill(0);
    const seeds = 3_000;
    for (let seed = 0; seed < seeds; seed += 1)
      for (const at of reclaimsOf(model, seed, 'm5.large/us-east-1a', hour(24)))
        perHour[Math.floor(at / hours(1))]! += 1 / seeds;
    // One in a mean lifetime of 14.1 h, four standard deviations being 0.02.
    for (const rate of perHour) expect(Math.abs(rate - 1 / 14.1)).toBeLessThan(0.02);
  });
});

describe('a recorded run', () => {
  /** Up for 3 h, 1 h and 8 h; down for 30 min and 2 h; the first and the last stretch have no known length. */
  const record: readonly AvailabilityChange[] = [
    [0, 0],
    [1, 5],
    [2, 3],
    [4, 0],
    [4.5, 1],
    [5.5, 0],
    [7.5, 4],
    [15.5, 0],
  ].map(([at, instances]) => ({ at: hour(at!), instances: instances! }));

  const question = { market: 'm5.large/us-east-1a', from: hour(1000), until: hour(9000), draws: draws(3) };

  it('is taken back after up runs that were recorded, and only after those', () => {
    const availability = availabilityTrack(record);
    const reclaims = interruptionsOf({ model: 'recorded-run' }, { ...question, availability });
    const gaps = gapsOf(reclaims);
    const possible = [3, 1, 8].flatMap((up) => [0.5, 2].map((down) => up + down));
    expect(new Set(gaps)).toEqual(new Set(possible));
    for (const gap of possible) expect(gaps.filter((one) => one === gap).length / gaps.length).toBeCloseTo(1 / 6, 1);
    expect(reclaims.every((at) => at >= question.from && at < question.until)).toBe(true);
  });

  it('needs a whole run of each kind', () => {
    for (const known of [record.slice(0, 3), record.slice(0, 4), []])
      expect(
        interruptionsOf({ model: 'recorded-run' }, { ...question, availability: availabilityTrack(known) }),
      ).toEqual([]);
  });
});
