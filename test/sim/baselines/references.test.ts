import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { boundOf } from '../../../sim/baselines/bound/bound.ts';
import { usdOfChains } from '../../../sim/baselines/foresight/chains.ts';
import { foresightOf } from '../../../sim/baselines/foresight/foresight.ts';
import { guideOf } from '../../../sim/baselines/foresight/guide.ts';
import { stretchesOf } from '../../../sim/baselines/foresight/happenings.ts';
import { planOf } from '../../../sim/baselines/foresight/plan.ts';
import { search } from '../../../sim/baselines/foresight/search.ts';
import { exhaustively } from './exhaustive.ts';
import { anyWorld } from './worlds.ts';

const ONE_JOB_A_NODE = anyWorld([[1]], [[1], [1]]);
const SLOTS = anyWorld([[1]], [[2], [5]]);
const TWO_SIZES = anyWorld(
  [
    [1, 4],
    [3, 2],
  ],
  [
    [4, 8],
    [8, 16],
  ],
);

/** The shares differ by less than a tenth of a percent; by nothing at all, up to rounding, is what is asked here. */
const near = (usd: number, other: number): boolean => Math.abs(usd - other) <= 1e-9 * Math.max(1, other);

describe('the bound', () => {
  for (const [name, worlds] of Object.entries({
    'one job a node': ONE_JOB_A_NODE,
    slots: SLOTS,
    'two sizes': TWO_SIZES,
  }))
    it(`is the cheapest mix of every moment: ${name}`, () => {
      fc.assert(
        fc.property(worlds, (question) => {
          const { usd, exactShare } = boundOf(question);
          expect(usd).toSatisfy((found: number) => near(found, exhaustively(question).bound()));
          expect(exactShare).toBe(1);
        }),
        { numRuns: 500 },
      );
    });

  it('is never above foresight, with one job a node or several', () => {
    const worlds = fc.oneof(ONE_JOB_A_NODE, SLOTS, TWO_SIZES, anyWorld([[1]], [[2], [2]], 40));
    fc.assert(
      fc.property(worlds, (question) => {
        const { usd, atLeastUsd } = foresightOf(question);
        expect(boundOf(question).usd).toBeLessThanOrEqual(atLeastUsd + 1e-9);
        expect(atLeastUsd).toBeLessThanOrEqual(usd + 1e-9);
      }),
      { numRuns: 500 },
    );
  });
});

describe('foresight', () => {
  it('is the cheapest of all ways, with one job a node', () => {
    fc.assert(
      fc.property(ONE_JOB_A_NODE, (question) => {
        const { usd, exact } = foresightOf(question);
        expect(usd).toSatisfy((found: number) => near(found, exhaustively(question).foresight()));
        expect(exact).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it('does not depend on the order of jobs', () => {
    fc.assert(
      fc.property(anyWorld([[1]], [[1], [1]], 30), (question) => {
        const turned = { ...question, jobs: question.jobs.toReversed() };
        const [one, other] = [foresightOf(question), foresightOf(turned)];
        if (one.exact && other.exact) expect(other.usd).toBeCloseTo(one.usd, 9);
        expect(other.atLeastUsd).toBeLessThanOrEqual(one.usd + 1e-9);
      }),
    );
  });
});

describe('the search by itself', () => {
  it('finds the cheapest of all ways without a plan to begin with, and reckons rightly what it costs', () => {
    fc.assert(
      fc.property(ONE_JOB_A_NODE, (question) => {
        const plan = planOf(question);
        const guide = guideOf(plan);
        const found = stretchesOf(plan, guide.nodes).map((stretch) =>
          search(guide, stretch, { budget: Infinity, width: 50_000 }),
        );
        const least = exhaustively(question).foresight();
        const chains = found.flatMap((one) => one.chains ?? []);
        expect(usdOfChains(plan, chains)).toSatisfy((usd: number) => near(usd, least));
        const reckoned = found.reduce((sum, { above }) => sum + above, guide.floor.usd);
        expect(reckoned).toSatisfy((usd: number) => near(usd, least));
        for (const { above, atLeastAbove } of found) expect(atLeastAbove).toBe(above);
      }),
      { numRuns: 500 },
    );
  });
});
