import { describe, expect, it } from 'vitest';
import { weighed } from '../../policies/purchase/weighed.ts';
import { hours, minutes } from '../../src/domain/time.ts';
import type { Offer } from '../../src/domain/words.ts';
import type { Need } from '../../src/policy/purchase.ts';
import { anOffer } from '../support/aBlock.ts';
import { aKeeper } from '../support/aKeeper.ts';
import { aPool } from '../support/aPool.ts';
import { aShelf } from '../support/aShelf.ts';

const START = Date.UTC(2026, 2, 2);
const SPOT = anOffer({ usdPerHour: 0.1 });
const ON_DEMAND: Offer = { ...SPOT, term: 'on-demand', usdPerHour: 0.4 };

describe('a pool that buys on spot and on demand', () => {
  const purchase = weighed.create(weighed.options.parse({}), aShelf);

  it('goes on demand after an interruption, and tries spot with one block when the market has been calm', () => {
    const keeper = aKeeper(aPool(1, { purchase }, { term: ['spot', 'on-demand'], coolingMs: minutes(5) }));
    const quoted = (at: number) =>
      ({ type: 'offers.quoted', at, pool: 'ci', offers: [SPOT, ON_DEMAND], onDemandUsdPerHour: 0.4 }) as const;
    keeper.begins(START, [SPOT, ON_DEMAND]);
    expect(keeper.asked('requestCapacity')).toMatchObject([{ offer: { term: 'spot' } }]);
    keeper.serves('ci-0.1', START + minutes(1), { offer: SPOT });
    const at = START + minutes(30);
    keeper.hears({ type: 'instance.interrupted', at, blockId: 'ci-0.1', reclaimAt: at + minutes(2) }, quoted(at + 1));
    expect(keeper.asked('requestCapacity')).toMatchObject([{ offer: { term: 'on-demand' } }]);
  });

  it('knows since when each market has had a block of it, and no market on demand', () => {
    const keeper = aKeeper(aPool(3, { purchase: { rank: (offers) => offers } }, { term: ['spot', 'on-demand'] }));
    const market = `${SPOT.instanceType}/${SPOT.zone}`;
    const seen = () => keeper.keeper.memories.get('ci')?.observations.markets.seen[market];
    keeper.begins(START, [SPOT, ON_DEMAND]);
    keeper.serves('ci-0.1', START + minutes(1), { offer: SPOT });
    keeper.serves('ci-1.1', START + minutes(2), { offer: SPOT });
    keeper.serves('ci-2.1', START + minutes(3), { offer: ON_DEMAND });
    expect(seen()).toMatchObject({ keptSince: START + minutes(1) });
    const gone = (slot: number, after: number) =>
      keeper.hears({ type: 'instance.gone', at: START + minutes(after), blockId: `ci-${slot}.1`, cause: 'unknown' });
    gone(0, 10);
    expect(seen()).toMatchObject({ keptSince: START + minutes(1) });
    gone(1, 11);
    expect(seen()).toMatchObject({ keptMs: minutes(10) });
    expect(seen()).not.toHaveProperty('keptSince');
    gone(2, 12);
    expect(seen()).toMatchObject({ keptMs: minutes(10) });
  });
});

describe('what a purchase policy is shown of its blocks', () => {
  it('are those that AWS could take back, by market, with this turn’s', () => {
    const shown: Need['held'][] = [];
    // It reads the slot too, so that it is asked about each.
    const rank = (offers: readonly Offer[], { held, slot }: Need) => {
      shown.push(Object.fromEntries(Object.entries(held).map(([market, one]) => [market, { ...one }])));
      return slot === 0 ? [offers[1]!] : offers;
    };
    const keeper = aKeeper(aPool(3, { purchase: { rank } }, { term: ['spot', 'on-demand'] }));
    keeper.begins(START, [SPOT, ON_DEMAND]);
    const market = `${SPOT.instanceType}/${SPOT.zone}`;
    expect(shown).toEqual([{}, {}, { [market]: { blocks: 1 } }]);
    keeper.serves('ci-1.1', START + minutes(1), { offer: SPOT });
    keeper.hears({ type: 'instance.gone', at: START + minutes(2), blockId: 'ci-1.1', cause: 'unknown' });
    keeper.hears({ type: 'offers.quoted', at: START + minutes(3), pool: 'ci', offers: [SPOT, ON_DEMAND] });
    expect(shown.at(-1)).toEqual({ [market]: { blocks: 1 } });
  });
});

describe('a purchase policy that says not before', () => {
  it('buys nothing until then, and is asked again at that instant', () => {
    const opensAt = START + hours(1);
    const rank = (offers: readonly Offer[], { now }: Need) => (now < opensAt ? { ranked: [], until: opensAt } : offers);
    const keeper = aKeeper(aPool(1, { purchase: { rank } }, { quoteMs: hours(3) }));
    keeper.begins(START);
    expect(keeper.effects).toEqual([]);
    expect(keeper.wakeAt).toBe(opensAt);
    keeper.hears({ type: 'clock.reached', at: opensAt });
    expect(keeper.asked('requestCapacity')).toHaveLength(1);
  });
});
