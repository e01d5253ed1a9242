import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { boundOf } from '../../../sim/baselines/bound/bound.ts';
import { floorOf } from '../../../sim/baselines/bound/floor.ts';
import { cheapestMixes } from '../../../sim/baselines/bound/mix.ts';
import { hours, minutes } from '../../../src/domain/time.ts';
import { jobAt, onDemand, questionOf, spot, T0 } from './worlds.ts';

const priceAt = (minute: number, usdPerHour: number, zone = 'a') => ({
  at: T0 + minutes(minute),
  instanceType: 'small',
  zone,
  product: 'Linux/UNIX',
  usdPerHour,
});
const roomAt = (minute: number, instances: number) => ({
  at: T0 + minutes(minute),
  instanceType: 'small',
  zone: 'a',
  instances,
});

describe('the bound by hand', () => {
  it('is the price of one machine while one job runs, without boots', () => {
    const { usd } = boundOf(questionOf({}, [jobAt(0, 60, { boot: 5 })], [onDemand([1])]));
    expect(usd).toBeCloseTo(0.4, 12);
  });

  it('counts whole machines: three jobs take two machines of two', () => {
    const jobs = [jobAt(0, 60), jobAt(0, 60, { name: 'b' }), jobAt(0, 60, { name: 'c' })];
    expect(boundOf(questionOf({}, jobs, [onDemand([2])])).usd).toBeCloseTo(0.8, 12);
  });

  it('takes the cheapest price of each moment, and what comes on top of it', () => {
    const settings = { prices: [priceAt(-1, 0.1), priceAt(30, 0.3), priceAt(-1, 0.2, 'b')] };
    const question = questionOf(settings, [jobAt(0, 60)], [spot([1]), spot([1], 'b'), onDemand([1])], {
      extraUsdPerHour: 0.02,
    });
    expect(boundOf(question).usd).toBeCloseTo(0.05 + 0.1 + 0.02, 12);
  });

  it('mixes sizes: five jobs take a large machine and a small one', () => {
    const jobs = Array.from({ length: 5 }, (_, at) => jobAt(0, 60, { name: `job ${at}` }));
    expect(boundOf(questionOf({}, jobs, [onDemand([1]), onDemand([4], 'large')])).usd).toBeCloseTo(1.3, 12);
  });

  it('uses no more machines than there was room for', () => {
    const jobs = [jobAt(0, 60), jobAt(0, 60, { name: 'b' }), jobAt(0, 60, { name: 'c' })];
    const question = questionOf({ availability: [roomAt(0, 2)] }, jobs, [spot([1]), onDemand([1])]);
    expect(boundOf(question).usd).toBeCloseTo(2 * 0.12 + 0.4, 12);
  });

  it('lets a machine outlast the room it was bought in, but no reclaim', () => {
    const held = { droughts: [{ from: T0 + minutes(30), until: T0 + hours(2) }] };
    const taken = { availability: [roomAt(0, 2), roomAt(30, 0)] };
    const machines = [spot([1]), onDemand([1])];
    expect(boundOf(questionOf(held, [jobAt(0, 60)], machines)).usd).toBeCloseTo(0.12, 12);
    expect(boundOf(questionOf(taken, [jobAt(0, 60)], machines)).usd).toBeCloseTo(0.06 + 0.2, 12);
  });

  it('keeps jobs that may only run on demand off spot, and leaves the rest of their machine to others', () => {
    const jobs = [jobAt(0, 60, { name: 'demand' }), jobAt(0, 60), jobAt(0, 60, { name: 'c' })];
    expect(boundOf(questionOf({}, jobs, [spot([2]), onDemand([2])])).usd).toBeCloseTo(0.4 + 0.12, 12);
  });

  it('counts within the time asked about, and nothing without jobs', () => {
    const jobs = [jobAt(-30, 60), jobAt(150, 60), jobAt(20, 0)];
    expect(boundOf(questionOf({}, jobs, [onDemand([1])])).usd).toBeCloseTo(0.2, 12);
    expect(boundOf(questionOf({}, [], [onDemand([1])]))).toEqual({ usd: 0, exactShare: 1 });
  });

  it('says which job no machine may run', () => {
    const question = questionOf({}, [jobAt(0, 1, { name: 'giant', requests: [9] })], [onDemand([1])]);
    expect(() => boundOf(question)).toThrow('expected a kind of machine that may run giant, found none');
  });
});

describe('where there are too many sizes for an exact answer', () => {
  const anySize = fc.tuple(fc.integer({ min: 1, max: 16 }), fc.integer({ min: 1, max: 32 }));
  const anyShelf = fc.array(
    fc.record({
      usdPerHour: fc.integer({ min: 1, max: 20 }),
      most: fc.constantFrom(Infinity, Infinity, 2),
      capacity: fc.constantFrom([4, 8], [8, 16], [16, 32], [8, 64]),
    }),
    { minLength: 1, maxLength: 4 },
  );

  it('the floor is never above the cheapest mix', () => {
    fc.assert(
      fc.property(anyShelf, fc.array(anySize, { minLength: 1, maxLength: 3 }), fc.nat(2), (shelf, sizes, most) => {
        const largest = { usdPerHour: 12, most: Infinity, capacity: [16, 32] };
        const kinds = [...shelf, largest];
        const classes = sizes.map((requests) => ({
          requests,
          runsOn: kinds.map(({ capacity }) => requests.every((part, at) => part <= capacity[at]!)),
        }));
        const counts = sizes.map((_, at) => 1 + ((at + most) % 3));
        const [mix] = cheapestMixes(kinds, classes, [{ counts, lengthMs: 1 }]);
        const floor = floorOf(
          kinds.map((kind, at) => ({ ...kind, at })),
          classes,
        )(counts);
        expect(floor).toBeGreaterThan(0);
        expect(floor).toBeLessThanOrEqual(mix!.usdPerHour + 1e-9);
      }),
      { numRuns: 500 },
    );
  });

  it('a week of many sizes has a bound all the same, and says how much of it is exact', () => {
    const jobs = Array.from({ length: 60 }, (_, at) =>
      jobAt(at % 7, 30, { name: `job ${at}`, requests: [1 + (at % 9) / 10, 1 + (at % 11) / 5] }),
    );
    const { usd, exactShare } = boundOf(questionOf({}, jobs, [onDemand([4, 8]), onDemand([8, 16], 'large')]));
    expect(exactShare).toBeLessThan(1);
    // The volume alone: 60 jobs of 1.4 on average for half an hour, four of it for 0.4 USD an hour.
    const volume = jobs.reduce((sum, { requests }) => sum + requests[0]!, 0) / 4;
    expect(usd).toBeGreaterThan(0.4 * 0.5 * volume * 0.9);
    expect(usd).toBeLessThan(0.4 * 0.5 * 60);
  });
});
