import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type BlockView, viewOf } from '../../src/block/block.ts';
import { NEVER } from '../../src/domain/time.ts';
import { marketOf } from '../../src/domain/words.ts';
import type { PurchaseQuestion } from '../../src/policy/purchase.ts';
import type { RenewalPolicy, RenewalQuestion } from '../../src/policy/renewal.ts';
import { askingFor, type KeptTimes, nothingKept } from '../../src/pool/keptAnswers.ts';
import { type PoolMoment, partOfQuestion, renewalQuestion } from '../../src/pool/renewalQuestion.ts';
import { aPurchaseQuestion, aRenewalQuestion } from '../laws/questions.ts';
import { aLease, anOffer } from '../support/aBlock.ts';
import { aKeeper } from '../support/aKeeper.ts';
import { aPool, aSpec, somePolicies } from '../support/aPool.ts';
import { hours, minutes } from '../support/lengths.ts';

const demand = { blocks: 1, until: NEVER };
const aMoment = (over: Partial<PoolMoment> = {}): PoolMoment => ({
  now: minutes(10),
  spec: aSpec(),
  allowance: demand,
  next: demand,
  durations: undefined,
  boots: undefined,
  markets: {},
  ...over,
});

/** A block that serves, as its pool sees it. */
function aView(over: Partial<BlockView> = {}): BlockView {
  const { keeper } = aKeeper(aPool(1)).begins(0).serves('ci-0.1', minutes(1));
  const [block] = keeper.blocks.values();
  return { ...viewOf(block!), ...over };
}

const nobody = (): never => {
  throw new Error('expected no fault');
};

/** How often a renewal policy is asked when one moment and block follow another; the first asking counts. */
function askedIn(timesFor: RenewalPolicy['timesFor'], ...turns: readonly (readonly [PoolMoment, BlockView])[]): number {
  let asked = 0;
  const policies = somePolicies(1, {
    renewal: {
      timesFor: (question) => {
        asked += 1;
        return timesFor(question);
      },
    },
  });
  let kept: KeptTimes | null = null;
  for (const [moment, block] of turns)
    ({ kept } = askingFor(policies, nothingKept, nobody).times(moment, block, block.lease!, kept));
  return asked;
}

const fromLease = ({ lease: { expiresAt: at } }: RenewalQuestion) => ({
  relieveAt: at - 9,
  drainAt: at - 9,
  endBy: at,
});

describe('A renewal policy', () => {
  const block = aView();
  const later = aMoment({ now: minutes(30), durations: { count: 20, p50Ms: 1, p95Ms: 2, p99Ms: 3 } });

  it('is asked once where nothing changes that it reads, whatever else does', () => {
    expect(askedIn(fromLease, [aMoment(), block], [later, aView({ jobs: 3, busySince: 4 })])).toBe(1);
  });

  it('is asked again when something that it read is another value, and not when it is another object', () => {
    const policy = (question: RenewalQuestion) => {
      const times = fromLease(question);
      return question.jobs.running > 5 || question.atRiskAt !== undefined ? { ...times, relieveAt: 1 } : times;
    };
    expect(askedIn(policy, [aMoment(), block], [later, aView({ lease: { ...block.lease! } })])).toBe(1);
    expect(askedIn(policy, [aMoment(), block], [later, aView({ jobs: 1 })])).toBe(2);
    // It was absent, and that is what was read of it.
    expect(askedIn(policy, [aMoment(), block], [later, aView({ atRiskAt: 5 })])).toBe(2);
  });

  it('is asked in each new turn where it reads the time, and not twice in one', () => {
    const policy = (question: RenewalQuestion) => ({ ...fromLease(question), relieveAt: question.now });
    expect(askedIn(policy, [aMoment(), block], [aMoment(), block], [later, block])).toBe(2);
  });

  it('is not asked before its answer has run out, and is when it has', () => {
    const policy = (question: RenewalQuestion) => ({ ...fromLease(question), until: question.now + minutes(20) });
    const at = (now: number) => [aMoment({ now }), block] as const;
    expect(askedIn(policy, at(minutes(10)), at(minutes(29)))).toBe(1);
    expect(askedIn(policy, at(minutes(10)), at(minutes(30)))).toBe(2);
    expect(
      askedIn(policy, at(minutes(10)), [aMoment({ now: minutes(11) }), aView({ lease: aLease({ startsAt: 9 }) })]),
    ).toBe(2);
  });

  it('is asked in each turn after a fault, and after it has cloned its question', () => {
    const told: string[] = [];
    let kept: KeptTimes | null = null;
    const throws = somePolicies(1, { renewal: { timesFor: () => Object.assign({}, null) } });
    for (let turn = 0; turn < 3; turn += 1) {
      const asking = askingFor(throws, nothingKept, (_, kind) => told.push(kind));
      ({ kept } = asking.times(aMoment(), block, block.lease!, kept));
    }
    expect(told).toEqual(['answer', 'answer', 'answer']);
    // Twice for each clone: the second time it gets a question that can be cloned.
    expect(askedIn((question) => fromLease(structuredClone(question)), [aMoment(), block], [later, block])).toBe(4);
  });

  it('keeps the same object where nothing is new', () => {
    const policies = somePolicies(1);
    const first = askingFor(policies, nothingKept, nobody).times(aMoment(), block, block.lease!, null);
    const second = askingFor(policies, nothingKept, nobody).times(later, block, block.lease!, first.kept);
    expect(second.kept).toBe(first.kept);
    expect(askingFor(policies, nothingKept, nobody).kept(null)).toBe(nothingKept);
  });
});

describe('A question in parts', () => {
  it('is the question, part by part', () => {
    fc.assert(
      fc.property(aRenewalQuestion, aPurchaseQuestion, fc.boolean(), (question, { need }, met) => {
        const { now, lease, next, jobs, boots, atRiskAt, slot } = question;
        const markets = met ? { ...need.markets, [marketOf(lease.offer)]: question.market } : {};
        const moment = aMoment({ now, allowance: question.allowance, next, durations: jobs.durations, boots, markets });
        const block = aView({
          ...{ slot, jobs: jobs.running, busySince: jobs.busySince ?? null, atRiskAt: atRiskAt ?? null },
        });
        const whole = renewalQuestion(moment, block, lease);
        for (const name of [...Object.keys(question), ...Object.keys(whole), 'other'])
          expect(partOfQuestion(moment, block, lease, name)).toEqual(whole[name as keyof RenewalQuestion]);
      }),
    );
  });
});

describe('A purchase policy', () => {
  const asked = (over: Partial<PurchaseQuestion['need']> = {}, usdPerHour = 0.1): PurchaseQuestion => ({
    offers: [anOffer({ usdPerHour: 0.2 }), anOffer({ zone: 'us-east-1b', usdPerHour })],
    need: {
      now: 1,
      allowance: demand,
      next: demand,
      slot: 0,
      blockId: 'ci-0.1',
      zones: [],
      blocksIn: {},
      held: {},
      markets: {},
      terms: ['spot'],
      ...over,
    },
  });

  it('is asked again only when what it read has changed: here prices, not zones or slots', () => {
    let count = 0;
    const rank = (offers: PurchaseQuestion['offers']) => {
      count += 1;
      return offers.toSorted((a, b) => a.usdPerHour - b.usdPerHour);
    };
    const asking = askingFor(somePolicies(1, { purchase: { rank } }), nothingKept, nobody);
    expect(asking.rank(asked()).places).toEqual([1, 0]);
    expect(asking.rank(asked({ now: 2, slot: 1, blockId: 'ci-1.1', zones: ['us-east-1b'] })).places).toEqual([1, 0]);
    expect(count).toBe(1);
    expect(asking.rank(asked({}, 0.3)).places).toEqual([0, 1]);
    expect(count).toBe(2);
  });

  it('that buys nothing until an instant is asked then, and the keeper wakes for it', () => {
    const until = hours(1);
    let count = 0;
    const rank = (offers: PurchaseQuestion['offers'], { now }: PurchaseQuestion['need']) => {
      count += 1;
      return now < until ? { ranked: [], until } : offers;
    };
    const keeper = aKeeper(aPool(1, { purchase: { rank } }, { quoteMs: hours(9) })).begins(0);
    expect(keeper.wakeAt).toBe(until);
    keeper.hears({ type: 'clock.reached', at: minutes(30) });
    expect([count, keeper.asked('requestCapacity').length]).toEqual([1, 0]);
    keeper.hears({ type: 'clock.reached', at: until });
    expect([count, keeper.asked('requestCapacity').length]).toEqual([2, 1]);
  });
});

it('The keeper wakes when the times of a block have run out', () => {
  const renewal: RenewalPolicy = {
    timesFor: (question) => ({
      ...fromLease(question),
      until: (Math.floor(question.now / minutes(7)) + 1) * minutes(7),
    }),
  };
  const keeper = aKeeper(aPool(1, { renewal })).begins(0).serves('ci-0.1', minutes(1));
  expect(keeper.wakeAt).toBe(minutes(7));
  keeper.hears({ type: 'clock.reached', at: minutes(7) });
  expect(keeper.wakeAt).toBe(minutes(14));
});
