import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Draws, draws } from '../../../sim/chance/draw.ts';

const MANY = 40_000;
const sample = (draw: (n: number) => number): number[] => Array.from({ length: MANY }, (_, n) => draw(n));
const meanOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
const quantile = (values: readonly number[], share: number): number =>
  [...values].sort((a, b) => a - b)[Math.floor(share * values.length)]!;

function correlation(left: readonly number[], right: readonly number[]): number {
  const [meanLeft, meanRight] = [meanOf(left), meanOf(right)];
  const products = left.map((value, n) => (value - meanLeft) * (right[n]! - meanRight));
  const spread = (values: readonly number[], mean: number) => meanOf(values.map((value) => (value - mean) ** 2));
  return meanOf(products) / Math.sqrt(spread(left, meanLeft) * spread(right, meanRight));
}

/** Chance alone keeps a correlation of this many pairs within 1/sqrt(n); five times that is one in a million. */
const NO_CORRELATION = 5 / Math.sqrt(MANY);

/** The ways in which a simulation walks through questions; each must look like chance. */
const WALKS: Readonly<Record<string, (luck: Draws, n: number) => number>> = {
  'counters of one subject': (luck, n) => luck.uniform('cluster.boot', 'ci-0.1.1', n),
  'numbered subjects': (luck, n) => luck.uniform('cluster.boot', n, 0),
  'named subjects': (luck, n) => luck.uniform('cluster.boot', `ci-${n % 15}.${Math.floor(n / 15)}.1`, 0),
  streams: (luck, n) => luck.uniform(`stream.${n}`, 'ci-0.1.1', 0),
  seeds: (_, n) => draws(n).uniform('cluster.boot', 'ci-0.1.1', 0),
};

describe('a draw', () => {
  it('answers the same question the same way, whatever was asked in between', () => {
    fc.assert(
      fc.property(fc.nat(), fc.string(), fc.oneof(fc.string(), fc.nat()), fc.nat(), (seed, stream, subject, count) => {
        const luck = draws(seed);
        const answer = luck.uniform(stream, subject, count);
        luck.uniform(`${stream}.other`, subject, count);
        luck.uniform(stream, `${subject}'`, count);
        expect(luck.uniform(stream, subject, count)).toBe(answer);
        expect(draws(seed).uniform(stream, subject, count)).toBe(answer);
        expect(answer).toBeGreaterThan(0);
        expect(answer).toBeLessThan(1);
      }),
    );
  });

  it('is the same on every machine', () => {
    const luck = draws(7);
    expect([
      luck.uniform('cluster.boot', 'ci-0.1.1', 0),
      luck.uniform('market.reclaim', 12, 3),
      luck.exponential('market.reclaim', 'm5.large/us-east-1a', 0, 24),
      luck.logNormal('cluster.boot', 'ci-0.1.1', 0, { median: 90_000, p95: 180_000 }),
    ]).toMatchInlineSnapshot(`
      [
        0.9856667882859084,
        0.16684749128323106,
        28.800919709825948,
        226299.43581585967,
      ]
    `);
  });

  it('tells the parts of a question apart', () => {
    const luck = draws(1);
    const answers = [
      luck.uniform('ab', 'c', 0),
      luck.uniform('a', 'bc', 0),
      luck.uniform('abc', '', 0),
      luck.uniform('ab', 'c', 1),
      luck.uniform('a', 5, 0),
      luck.uniform('b', 5, 0),
      luck.uniform('a', '5', 0),
      luck.uniform('a', 2 ** 32 + 5, 0),
      luck.uniform('a', -5, 0),
      draws(2).uniform('ab', 'c', 0),
      draws(2 ** 32 + 1).uniform('ab', 'c', 0),
    ];
    expect(new Set(answers).size).toBe(answers.length);
  });

  it.each(Object.entries(WALKS))('is spread evenly over %s', (_, walk) => {
    const luck = draws(344_728_595);
    const values = sample((n) => walk(luck, n));
    expect(meanOf(values)).toBeCloseTo(0.5, 2);
    expect(meanOf(values.map((value) => value * value))).toBeCloseTo(1 / 3, 2);
    expect(new Set(values).size).toBe(MANY);
    // Chi-square over 64 equal parts: mean 63, standard deviation 11.2.
    const parts = new Array<number>(64).fill(0);
    for (const value of values) parts[Math.floor(value * 64)]! += 1;
    const expected = MANY / 64;
    const chiSquare = parts.reduce((sum, found) => sum + (found - expected) ** 2 / expected, 0);
    expect(chiSquare).toBeGreaterThan(63 - 5 * 11.2);
    expect(chiSquare).toBeLessThan(63 + 5 * 11.2);
  });

  it.each(Object.entries(WALKS))('shows no trace of its neighbours over %s', (_, walk) => {
    const luck = draws(19);
    const values = sample((n) => walk(luck, n));
    for (const step of [1, 2, 15, 16])
      expect(Math.abs(correlation(values.slice(step), values.slice(0, -step)))).toBeLessThan(NO_CORRELATION);
  });

  it('is independent of the same question in another stream, about another subject, under another seed', () => {
    const [luck, other] = [draws(3), draws(4)];
    const values = sample((n) => luck.uniform('cluster.boot', 'ci-0.1.1', n));
    for (const others of [
      sample((n) => luck.uniform('cluster.never', 'ci-0.1.1', n)),
      sample((n) => luck.uniform('cluster.boot', 'ci-1.1.1', n)),
      sample((n) => luck.uniform('cluster.boot', 0, n)),
      sample((n) => other.uniform('cluster.boot', 'ci-0.1.1', n)),
    ])
      expect(Math.abs(correlation(values, others))).toBeLessThan(NO_CORRELATION);
  });

  it('has good low digits too', () => {
    const luck = draws(5);
    const digits = sample((n) => (luck.uniform('low', n, 0) * 2 ** 26) % 1);
    expect(meanOf(digits)).toBeCloseTo(0.5, 2);
    const values = sample((n) => luck.uniform('low', n, 0));
    expect(Math.abs(correlation(digits, values))).toBeLessThan(NO_CORRELATION);
  });
});

describe('what is made of draws', () => {
  const luck = draws(11);

  it('gives every whole number in the range, its ends included, equally often', () => {
    const values = sample((n) => luck.integer('dice', 'one', n, 1, 6));
    for (const face of [1, 2, 3, 4, 5, 6])
      expect(values.filter((value) => value === face).length / MANY).toBeCloseTo(1 / 6, 1.7);
    expect(new Set(values).size).toBe(6);
    expect(luck.integer('dice', 'one', 0, 4, 4)).toBe(4);
  });

  it('waits exponentially', () => {
    const waits = sample((n) => luck.exponential('wait', 'one', n, 10));
    expect(meanOf(waits)).toBeGreaterThan(9.7);
    expect(meanOf(waits)).toBeLessThan(10.3);
    expect(quantile(waits, 0.5)).toBeCloseTo(10 * Math.LN2, 0);
    expect(quantile(waits, 0.95)).toBeCloseTo(10 * Math.log(20), -0.3);
  });

  it('meets both quantiles of a log-normal', () => {
    const boots = sample((n) => luck.logNormal('boot', 'one', n, { median: 90, p95: 240 }));
    expect(quantile(boots, 0.5) / 90).toBeCloseTo(1, 1);
    expect(quantile(boots, 0.95) / 240).toBeCloseTo(1, 1);
    const bySigma = sample((n) => luck.logNormal('boot', 'two', n, { median: 90, sigma: 0.9 }));
    expect(meanOf(bySigma) / (90 * Math.exp(0.405))).toBeCloseTo(1, 1);
    expect(luck.logNormal('boot', 'one', 0, { median: 90, p95: 90 })).toBe(90);
  });

  it('picks each of the choices, and none of no choices', () => {
    const counts = { a: 0, b: 0, c: 0 };
    for (let n = 0; n < MANY; n += 1) counts[luck.pick('choice', 'one', n, ['a', 'b', 'c'] as const)] += 1;
    for (const count of Object.values(counts)) expect(count / MANY).toBeCloseTo(1 / 3, 1.7);
    expect(() => luck.pick('choice', 'one', 0, [])).toThrow(RangeError);
  });
});
