import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type JobRules, jobStats, percentileOf } from '../../../data/records/jobStats.ts';
import { priceStats } from '../../../data/records/priceStats.ts';
import type { PriceRow } from '../../../data/records/rows.ts';
import { steadyTraces } from '../../../data/records/steadyTraces.ts';
import { availabilityRows } from '../../../data/records/trace.ts';
import { traceStats, usdCheapestAvailable } from '../../../data/records/traceStats.ts';
import { BadInput } from '../../../src/config/mistakes.ts';
import { hours, minutes, seconds } from '../../../src/domain/time.ts';

const T0 = Date.UTC(2020, 0, 1);
const price = (atHour: number, usdPerHour: number, zone = 'us-east-1a'): PriceRow => ({
  at: T0 + hours(atHour),
  instanceType: 'm5.large',
  zone,
  product: 'Linux/UNIX',
  usdPerHour,
});

describe('statistics of prices', () => {
  it('integrate the steps over the window, by the second and by the started hour', () => {
    const rows = [price(-1, 9), price(-0.5, 1), price(0.5, 3), price(2, 1), price(3, 7)];
    const [stats] = priceStats(rows, { from: T0, until: T0 + hours(2.5), usdOnDemand: 2 }, 'x.csv');
    expect(stats).toEqual({
      ...{ instanceType: 'm5.large', zone: 'us-east-1a', product: 'Linux/UNIX', from: T0, until: T0 + hours(2.5) },
      points: 3,
      hours: 2.5,
      usdTotal: 0.5 * 1 + 1.5 * 3 + 0.5 * 1,
      usdTotalHourStart: 1 + 3 + 1,
      min: 1,
      max: 3,
      mean: 5.5 / 2.5,
      upcrossings: 1,
      hoursAtOrBelowOnDemand: 1,
      saving: 1 - 5.5 / 5,
    });
  });

  it('count a crossing at the very start of an hour, none where the window starts above', () => {
    const [stats] = priceStats(
      [price(0, 3), price(1, 2), price(2, 2.1)],
      { from: T0, until: T0 + hours(3), usdOnDemand: 2 },
      'x',
    );
    expect(stats?.upcrossings).toBe(1);
  });

  it('cover by default from the first row of each market to the last of all', () => {
    const stats = priceStats([price(0, 1), price(1, 1, 'us-east-1b'), price(4, 2)], {}, 'x.csv');
    expect(stats.map(({ zone, hours: length, mean }) => [zone, length, mean])).toEqual([
      ['us-east-1a', 4, 1],
      ['us-east-1b', 3, 1],
    ]);
    const [single] = priceStats([price(0, 1)], {}, 'x.csv');
    expect(single).toMatchObject({ hours: 0, usdTotal: 0, mean: null, min: null });
  });

  it('refuse a window whose first price is unknown, naming market and remedy', () => {
    const call = () =>
      priceStats([price(1, 1), price(-1, 1, 'us-east-1b')], { from: T0, until: T0 + hours(2) }, 'x.csv');
    expect(call).toThrow(
      'x.csv: expected a price of m5.large/us-east-1a Linux/UNIX at or before 2020-01-01T00:00:00.000Z, found the first at 2020-01-01T01:00:00.000Z: start later, or leave --from out',
    );
    expect(() => priceStats([price(-1, 1)], { from: T0, until: T0 - 1 }, 'x')).toThrow(BadInput);
  });

  it('add up over any cut of the window', () => {
    const steps = fc.array(fc.tuple(fc.integer({ min: 0, max: 86_400 }), fc.integer({ min: 0, max: 50 })), {
      maxLength: 30,
    });
    fc.assert(
      fc.property(steps, fc.integer({ min: 1, max: 86_399 }), (drawn, cut) => {
        const byTime = new Map(drawn.map(([second, usd]) => [second, usd]));
        const rows = [
          price(-1, 1),
          ...[...byTime].sort(([a], [b]) => a - b).map(([second, usd]) => price(second / 3_600, usd)),
        ];
        const total = (from: number, until: number): number =>
          priceStats(rows, { from: T0 + seconds(from), until: T0 + seconds(until) }, 'x')[0]!.usdTotal;
        expect(total(0, cut) + total(cut, 86_400)).toBeCloseTo(total(0, 86_400), 9);
      }),
    );
  });
});

describe('statistics of availability', () => {
  const trace = { gapMs: minutes(30), instances: [0, 1, 1, 1, 0, 4, 1, 0], usdPerHour: [9, 1, 1, 2, 9, 1, 3, 9] };

  it('are those of one instance wanted all the time', () => {
    expect(traceStats(trace, [0.5, 1, 6], 10)).toEqual({
      gapSeconds: 1_800,
      ticks: 8,
      upFraction: 5 / 8,
      preemptions: 2,
      usdWhileUp: 4,
      usdWithOnDemand: 4 + 15,
      // Two ticks up from 1, 2 and 5, not from 3 and 6; no lease of six hours fits in.
      survival: { '0.5': 1, '1': 3 / 5, '6': null },
    });
  });

  it('say what they cannot know', () => {
    const { gapMs, instances } = trace;
    expect(traceStats({ gapMs, instances }, [], 10)).toMatchObject({ usdWhileUp: null, usdWithOnDemand: null });
    expect(traceStats(trace, [], undefined)).toMatchObject({ usdWhileUp: 4, usdWithOnDemand: null });
    expect(usdCheapestAvailable([{ file: 'a', trace: { gapMs, instances } }], 10)).toBeNull();
  });

  it('take each tick where it is cheapest, and on-demand where nothing is up', () => {
    const other = { gapMs: minutes(30), instances: [0, 1, 0, 1, 1, 0, 1, 0], usdPerHour: [0, 2, 0, 1, 5, 0, 2, 0] };
    const files = [trace, other].map((one, index) => ({ file: `${index}.json`, trace: one }));
    expect(usdCheapestAvailable(files, 10)).toBe((10 + 1 + 1 + 1 + 5 + 1 + 2 + 10) / 2);
    expect(() => usdCheapestAvailable([...files, { file: 'z', trace: { ...other, gapMs: 1_000 } }], 10)).toThrow(
      /^z: expected 8 ticks of 1800 s as in 0\.json, found 8 ticks of 1 s/,
    );
  });

  it('survive being laid on the clock and back, up to the last change', () => {
    const counts = fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 2, maxLength: 40 });
    fc.assert(
      fc.property(counts, fc.integer({ min: 1, max: 600 }), (instances, gap) => {
        fc.pre(new Set(instances).size > 1);
        const rows = availabilityRows(
          { gapMs: seconds(gap), instances },
          { startsAt: T0, instanceType: '*', zone: '*' },
        );
        const [back] = steadyTraces(rows, 'x.csv');
        const stepMs = back!.trace.gapMs / seconds(gap);
        const lastChange = instances.findLastIndex((count, index) => count !== instances[index - 1]);
        expect(back!.trace.instances.flatMap((count) => new Array<number>(stepMs).fill(count))).toEqual(
          instances.slice(0, lastChange),
        );
      }),
    );
  });
});

describe('statistics of jobs', () => {
  const rules: JobRules = { percentile: 'nearest-above', concurrency: 'windows', windowMs: minutes(1) };
  const job = (second: number, lengthSeconds: number) => ({
    job: 'j',
    queuedAt: T0 + seconds(second),
    durationMs: seconds(lengthSeconds),
  });

  it('differ by the rule for percentiles', () => {
    const tenths = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
    expect(percentileOf(tenths, 0.5, 'nearest-above')).toBe(6);
    expect(percentileOf(tenths, 0.5, 'linear')).toBe(5.5);
    expect(percentileOf(tenths, 0.99, 'nearest-above')).toBe(10);
    expect(percentileOf([7], 0.9, 'linear')).toBe(7);
  });

  it('differ by what at once means', () => {
    // The second starts as the first ends, and the third touches the first minute only with its first second.
    const jobs = [job(0, 30), job(30, 30), job(59, 61)];
    expect(jobStats(jobs, rules, 'x').concurrency).toEqual({ p50: 3, p90: 3, max: 3 });
    expect(jobStats(jobs, { ...rules, concurrency: 'instant' }, 'x').concurrency).toEqual({ p50: 1, p90: 1, max: 2 });
  });

  it('count minutes begun, and time from the first start to the last finish', () => {
    const late = { ...job(0, 61), startedAt: T0 + seconds(10) };
    expect(jobStats([late, job(20, 59)], rules, 'x')).toMatchObject({
      jobs: 2,
      jobHours: 120 / 3_600,
      executionMinutes: 3,
      durationMs: { p50: seconds(61), max: seconds(61) },
      from: T0 + seconds(10),
      until: T0 + seconds(79),
    });
  });

  it('never find more at an instant than in the windows around it', () => {
    const drawn = fc.array(fc.tuple(fc.nat(5_000), fc.integer({ min: 1, max: 900 })), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(drawn, (times) => {
        const jobs = times.map(([second, length]) => job(second, length));
        const max = (concurrency: JobRules['concurrency']): number =>
          jobStats(jobs, { ...rules, concurrency }, 'x').concurrency.max;
        expect(max('instant')).toBeLessThanOrEqual(max('windows'));
      }),
    );
  });

  it('refuse windows without end', () => {
    expect(() => jobStats([job(0, 1), job(2e9, 1)], rules, 'x')).toThrow(/give a longer --window/);
  });
});
