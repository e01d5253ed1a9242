import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { claimedConditions } from '../../src/live/observers/claimedConditions.ts';
import { aLease, anOffer } from '../support/aBlock.ts';
import { aKeeper } from '../support/aKeeper.ts';
import { aNodeSeen, running, seen } from '../support/aNode.ts';
import { aPool } from '../support/aPool.ts';
import { hours, minutes } from '../support/lengths.ts';

const clock = (at: number) => ({ type: 'clock.reached', at }) as const;
const left = (over: object = {}) => ({
  blockId: 'old-3.7',
  attempt: 1,
  lease: aLease({ instanceId: 'i-old' }),
  ...over,
});

describe('an instance whose pool no file names any more', () => {
  it('serves until its lease ends, drains with its job, and is ended when the overrun is over', () => {
    const keeper = aKeeper(aPool(0)).finds(hours(1), [
      left({ node: { ...aNodeSeen(), ...running(minutes(30), 'j1') } }),
    ]);

    expect(keeper.states).toEqual({ 'old-3.7': 'serving' });
    keeper.hears(clock(hours(4)));
    expect(keeper.asked('cordonNode')).toMatchObject([{ blockId: 'old-3.7' }]);
    expect(keeper.states).toEqual({ 'old-3.7': 'draining' });
    keeper.hears(clock(hours(28) - 1));
    expect(keeper.asked('terminateInstance')).toEqual([]);
    keeper.hears(clock(hours(28)));
    expect(keeper.asked('terminateInstance')).toMatchObject([{ instanceId: 'i-old' }]);
  });

  it('is ended as soon as it is empty, and nothing is bought in its place', () => {
    const keeper = aKeeper(aPool(0)).finds(hours(5), [left({ node: aNodeSeen() })]);
    keeper.hears({ type: 'node.emptied', at: hours(5) + 2, blockId: 'old-3.7', takenAt: hours(5) + 1 });
    keeper.hears(clock(hours(5) + minutes(1)));
    keeper.hears(seen('old-3.7', hours(5) + minutes(2), { cordoned: true, marks: ['spot-keeper.io/draining'] }));
    keeper.hears({
      type: 'node.emptied',
      at: hours(5) + minutes(4),
      blockId: 'old-3.7',
      takenAt: hours(5) + minutes(3),
    });
    expect(keeper.asked('terminateInstance')).toMatchObject([{ instanceId: 'i-old' }]);
    keeper.hears({ type: 'instance.gone', at: hours(6), blockId: 'old-3.7', cause: 'terminated' }, clock(hours(7)));
    expect(keeper.states).toEqual({});
  });

  it('is told of once, and shown by a condition for as long as it is there', () => {
    const keeper = aKeeper(aPool(0)).finds(hours(1), [left()]);
    expect(keeper.asked('announce')).toMatchObject([{ pool: 'old', reason: 'PoolUnclaimed' }]);
    expect(claimedConditions(keeper.keeper)).toMatchObject([{ pool: 'old', status: 'false', reason: 'NotInFile' }]);
    const token = 'old-4.1.1';
    const lease = aLease({ instanceId: 'i-two' });
    keeper.hears({ type: 'capacity.granted', at: hours(1) + 1, blockId: 'old-4.1', token, lease });
    expect(keeper.asked('announce')).toEqual([]);
    for (const blockId of ['old-3.7', 'old-4.1'])
      keeper.hears({ type: 'instance.gone', at: hours(2), blockId, cause: 'terminated' });
    expect(claimedConditions(keeper.keeper)).toEqual([]);
  });

  it('is never alive after its lease and overrun, whatever else is known of it', () => {
    const instance = fc.record({
      startsAt: fc.integer({ min: -100, max: 10 }).map(hours),
      leaseMs: fc.integer({ min: 1, max: 20 }).map(hours),
      hasNode: fc.boolean(),
      isBusy: fc.boolean(),
      isCordoned: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(instance, { minLength: 1, maxLength: 6 }), (instances) => {
        const sightings = instances.map(({ startsAt, leaseMs, hasNode, isBusy, isCordoned }, slot) => {
          const lease = aLease({ instanceId: `i-${slot}`, startsAt, offer: anOffer({ durationMs: leaseMs }) });
          const node = { ...aNodeSeen({ name: `n${slot}`, cordoned: isCordoned }), ...(isBusy ? running(0, 'j') : {}) };
          return { blockId: `old-${slot}.1`, attempt: 1, lease, ...(hasNode ? { node } : {}) };
        });
        const keeper = aKeeper(aPool(1)).finds(hours(11), sightings);
        const ended = new Set<string>();
        for (let at = keeper.wakeAt; ended.size < instances.length && at < hours(60); at = keeper.wakeAt) {
          keeper.hears(clock(at));
          for (const { instanceId } of keeper.asked('terminateInstance')) ended.add(instanceId);
        }
        expect(ended.size).toBe(instances.length);
        expect(keeper.asked('requestCapacity').filter(({ blockId }) => blockId.startsWith('old'))).toEqual([]);
      }),
      { numRuns: 30 },
    );
  });
});
