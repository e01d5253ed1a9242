import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buyingConditions } from '../../src/live/observers/buyingConditions.ts';
import type { SpendingLimits } from '../../src/pool/pool.ts';
import { spentAt } from '../../src/pool/spending.ts';
import { aLease, anOffer } from '../support/aBlock.ts';
import { aKeeper } from '../support/aKeeper.ts';
import { aPool } from '../support/aPool.ts';
import { hours, minutes } from '../support/lengths.ts';

const clock = (at: number) => ({ type: 'clock.reached', at }) as const;
/** Blocks are of four hours at ten cents: 0.40 USD each, unless a day ends before. */
const limited = (blocks: number, spending: SpendingLimits) => aKeeper(aPool(blocks, {}, { spending }));

describe('a pool with a spending limit', () => {
  it('buys as many leases as fit in to their ends, and says why no more', () => {
    const keeper = limited(5, { usdPerDay: 1 }).begins(0);
    expect(keeper.asked('requestCapacity').map(({ blockId }) => blockId)).toEqual(['ci-0.1', 'ci-1.1']);
    keeper.hears(clock(minutes(1)));
    expect(keeper.asked('announce')).toMatchObject([{ reason: 'SpendingCap' }]);
    expect(buyingConditions(keeper.keeper, minutes(1))).toMatchObject([
      { status: 'false', reason: 'SpendingCap', message: expect.stringContaining('1 USD a day') as string },
    ]);
    expect(keeper.wakeAt).toBeLessThanOrEqual(hours(24));
  });

  it('buys again when the day is over', () => {
    const keeper = limited(1, { usdPerDay: 0.5 }).begins(0).serves('ci-0.1', 10);
    keeper.hears({ type: 'instance.gone', at: hours(3), blockId: 'ci-0.1', cause: 'interrupted' });
    const quote = (at: number) =>
      ({ type: 'offers.quoted', at, pool: 'ci', offers: [anOffer({ zone: 'b' })] }) as const;
    keeper.hears(quote(hours(12)));
    expect(keeper.asked('requestCapacity')).toEqual([]);
    // What is left of the day is cheaper than a whole lease, and the limit is one of the day.
    keeper.hears(quote(hours(24) + 1));
    expect(keeper.asked('requestCapacity')).toHaveLength(1);
  });

  it('holds a lease that reaches into the next day to the limit of that day', () => {
    // Today each costs 0.10 USD, and tomorrow 0.30.
    const keeper = limited(5, { usdPerDay: 0.5 }).begins(hours(23));
    expect(keeper.asked('requestCapacity').map(({ blockId }) => blockId)).toEqual(['ci-0.1']);
  });

  it('counts a request at the dearest that it may come to, as long as it has no answer', () => {
    const [cheap, dear] = [anOffer({ usdPerHour: 0.1 }), anOffer({ zone: 'b', usdPerHour: 0.2 })];
    // Four hours at 0.20 USD are 0.80: two of them fit, and would not be three if one were thought to be had for 0.40.
    const keeper = limited(3, { usdPerDay: 1.9 }).begins(0, [cheap, dear]);
    const requests = keeper.asked('requestCapacity');
    expect(requests.map(({ blockId }) => blockId)).toEqual(['ci-0.1', 'ci-1.1']);
    keeper.hears({ type: 'offers.quoted', at: 1_000, pool: 'ci', offers: [cheap] });
    expect(keeper.asked('requestCapacity')).toEqual([]);
    for (const { blockId, token, offer } of requests)
      keeper.hears({ type: 'capacity.refused', at: 2_000, blockId, token, offer, refusal: 'no-capacity' });
    expect(keeper.asked('requestCapacity')).toMatchObject([{ blockId: 'ci-1.1', offer: { usdPerHour: 0.2 } }]);
  });

  it('buys what is cheap enough where the policy would rather have the dear one', () => {
    const purchase = { rank: (offers: readonly object[]) => [...offers].reverse() as never };
    const keeper = aKeeper(aPool(1, { purchase }, { spending: { usdPerMonth: 0.5 } }));
    keeper.begins(0, [anOffer(), anOffer({ zone: 'b', usdPerHour: 0.2 })]);
    expect(keeper.asked('requestCapacity')).toMatchObject([{ offer: { usdPerHour: 0.1 } }]);
  });

  it('knows after a restart what is paid and what lives', () => {
    const sighting = { blockId: 'ci-0.1', attempt: 1, lease: aLease({ startsAt: hours(1) }) };
    const keeper = limited(3, { usdPerDay: 0.85 }).finds(hours(2), [sighting]);
    keeper.hears({ type: 'offers.quoted', at: hours(2) + 1, pool: 'ci', offers: [anOffer()] });
    expect(keeper.asked('requestCapacity')).toHaveLength(1);
  });

  it('never spends more than its limits while leases end by their ends, whatever is asked for', () => {
    const event = fc.record({
      afterMs: fc.integer({ min: 1, max: 600 }).map(minutes),
      usdPerHour: fc.integer({ min: 1, max: 400 }).map((cents) => cents / 100),
      isRefused: fc.boolean(),
    });
    const limits = fc.record(
      { usdPerDay: fc.integer({ min: 1, max: 20 }), usdPerMonth: fc.integer({ min: 1, max: 60 }) },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(
        limits,
        fc.integer({ min: 1, max: 6 }),
        fc.array(event, { maxLength: 40 }),
        (spending, blocks, events) => {
          fc.pre(Object.keys(spending).length > 0);
          const keeper = limited(blocks, spending);
          keeper.finds(0, []);
          let at = 0;
          const living = new Map<string, { instanceId: string; endsAt: number }>();
          for (const { afterMs, usdPerHour, isRefused } of events) {
            at += afterMs;
            for (const [blockId, { endsAt }] of living)
              if (endsAt <= at) {
                living.delete(blockId);
                keeper.hears({ type: 'instance.gone', at: Math.max(endsAt, 1), blockId, cause: 'terminated' });
              }
            const offers = [anOffer({ usdPerHour }), anOffer({ zone: 'b', usdPerHour: usdPerHour * 2 })];
            keeper.hears({ type: 'offers.quoted', at, pool: 'ci', offers });
            for (const { blockId, token, offer } of keeper.asked('requestCapacity')) {
              const lease = aLease({ instanceId: `i-${token}`, offer, startsAt: at });
              if (isRefused) {
                keeper.hears({ type: 'capacity.refused', at, blockId, token, offer, refusal: 'no-capacity' });
                for (const again of keeper.asked('requestCapacity')) grant(again.blockId, again.token, again.offer);
              } else keeper.hears({ type: 'capacity.granted', at, blockId, token, lease });
              if (!isRefused) living.set(blockId, { instanceId: lease.instanceId, endsAt: lease.expiresAt });
            }
            const memory = keeper.keeper.memories.get('ci')!;
            const leases = [...keeper.keeper.blocks.values()].flatMap(({ state, context: { lease } }) =>
              lease === null || state === 'gone' ? [] : [{ ...lease, startsAt: lease.startsAt }],
            );
            const { todayUsd, monthUsd } = spentAt(memory.observations.paid, leases, at);
            expect(todayUsd).toBeLessThanOrEqual((spending.usdPerDay ?? Number.POSITIVE_INFINITY) + 0.01);
            expect(monthUsd).toBeLessThanOrEqual((spending.usdPerMonth ?? Number.POSITIVE_INFINITY) + 0.01);
          }

          function grant(blockId: string, token: string, offer: ReturnType<typeof anOffer>): void {
            const lease = aLease({ instanceId: `i-${token}`, offer, startsAt: at });
            keeper.hears({ type: 'capacity.granted', at, blockId, token, lease });
            living.set(blockId, { instanceId: lease.instanceId, endsAt: lease.expiresAt });
          }
        },
      ),
      { numRuns: 40 },
    );
  });
});
