import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { foresightOf } from '../../../sim/baselines/foresight/foresight.ts';
import { PrefixTree } from '../../../sim/baselines/foresight/prefixTree.ts';
import { hours, minutes } from '../../../src/domain/time.ts';
import { exhaustively } from './exhaustive.ts';
import { anyWorld, jobAt, onDemand, questionOf, spot, T0 } from './worlds.ts';

const priceAt = (minute: number, usdPerHour: number, zone: string) => ({
  at: T0 + minutes(minute),
  instanceType: 'small',
  zone,
  product: 'Linux/UNIX',
  usdPerHour,
});

describe('foresight by hand', () => {
  it('pays the boot before the first job, and nothing before the beginning', () => {
    const { usd, machines, exact } = foresightOf(questionOf({}, [jobAt(30, 60, { boot: 15 })], [onDemand([1])]));
    expect(usd).toBeCloseTo(0.5, 12);
    expect([machines, exact]).toEqual([1, true]);
    expect(foresightOf(questionOf({}, [jobAt(6, 54, { boot: 15 })], [onDemand([1])])).usd).toBeCloseTo(0.4, 12);
  });

  it('holds a machine over a gap that is shorter than a boot, and not over a longer one', () => {
    const jobs = [jobAt(10, 20, { boot: 5 }), jobAt(34, 20, { boot: 5 }), jobAt(60, 30, { boot: 5 })];
    const { usd, machines } = foresightOf(questionOf({}, jobs, [onDemand([1])]));
    // 5 + 20 + 4 + 20 minutes on one machine, 5 + 30 on another: the gap of six is dearer than a boot.
    expect(usd).toBeCloseTo((0.4 * (49 + 35)) / 60, 12);
    expect(machines).toBe(2);
  });

  it('changes the market only if that saves more than a boot', () => {
    const jobs = [jobAt(10, 20, { boot: 10 }), jobAt(30, 30, { boot: 10 })];
    const costs = [0.2, 0.11].map((dear) => {
      const prices = [priceAt(-1, 0.1, 'a'), priceAt(30, dear, 'a'), priceAt(-1, 0.4, 'b'), priceAt(20, 0.1, 'b')];
      return foresightOf(questionOf({ prices }, jobs, [spot([1]), spot([1], 'b'), onDemand([1])]));
    });
    expect(costs[0]!.usd).toBeCloseTo((0.1 * 30 + 0.1 * 40) / 60, 12);
    expect(costs[1]!.usd).toBeCloseTo((0.1 * 30 + 0.11 * 30) / 60, 12);
    expect(costs.map(({ machines }) => machines)).toEqual([2, 1]);
  });

  it('runs nothing over a reclaim, and holds nothing over one', () => {
    const availability = [0, 60, 61].map((minute, at) => ({
      at: T0 + minutes(minute),
      instanceType: 'small',
      zone: 'a',
      instances: [9, 0, 9][at]!,
    }));
    const machines = [spot([1]), onDemand([1])];
    const over = foresightOf(questionOf({ availability }, [jobAt(30, 60)], machines));
    expect(over.usd).toBeCloseTo(0.4, 12);
    const jobs = [jobAt(30, 30, { boot: 10 }), jobAt(75, 30, { boot: 10 })];
    const around = foresightOf(questionOf({ availability }, jobs, machines));
    expect(around.usd).toBeCloseTo((0.12 * 80) / 60, 12);
    expect(around.machines).toBe(2);
    // Neither a machine that is held nor one that boots lives over it.
    const close = [jobAt(30, 30, { boot: 10 }), jobAt(65, 30, { boot: 10 })];
    expect(foresightOf(questionOf({ availability }, close, machines)).usd).toBeCloseTo((0.12 * 40 + 0.4 * 40) / 60, 12);
  });

  it('holds a machine through a drought if that is cheaper than on demand', () => {
    const droughts = [{ from: T0 + minutes(35), until: T0 + hours(2) }];
    const jobs = [jobAt(0, 30), jobAt(60, 30)];
    const { usd, machines } = foresightOf(questionOf({ droughts }, jobs, [spot([1]), onDemand([1])]));
    expect(usd).toBeCloseTo((0.12 * 90) / 60, 12);
    expect(machines).toBe(1);
  });

  it('buys no more machines than there is room for beside those that live', () => {
    const availability = [{ at: T0, instanceType: 'small', zone: 'a', instances: 2 }];
    const jobs = [0, 10, 20, 35].map((minute) => jobAt(minute, 30));
    const { usd, machines } = foresightOf(questionOf({ availability }, jobs, [spot([1]), onDemand([1])]));
    // The third finds two there; when the fourth comes, the first has ended.
    expect(usd).toBeCloseTo((0.12 * 90 + 0.4 * 30) / 60, 12);
    expect(machines).toBe(4);
  });

  it('ends a block at its time', () => {
    const block = {
      instanceType: 'small',
      zone: 'a',
      term: 'spot-block',
      durationMs: hours(1),
      capacity: [1],
    } as const;
    const jobs = [jobAt(0, 40), jobAt(40, 30)];
    const { usd, machines } = foresightOf(questionOf({}, jobs, [block, onDemand([1])]));
    expect(machines).toBe(2);
    expect(usd).toBeCloseTo((0.4 * 0.35 * 60 + 0.4 * 0.55 * 10) / 60, 12);
  });

  it('puts two jobs on a machine for two', () => {
    const jobs = [jobAt(30, 60, { boot: 30 }), jobAt(60, 30, { boot: 30 })];
    const { usd, machines, exact } = foresightOf(questionOf({}, jobs, [onDemand([2])]));
    expect(usd).toBeCloseTo(0.6, 12);
    expect([machines, exact]).toEqual([1, false]);
  });

  it('costs nothing without jobs, and says if no machine can be had', () => {
    expect(foresightOf(questionOf({}, [], [onDemand([1])]))).toEqual({
      usd: 0,
      machines: 0,
      exact: true,
      atLeastUsd: 0,
    });
    const droughts = [{ from: T0, until: T0 + hours(2) }];
    expect(() => foresightOf(questionOf({ droughts }, [jobAt(5, 5)], [spot([1])]))).toThrow('none can be had');
  });
});

describe('foresight with several jobs a node', () => {
  const worlds = fc.oneof(
    anyWorld([[1]], [[2], [5]], 6),
    anyWorld(
      [
        [1, 4],
        [3, 2],
      ],
      [
        [4, 8],
        [8, 16],
      ],
      6,
    ),
  );

  it('can be done: it is never below the cheapest of all ways, and seldom far above it', () => {
    let [usd, best] = [0, 0];
    fc.assert(
      fc.property(worlds, (question) => {
        const found = foresightOf(question).usd;
        const least = exhaustively(question).foresight();
        expect(found).toBeGreaterThanOrEqual(least - 1e-9);
        usd += found;
        best += least;
      }),
      { numRuns: 300 },
    );
    expect(usd / best).toBeLessThan(1.05);
  });

  it('is exact where one of two dimensions leaves room for one job only', () => {
    fc.assert(
      fc.property(
        anyWorld(
          [[1, 5]],
          [
            [9, 5],
            [9, 5],
          ],
        ),
        (question) => {
          const { usd, exact } = foresightOf(question);
          expect(usd).toBeCloseTo(exhaustively(question).foresight(), 9);
          expect(exact).toBe(true);
        },
      ),
      { numRuns: 50 },
    );
  });
});

describe('a prefix tree', () => {
  it('finds the stretch of greatest sum from a place on, the first or the last of equals', () => {
    const anyValues = fc.array(fc.integer({ min: -3, max: 3 }), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(anyValues, fc.nat(), fc.nat(), fc.integer({ min: -3, max: 3 }), (values, from, at, value) => {
        const [first, last] = (['first', 'last'] as const).map((which) => {
          const tree = new PrefixTree(values, which);
          tree.set(at % values.length, value);
          return Math.min(values.length, tree.bestFrom(from % values.length));
        });
        const changed = values.with(at % values.length, value);
        const start = from % values.length;
        const sums = changed.map((_, end) => changed.slice(start, end).reduce((sum, one) => sum + one, 0));
        sums.push(changed.slice(start).reduce((sum, one) => sum + one, 0));
        const most = Math.max(...sums.slice(start));
        expect(first).toBe(sums.findIndex((sum, end) => end >= start && sum === most));
        expect(last).toBe(sums.findLastIndex((sum, end) => end >= start && sum === most));
      }),
    );
  });
});
