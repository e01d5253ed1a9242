import { describe, expect, it } from 'vitest';
import type { Effect } from '../../src/domain/effects.ts';
import type { Fact } from '../../src/domain/facts.ts';
import type { PolicySlots } from '../../src/policy/definePolicy.ts';
import { aLease, anOffer } from '../support/aBlock.ts';
import { aKeeper } from '../support/aKeeper.ts';
import { seen } from '../support/aNode.ts';
import { aPool } from '../support/aPool.ts';
import { hours, minutes } from '../support/lengths.ts';
import { aGallery, someUserPolicies } from './aGallery.ts';
import { immoderate } from './hostile/immoderate.ts';
import { nonsense } from './hostile/nonsense.ts';
import { silent } from './hostile/silent.ts';
import { throwing } from './hostile/throwing.ts';

const wrong = { ...nonsense, ...throwing, ...silent };
const policies = someUserPolicies();
const policyOf = aGallery({ ...wrong, ...immoderate }, policies);

const OFFERS = [anOffer({ zone: 'us-east-1b', usdPerHour: 0.2 }), anOffer({ usdPerHour: 0.1 })];

const JOBS = { waiting: 2, waitingSince: 0, onBlocks: {}, held: 0, overflow: 0, arrived: 0, jobsPerBlock: 1 };

/** Half a lease of a pool that wants two blocks and may have four, under a policy in place of its own. */
function halfALease(over: Partial<PolicySlots>) {
  const keeper = aKeeper(aPool(2, over, { maxBlocks: 4, surge: 1 }));
  const effects: Effect[] = [];
  const hears = (fact: Fact): void => {
    keeper.hears(fact);
    effects.push(...keeper.effects);
  };
  hears({ type: 'inventory.taken', at: 0, sightings: [], generations: {}, complete: true });
  // Two jobs want a block each, for a policy that looks.
  hears({ type: 'workload.observed', at: 1, pool: 'ci', takenAt: 1, workload: JOBS });
  for (let at = minutes(1); at <= hours(2); at += minutes(10)) {
    hears({ type: 'offers.quoted', at, pool: 'ci', offers: OFFERS });
    for (const { blockId, token, offer } of keeper.asked('requestCapacity')) {
      const lease = aLease({ instanceId: `i-${blockId}`, offer, startsAt: at });
      hears({ type: 'capacity.granted', at: at + 1, blockId, token, lease });
      hears(seen(blockId, at + 2, { name: `node-${blockId}` }));
    }
    hears({ type: 'clock.reached', at: at + minutes(5) });
  }
  const told = effects.flatMap((effect) =>
    effect.type === 'announce' && effect.reason === 'PolicyFault' ? effect.note : [],
  );
  return { keeper, effects, told, asked: effects.filter(({ type }) => type === 'requestCapacity').length };
}

describe.each(Object.keys(wrong))('%s', (name) => {
  const { slot, told: expected } = wrong[name]!;

  it('are told of once, and a fallback decides', () => {
    const { told, keeper } = halfALease(policyOf(name));
    expect(told).toEqual([expect.stringMatching(expected!.what)]);
    expect(told[0]).toMatch(new RegExp(`^the ${slot} policy \\./.*\\.ts .*; the built-in fallback decides$`));
    // Operating hours that were never known want nothing; the other fallbacks let the pool be as large as it should be.
    const serving = Object.values(keeper.states).filter((state) => state === 'serving');
    expect(serving).toHaveLength(slot === 'operatingHours' ? 0 : 2);
  });

  it('are counted each time that a fallback decides', () => {
    const found = policies.faults().filter((fault) => expected!.what.test(fault.what) && fault.kind === expected!.kind);
    expect(found).not.toEqual([]);
    for (const { times } of found) expect(times).toBeGreaterThan(0);
  });
});

describe.each(Object.keys(immoderate))('%s', (name) => {
  it('are held by the caps of the pool', () => {
    const { told, keeper, asked } = halfALease(policyOf(name));
    expect(told).toEqual([]);
    expect(Object.keys(keeper.states).length).toBeLessThanOrEqual(4);
    expect(asked).toBeLessThanOrEqual(12 * 4);
    expect(keeper.wakeAt % 1).toBe(0);
  });
});

it('A pool whose hours ask for more each time says once that it is capped', () => {
  const { effects } = halfALease(policyOf('hours that want more each time'));
  const capped = effects.filter((effect) => effect.type === 'announce' && effect.reason === 'DemandCapped');
  expect(capped).toHaveLength(1);
});

it('A policy that is not asked any more leaves the others as they were', () => {
  const honest = policyOf('hours of a thousand million blocks').operatingHours!;
  expect(halfALease(policyOf('times that loop')).told).toHaveLength(1);
  expect(honest.allowedAt(0)).toEqual({ blocks: 1e9, until: Number.POSITIVE_INFINITY });
});

it('A policy that always answers is never taken for one that does not, however often it is asked', () => {
  const { operatingHours } = policyOf('hours of a thousand million blocks');
  for (let now = 0; now < 200_000; now += 1) operatingHours!.allowedAt(now);
});
