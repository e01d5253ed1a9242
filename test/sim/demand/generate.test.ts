import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import type { JobRow } from '../../../data/records/rows.ts';
import { generateJobs, generatorSettings } from '../../../sim/demand/generate.ts';
import { hours, type Instant, minutes, seconds } from '../../../src/domain/time.ts';

type Written = z.input<typeof generatorSettings>;

/** A Monday. */
const MONDAY: Instant = new Date('2026-03-02T00:00:00Z').getTime();
const DAY = hours(24);
const WEEK = 7 * DAY;

const jobsOf = (written: Written, from: Instant, until: Instant, seed = 1): JobRow[] =>
  generateJobs(generatorSettings.parse(written), { from, until, seed });

const weeksOf = (weeks: number, written: Written = {}, seed = 1): JobRow[] =>
  jobsOf(written, MONDAY, MONDAY + weeks * WEEK, seed);

const isWeekend = ({ queuedAt }: JobRow): boolean => [0, 6].includes(new Date(queuedAt).getUTCDay());
const hourOf = ({ queuedAt }: JobRow): number => new Date(queuedAt).getUTCHours();

const anyWritten: fc.Arbitrary<Written> = fc.record({
  jobsPerWeekday: fc.double({ min: 0, max: 400, noNaN: true }),
  weekendShare: fc.double({ min: 0, max: 0.5, noNaN: true }),
  timeZone: fc.constantFrom('UTC', 'Europe/Berlin', 'Australia/Lord_Howe', 'America/St_Johns', 'Pacific/Apia'),
  jobsPerPipeline: fc.double({ min: 1, max: 60, noNaN: true }),
  burst: fc.constantFrom('0s', '20s', '3h'),
  nightly: fc.record({ hourUtc: fc.nat(23), share: fc.double({ min: 0, max: 1, noNaN: true }) }),
  durations: fc.constantFrom('default', 'linkerd', 'github', 'julia', 'long'),
});
const anyStart = fc.integer({ min: MONDAY - 60 * DAY, max: MONDAY + 300 * DAY });
const anyLength = fc.integer({ min: 1, max: 9 * DAY });
const anySeed = fc.nat(0xffff_ffff);

describe('generated jobs', () => {
  it('are queued inside the window, in order, in whole milliseconds, and no longer than allowed', () => {
    fc.assert(
      fc.property(anyWritten, anyStart, anyLength, anySeed, (written, from, length, seed) => {
        const jobs = jobsOf(written, from, from + length, seed);
        const wrong = jobs.find(
          ({ job, queuedAt, durationMs }, index) =>
            job !== `j${index + 1}` ||
            !(queuedAt >= (jobs[index - 1]?.queuedAt ?? from) && queuedAt < from + length) ||
            !(Number.isInteger(queuedAt) && Number.isInteger(durationMs)) ||
            !(durationMs >= seconds(5) && durationMs <= hours(6)),
        );
        expect(wrong).toBeUndefined();
      }),
      { numRuns: 50 },
    );
  });

  it('are the same for the same seed, and others for another', () => {
    expect(weeksOf(1)).toEqual(weeksOf(1));
    expect(weeksOf(1, {}, 2)).not.toEqual(weeksOf(1));
  });

  it('do not change when the window is made longer', () => {
    fc.assert(
      fc.property(anyWritten, anyStart, anyLength, anyLength, anySeed, (written, from, length, more, seed) => {
        const short = jobsOf(written, from, from + length, seed);
        expect(jobsOf(written, from, from + length + more, seed).slice(0, short.length)).toEqual(short);
      }),
      { numRuns: 40 },
    );
  });

  it('do not depend on where the window begins, but for their numbers', () => {
    fc.assert(
      fc.property(anyWritten, anyStart, anyLength, anyLength, anySeed, (written, from, length, earlier, seed) => {
        const bare = (jobs: readonly JobRow[]) => jobs.map(({ queuedAt, durationMs }) => ({ queuedAt, durationMs }));
        const late = jobsOf(written, from, from + length, seed);
        const early = jobsOf(written, from - earlier, from + length, seed);
        expect(bare(early.filter(({ queuedAt }) => queuedAt >= from))).toEqual(bare(late));
      }),
      { numRuns: 40 },
    );
  });

  it('include what a push before midnight queues after it', () => {
    const written: Written = { burst: '6h', trough: 0.9, peak: 1.1, nightly: { hourUtc: 23, spread: '1h' } };
    for (let day = 1; day < 6; day += 1) {
      const from = MONDAY + day * DAY;
      const late = jobsOf(written, MONDAY, from + DAY).filter(({ queuedAt }) => queuedAt >= from);
      expect(jobsOf(written, from, from + DAY)).toHaveLength(late.length);
    }
  });

  it('are none in an empty window, and none where nobody works', () => {
    expect(jobsOf({}, MONDAY, MONDAY)).toEqual([]);
    expect(weeksOf(1, { jobsPerWeekday: 0 })).toEqual([]);
  });
});

describe('the generated week', () => {
  it('has the jobs that were asked for, and their share at the weekend', () => {
    const weeks = 30;
    const jobs = weeksOf(weeks);
    const atWeekend = jobs.filter(isWeekend).length;
    expect((jobs.length - atWeekend) / (5 * weeks * 600)).toBeCloseTo(1, 1.3);
    expect(atWeekend / jobs.length).toBeCloseTo(0.1, 1.7);
  });

  it('differs from week to week as pushes do, and not as single jobs would', () => {
    const perWeek = Array.from({ length: 40 }, (_, n) => weeksOf(1, {}, n).length);
    const mean = perWeek.reduce((sum, count) => sum + count, 0) / perWeek.length;
    const variance = perWeek.reduce((sum, count) => sum + (count - mean) ** 2, 0) / perWeek.length;
    // Bursts of 21 jobs make the variance some 20 times that of jobs that come one by one.
    expect(variance / mean).toBeGreaterThan(8);
    expect(variance / mean).toBeLessThan(45);
  });

  it('peaks at twice the mean in two humps and rests at a tenth of it at night', () => {
    const weeks = 30;
    const jobs = weeksOf(weeks, { nightly: { share: 0 } }).filter((job) => !isWeekend(job));
    const perHour = new Array<number>(24).fill(0);
    for (const job of jobs) perHour[hourOf(job)]! += 24 / jobs.length;
    for (const hour of [10, 11, 14, 15, 16]) expect(perHour[hour]).toBeCloseTo(2, 0.3);
    for (const hour of [1, 2, 3, 4, 22, 23]) expect(perHour[hour]).toBeLessThan(0.25);
    expect(perHour[12]).toBeLessThan(perHour[11]!);
  });

  it('follows the clock of its zone through the change to summer time', () => {
    const peaksOf = (from: string): number => {
      const start = new Date(from).getTime();
      const jobs = jobsOf({ timeZone: 'Europe/Berlin', nightly: { share: 0 }, peak: 4 }, start, start + 5 * DAY);
      return jobs.filter((job) => [8, 9].includes(hourOf(job))).length / jobs.length;
    };
    // 10 to 12 in Berlin is 8 to 10 UTC in summer and 9 to 11 in winter.
    expect(peaksOf('2026-07-06T00:00:00Z')).toBeGreaterThan(0.3);
    expect(peaksOf('2026-01-05T00:00:00Z')).toBeLessThan(0.28);
  });

  it('has one batch a day at its hour UTC, with its share of the jobs', () => {
    const weeks = 12;
    const written: Written = { timeZone: 'Australia/Melbourne', nightly: { hourUtc: 17, share: 0.14, spread: '5m' } };
    const jobs = weeksOf(weeks, written);
    const without = weeksOf(weeks, { ...written, nightly: { share: 0 } });
    const inBatch = jobs.filter(
      ({ queuedAt }) => queuedAt % DAY >= hours(17) && queuedAt % DAY < hours(17) + minutes(5),
    );
    expect(inBatch.length / jobs.length).toBeCloseTo(0.14, 1.7);
    expect(new Set(inBatch.map(({ queuedAt }) => Math.floor(queuedAt / DAY))).size).toBe(7 * weeks);
    expect(without.length / jobs.length).toBeCloseTo(1, 1);
  });

  it('queues the jobs of a push together, as many as were asked for on average', () => {
    const jobs = weeksOf(20, { burst: '0s', nightly: { share: 0 } });
    const pushes = new Map<Instant, number>();
    for (const { queuedAt } of jobs) pushes.set(queuedAt, (pushes.get(queuedAt) ?? 0) + 1);
    const sizes = [...pushes.values()];
    expect(jobs.length / sizes.length / 21).toBeCloseTo(1, 1);
    expect(Math.min(...sizes)).toBeGreaterThanOrEqual(5);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(40);
    expect(weeksOf(4, { jobsPerPipeline: 1, burst: '0s' }).length).toBeGreaterThan(10_000);
  });
});

describe('generated durations', () => {
  /** Recorded minutes at p50, p90, p95 and p99, and the mean where no outlier spoils it. */
  const RECORDED = {
    linkerd: { p50: 5.23, p90: 11.3, p95: 14.4, p99: 34.3, mean: 5.85 },
    julia: { p50: 3.52, p90: 61.6, p95: 75.5, p99: 118.9, mean: 18.7 },
  } as const;

  const durationsOf = (written: Written): number[] =>
    weeksOf(12, written)
      .map(({ durationMs }) => durationMs / minutes(1))
      .sort((a, b) => a - b);
  const quantile = (sorted: readonly number[], share: number): number => sorted[Math.floor(share * sorted.length)]!;
  const meanOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

  it.each(['linkerd', 'julia'] as const)('of %s lie within a sixth of the recorded ones', (durations) => {
    const recorded = RECORDED[durations];
    const found = durationsOf({ durations });
    for (const [share, wanted] of [
      [0.5, recorded.p50],
      [0.9, recorded.p90],
      [0.95, recorded.p95],
      [0.99, recorded.p99],
    ] as const)
      expect(Math.abs(quantile(found, share) / wanted - 1)).toBeLessThan(1 / 6);
    expect(Math.abs(meanOf(found) / recorded.mean - 1)).toBeLessThan(1 / 6);
  });

  it('of the default profile are seconds to hours, with the middle around six minutes', () => {
    const found = durationsOf({ cancelledShare: 0 });
    expect(quantile(found, 0.5)).toBeCloseTo(6.1, 0);
    expect(quantile(found, 0.05)).toBeLessThan(1.5);
    expect(quantile(found, 0.99)).toBeGreaterThan(80);
  });

  it('are cut short for the cancelled, whose number alone is changed by the knob', () => {
    const whole = weeksOf(4, { cancelledShare: 0 });
    const some = weeksOf(4);
    const shorter = some.filter(({ durationMs }, index) => durationMs < whole[index]!.durationMs);
    expect(some.every(({ durationMs }, index) => durationMs <= whole[index]!.durationMs)).toBe(true);
    expect(shorter.length / some.length).toBeCloseTo(0.104, 1.7);
  });

  it('keep to the limits that are set', () => {
    const found = weeksOf(4, { durations: 'long', shortest: '1m', longest: '30m' }).map(({ durationMs }) => durationMs);
    expect(Math.min(...found)).toBe(minutes(1));
    expect(Math.max(...found)).toBe(minutes(30));
  });
});

describe('the settings of the generator', () => {
  const saysOf = (written: unknown): readonly string[] =>
    (generatorSettings.safeParse(written).error?.issues ?? []).map(
      ({ path, message }) => `${path.join('.')}: ${message}`,
    );

  it('all have defaults, and all say what they are', () => {
    expect(generatorSettings.parse({})).toMatchObject({ jobsPerWeekday: 600, burst: 20_000, timeZone: 'UTC' });
    for (const field of Object.values(generatorSettings.shape)) expect(field.description).toBeTruthy();
  });

  it('refuse what cannot be drawn, all of it at once', () => {
    expect(saysOf({ peak: 9, shortest: '1h', longest: '10m' })).toEqual([
      'peak: expected a peak from 1.46 to 4.41 for a trough of 0.1',
      'shortest: expected a length that is not above longest',
    ]);
    for (const peak of [1.46, 4.41]) expect(saysOf({ peak })).toEqual([]);
    expect(saysOf({ timeZone: '+02:00' })).toEqual([
      'timeZone: expected an IANA time zone such as "Europe/Berlin" or "UTC"',
    ]);
    expect(saysOf({ timeZone: 'Europe/Berln' })).toHaveLength(1);
    expect(saysOf({ durations: 'linkerdd' })).toHaveLength(1);
  });
});
