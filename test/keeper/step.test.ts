import { describe, expect, it } from 'vitest';
import { NEVER } from '../../src/domain/time.ts';
import { aLease, anOffer } from '../support/aBlock.ts';
import { aKeeper } from '../support/aKeeper.ts';
import { aNodeSeen, running, seen } from '../support/aNode.ts';
import { aPool } from '../support/aPool.ts';
import { hours, minutes } from '../support/lengths.ts';

const A = anOffer({ zone: 'us-east-1a' });
const B = anOffer({ zone: 'us-east-1b' });

describe('a keeper that starts with nothing', () => {
  it('asks for prices first, and buys only from a fresh quote', () => {
    const keeper = aKeeper(aPool(2)).finds(0, []);
    expect(keeper.effects).toEqual([{ type: 'quoteOffers', pool: 'ci' }]);
    keeper.hears({ type: 'offers.quoted', at: 1_000, pool: 'ci', offers: [A] });
    expect(keeper.asked('requestCapacity').map(({ token }) => token)).toEqual(['ci-0.1.1', 'ci-1.1.1']);
  });

  it('asks for prices again when none came, and buys nothing meanwhile', () => {
    const keeper = aKeeper(aPool(1)).finds(0, []);
    expect(keeper.wakeAt).toBe(30_000);
    expect(keeper.hears({ type: 'clock.reached', at: 1_000 }).effects).toEqual([]);
    expect(keeper.hears({ type: 'clock.reached', at: 30_000 }).effects).toEqual([{ type: 'quoteOffers', pool: 'ci' }]);
  });

  it('takes no offer at all for an answer: it buys nothing and asks again later', () => {
    const keeper = aKeeper(aPool(1)).begins(0, []);
    expect(keeper.effects).toEqual([]);
    expect(keeper.wakeAt).toBeLessThan(NEVER);
    expect(keeper.hears({ type: 'clock.reached', at: keeper.wakeAt }).asked('quoteOffers')).toHaveLength(1);
  });

  it('opens no more blocks than its launch rate allows, and the rest when it does again', () => {
    const keeper = aKeeper(aPool(5, {}, { launchRate: { launches: 2, perMs: minutes(5) } })).begins(0);
    expect(keeper.asked('requestCapacity')).toHaveLength(2);
    expect(keeper.wakeAt).toBe(minutes(5) + 1);
    expect(keeper.hears({ type: 'clock.reached', at: keeper.wakeAt }).asked('requestCapacity')).toHaveLength(2);
  });

  it('never keeps more than its hard cap, and says once that it was asked for more', () => {
    const keeper = aKeeper(aPool(1e9, {}, { maxBlocks: 3, surge: 5 })).finds(0, []);
    expect(keeper.asked('announce').map(({ reason }) => reason)).toEqual(['DemandCapped']);
    keeper.hears({ type: 'offers.quoted', at: 1, pool: 'ci', offers: [A] });
    expect(keeper.asked('requestCapacity')).toHaveLength(3);
    expect(keeper.asked('announce')).toEqual([]);
  });
});

describe('a renewal', () => {
  it('is three instants: relieved, the slot beside it is filled; drained, it is cordoned', () => {
    const keeper = aKeeper(aPool(1)).begins(0).serves('ci-0.1', 10_000);
    const relieveAt = 10_000 + hours(4) - minutes(40);
    expect(keeper.wakeAt).toBe(relieveAt);
    keeper.hears({ type: 'clock.reached', at: relieveAt }); // the first quote is hours old
    expect(keeper.effects).toEqual([{ type: 'quoteOffers', pool: 'ci' }]);
    keeper.hears({ type: 'offers.quoted', at: relieveAt + 1_000, pool: 'ci', offers: [A] });
    expect(keeper.asked('requestCapacity').map(({ token }) => token)).toEqual(['ci-1.1.1']);
    keeper.serves('ci-1.1', relieveAt + 60_000);
    keeper.hears({ type: 'clock.reached', at: relieveAt + minutes(10) });
    expect(keeper.asked('cordonNode').map(({ blockId }) => blockId)).toEqual(['ci-0.1']);
    expect(keeper.states).toEqual({ 'ci-0.1': 'draining', 'ci-1.1': 'serving' });
  });

  it('buys no successor when demand no longer stands', () => {
    const closesAt = hours(3);
    const operatingHours = {
      allowedAt: (now: number) => (now < closesAt ? { blocks: 1, until: closesAt } : { blocks: 0, until: NEVER }),
    };
    const keeper = aKeeper(aPool(1, { operatingHours })).begins(0).serves('ci-0.1', 10_000);
    keeper.hears({ type: 'clock.reached', at: closesAt });
    expect(keeper.asked('cordonNode')).toHaveLength(1);
    expect(keeper.asked('requestCapacity')).toEqual([]);
    expect(keeper.asked('quoteOffers')).toEqual([]);
  });
});

describe('blocks that were born together', () => {
  const drainAt = 10_000 + hours(4) - minutes(30);
  const three = (maxUnavailable: number) => {
    const keeper = aKeeper(aPool(3, {}, { maxUnavailable, surge: 1 })).begins(0);
    for (const slot of [0, 1, 2]) keeper.serves(`ci-${slot}.1`, 10_000 + slot);
    return keeper.hears({ type: 'clock.reached', at: drainAt + 2 });
  };
  const drained = (keeper: ReturnType<typeof aKeeper>) => keeper.asked('cordonNode').map(({ blockId }) => blockId);

  it('drain in turn, the nearest end first, as long as enough others serve', () => {
    expect(drained(three(1))).toEqual(['ci-0.1']);
    expect(drained(three(2))).toEqual(['ci-0.1', 'ci-1.1']);
    expect(drained(three(0))).toEqual([]);
  });

  it('drain as soon as a successor serves', () => {
    const keeper = three(0);
    keeper.hears({ type: 'offers.quoted', at: drainAt + 1_000, pool: 'ci', offers: [A] });
    expect(keeper.asked('requestCapacity').map(({ token }) => token)).toEqual(['ci-3.1.1']);
    keeper.serves('ci-3.1', drainAt + 60_000);
    expect(keeper.states).toEqual({
      'ci-0.1': 'draining',
      'ci-1.1': 'serving',
      'ci-2.1': 'serving',
      'ci-3.1': 'serving',
    });
  });

  it('drain in any case when half of the time for their jobs is over', () => {
    const keeper = three(0);
    expect(keeper.wakeAt).toBeLessThanOrEqual(drainAt + minutes(15));
    keeper.hears({ type: 'clock.reached', at: drainAt + minutes(15) + 2 });
    expect(drained(keeper)).toEqual(['ci-0.1', 'ci-1.1', 'ci-2.1']);
  });

  it('drain sooner where the longest job that was seen would no longer fit into what is left', () => {
    const keeper = aKeeper(aPool(3, {}, { maxUnavailable: 0, surge: 1 })).begins(0);
    for (const slot of [0, 1, 2]) keeper.serves(`ci-${slot}.1`, 10_000 + slot);
    for (let index = 1; index <= 20; index += 1) {
      const job = { id: `j${index}`, startedAt: 20_000 + index - minutes(25), endedAt: 20_000 + index };
      keeper.hears(seen('ci-0.1', 20_000 + index, { jobs: [job] }));
    }
    keeper.hears({ type: 'clock.reached', at: drainAt + 2 });
    expect(drained(keeper)).toEqual([]);
    expect(keeper.wakeAt).toBeLessThanOrEqual(drainAt + minutes(5));
    keeper.hears({ type: 'clock.reached', at: drainAt + minutes(5) + 2 });
    expect(drained(keeper)).toEqual(['ci-0.1', 'ci-1.1', 'ci-2.1']);
  });
});

describe('demand that falls', () => {
  const falling = (blocks: number) => ({
    allowedAt: (now: number) => (now < minutes(4) ? { blocks: 3, until: minutes(4) } : { blocks, until: NEVER }),
  });

  it('lets idle blocks go before busy ones, and requests before both', () => {
    const keeper = aKeeper(aPool(0, { operatingHours: falling(1) })).begins(0);
    keeper.serves('ci-0.1', 10_000).serves('ci-1.1', 20_000);
    keeper.hears(seen('ci-0.1', 30_000, running(30_000, 'j1')));
    keeper.hears({ type: 'clock.reached', at: minutes(4) });
    expect(keeper.asked('cancelRequest').map(({ blockId }) => blockId)).toEqual(['ci-2.1']);
    expect(keeper.asked('cordonNode').map(({ blockId }) => blockId)).toEqual(['ci-1.1']);
  });

  it('keeps what is leased, if the pool says so, but asks for nothing more', () => {
    const keeper = aKeeper(aPool(0, { operatingHours: falling(0) }, { surplus: 'keep' })).begins(0);
    keeper.serves('ci-0.1', 10_000);
    keeper.hears({ type: 'clock.reached', at: minutes(4) });
    expect(keeper.asked('cordonNode')).toEqual([]);
    expect(keeper.asked('cancelRequest')).toHaveLength(2);
  });
});

describe('a refused offer', () => {
  it('cools down for the whole pool, and its neighbours are bought instead', () => {
    const keeper = aKeeper(aPool(2)).begins(0, [A, B]);
    const refused = { type: 'capacity.refused', blockId: 'ci-0.1', token: 'ci-0.1.1', offer: A } as const;
    keeper.hears({ ...refused, at: 2_000, refusal: 'no-capacity' });
    expect(keeper.asked('requestCapacity').map(({ offer }) => offer.zone)).toEqual(['us-east-1b']);
    keeper.hears({ type: 'instance.gone', at: 3_000, blockId: 'ci-9.9', cause: 'unknown' });
    // A third block, wanted while the first zone is cooling, is bought in the second at once.
    const wider = aKeeper(aPool(2, {}, { surge: 0 })).begins(0, [A, B]);
    wider.hears({ ...refused, at: 2_000, refusal: 'no-capacity' });
    expect(wider.keeper.memories.get('ci')?.cooling.get('m5.2xlarge/us-east-1a/spot')).toEqual({
      ...{ until: 2_000 + minutes(5), why: 'no-capacity', at: 2_000, times: 1 },
    });
  });

  it('stops the pool for a while when every offer would be refused alike', () => {
    const keeper = aKeeper(aPool(1)).begins(0, [A, B]);
    keeper.hears({
      type: 'capacity.refused',
      at: 2_000,
      blockId: 'ci-0.1',
      token: 'ci-0.1.1',
      offer: A,
      refusal: 'quota',
    });
    expect(keeper.states).toEqual({ 'ci-0.1': 'resting' });
    expect(keeper.effects).toMatchObject([{ type: 'announce', reason: 'AllRefused' }]);
    keeper.hears({ type: 'clock.reached', at: 2_000 + minutes(3) });
    expect(keeper.effects).toEqual([]);
    expect(keeper.wakeAt).toBe(2_000 + minutes(5));
  });
});

describe('a keeper that starts again', () => {
  const sighting = (blockId: string) => ({
    blockId,
    attempt: 1,
    lease: aLease({ instanceId: `i-${blockId}` }),
  });

  it('adopts what it finds and buys only what is missing', () => {
    const keeper = aKeeper(aPool(2)).finds(minutes(30), [{ ...sighting('ci-0.7'), node: aNodeSeen({ name: 'n' }) }], {
      'ci-0': 7,
      'ci-1': 4,
    });
    keeper.hears({ type: 'offers.quoted', at: minutes(31), pool: 'ci', offers: [A] });
    expect(keeper.states).toEqual({ 'ci-0.7': 'serving', 'ci-1.5': 'requesting' });
  });

  it('adopts the instance of a grant that it no longer knows of', () => {
    const keeper = aKeeper(aPool(1)).finds(0, []);
    const lease = aLease({ instanceId: 'i-late' });
    keeper.hears({ type: 'capacity.granted', at: 5_000, blockId: 'ci-0.3', token: 'ci-0.3.2', lease });
    expect(keeper.states).toEqual({ 'ci-0.3': 'joining' });
  });

  it('takes no news of an instance that has gone, however often it is told', () => {
    const granted = { type: 'capacity.granted', blockId: 'ci-0.1', token: 'ci-0.1.1', lease: aLease() } as const;
    const keeper = aKeeper(aPool(1)).begins(0);
    keeper.hears({ ...granted, at: 5_000 });
    keeper.hears({ type: 'instance.gone', at: minutes(1), blockId: 'ci-0.1', cause: 'terminated' });
    keeper.hears({ ...granted, at: minutes(2) });
    keeper.hears(seen('ci-0.1', minutes(3)));
    expect(keeper.states).not.toHaveProperty(['ci-0.1']);
  });

  it('lets go of a block in a slot that nobody wants any more', () => {
    const keeper = aKeeper(aPool(1)).finds(minutes(30), [
      { ...sighting('ci-0.1'), node: aNodeSeen({ name: 'n0' }) },
      { ...sighting('ci-9.1'), node: aNodeSeen({ name: 'n9' }) },
    ]);
    expect(keeper.asked('cordonNode').map(({ blockId }) => blockId)).toEqual(['ci-9.1']);
  });

  it('lets an instance of a pool that is not its own serve its lease out, and says so', () => {
    const keeper = aKeeper(aPool(0)).finds(minutes(30), [{ ...sighting('other-0.1'), node: aNodeSeen({ name: 'n' }) }]);
    expect(keeper.states).toEqual({ 'other-0.1': 'serving' });
    expect(keeper.effects.map(({ type }) => type)).not.toContain('terminateInstance');
    expect(keeper.asked('announce')).toMatchObject([{ pool: 'other', reason: 'PoolUnclaimed' }]);
  });

  it('takes an inventory that is not complete for what it shows, never for what it lacks', () => {
    const keeper = aKeeper(aPool(1)).begins(0).serves('ci-0.1', 10_000);
    keeper.hears({ type: 'inventory.taken', at: minutes(5), sightings: [], generations: {}, complete: false });
    expect(keeper.states).toEqual({ 'ci-0.1': 'serving' });
    expect(keeper.effects).toEqual([]);
  });
});

describe('a node that takes no pods', () => {
  it('is no supply while it is unready or cordoned by somebody else, and is left alone', () => {
    const keeper = aKeeper(aPool(1)).begins(0).serves('ci-0.1', 10_000);
    keeper.hears(seen('ci-0.1', 20_000, { ready: false }));
    expect(keeper.wakeAt).toBe(20_000 + minutes(2));
    keeper.hears({ type: 'clock.reached', at: 20_000 + minutes(2) });
    expect(keeper.asked('requestCapacity').map(({ token }) => token)).toEqual(['ci-1.1.1']);
    expect(keeper.states['ci-0.1']).toBe('serving');
  });
});

describe('a policy that misbehaves', () => {
  const nonsense: readonly (readonly [string, unknown])[] = [
    ['NaN', { blocks: Number.NaN, until: NEVER }],
    ['a negative count', { blocks: -1, until: NEVER }],
    ['half a block', { blocks: 0.5, until: NEVER }],
    ['an answer that never held', { blocks: 1, until: 0 }],
    ['a promise', Promise.resolve({ blocks: 1, until: NEVER })],
    ['nothing', undefined],
  ];

  it.each(nonsense)('says %s for demand: it is reported once, and nothing is bought', (_, answer) => {
    const operatingHours = { allowedAt: () => answer as never };
    const keeper = aKeeper(aPool(1, { operatingHours })).finds(minutes(1), []);
    expect(keeper.asked('announce').map(({ reason }) => reason)).toEqual(['PolicyFault']);
    expect(keeper.hears({ type: 'clock.reached', at: keeper.wakeAt }).effects).toEqual([]);
    expect(keeper.states).toEqual({});
  });

  it('throws: what was last known goes on to hold', () => {
    let broken = false;
    const operatingHours = {
      allowedAt: (now: number) => {
        if (broken) throw new Error('out of luck');
        return { blocks: 1, until: now + minutes(30) };
      },
    };
    const keeper = aKeeper(aPool(1, { operatingHours })).begins(0).serves('ci-0.1', 10_000);
    broken = true;
    keeper.hears({ type: 'clock.reached', at: minutes(30) });
    expect(keeper.asked('announce')[0]?.note).toContain('out of luck');
    expect(keeper.states).toEqual({ 'ci-0.1': 'serving' });
  });

  it('answers renewal times out of order: the block is renewed half an hour before its end instead', () => {
    const renewal = { timesFor: () => ({ relieveAt: 3, drainAt: 2, endBy: 1 }) };
    const keeper = aKeeper(aPool(1, { renewal })).begins(0).serves('ci-0.1', 10_000);
    expect(keeper.wakeAt).toBe(10_000 + hours(4) - minutes(35));
  });

  it('ranks an offer that it invented, or one twice: the cheapest is bought instead', () => {
    const cheap = anOffer({ zone: 'us-east-1c', usdPerHour: 0.01 });
    for (const rank of [() => [anOffer({ usdPerHour: 0 })], () => [A, A]]) {
      const keeper = aKeeper(aPool(1, { purchase: { rank } })).begins(0, [A, cheap]);
      expect(keeper.asked('requestCapacity')[0]?.offer).toEqual(cheap);
    }
  });
});
