import { describe, expect, it } from 'vitest';
import { NEVER } from '../../src/domain/time.ts';
import type { RenewalPolicy } from '../../src/policy/renewal.ts';
import { aLease } from '../support/aBlock.ts';
import { aKeeper } from '../support/aKeeper.ts';
import { aNodeSeen, CLOSED, running, seen } from '../support/aNode.ts';
import { aPool } from '../support/aPool.ts';
import { hours, minutes } from '../support/lengths.ts';

const CLOSES = hours(3);
/** One block until three o'clock, none after. */
const operatingHours = {
  allowedAt: (now: number) => (now < CLOSES ? { blocks: 1, until: CLOSES } : { blocks: 0, until: NEVER }),
};
const clock = (at: number) => ({ type: 'clock.reached', at }) as const;
const job = seen('ci-0.1', hours(2), running(hours(2), 'j1'));

/** A block of four hours from 0 on, with a job on it that began at two. */
const busy = (pool: ReturnType<typeof aPool>) => aKeeper(pool).begins(0).serves('ci-0.1', 0).hears(job);

/** A policy that drains half an hour before the end and asks for this end. */
const endingAt = (endBy: number): { readonly renewal: RenewalPolicy } => ({
  renewal: { timesFor: () => ({ relieveAt: hours(3.5), drainAt: hours(3.5), endBy }) },
});

const deadlineOf = (keeper: ReturnType<typeof aKeeper>) => keeper.keeper.blocks.get('ci-0.1')?.context.deadlineAt;

describe('a busy block whose lease is over', () => {
  it('drains, and is ended when the overrun is over too, though its policy asked for the end of the lease', () => {
    const keeper = busy(aPool(1, endingAt(hours(4)))).hears(clock(hours(3.5)), clock(hours(4)));
    expect(keeper.states['ci-0.1']).toBe('draining');
    expect(deadlineOf(keeper)).toBe(hours(28));
  });

  it('has as long as its policy asks for beyond that', () => {
    expect(deadlineOf(busy(aPool(1, endingAt(hours(40)))).hears(clock(hours(3.5))))).toBe(hours(40));
  });

  it('has no overrun where the pool gives none', () => {
    const keeper = busy(aPool(1, endingAt(hours(4)), { overrunMs: 0 })).hears(clock(hours(3.5)), clock(hours(4)));
    expect(keeper.asked('terminateInstance')).toHaveLength(1);
  });

  it('is ended early only where its pool may', () => {
    const pool = { ...aPool(1, endingAt(hours(3.75))), endsEarly: 'its jobs are cheap to repeat' };
    const keeper = busy(pool).hears(clock(hours(3.5)));
    expect(deadlineOf(keeper)).toBe(hours(3.75));
    expect(keeper.hears(clock(hours(3.75))).asked('terminateInstance')).toHaveLength(1);
  });

  it('drains by itself where its policy lets it serve on, and ends as that says', () => {
    const serving: RenewalPolicy = {
      timesFor: () => ({ relieveAt: hours(5), drainAt: hours(5), endBy: hours(50) }),
    };
    const keeper = busy(aPool(1, { renewal: serving })).hears(clock(hours(4)));
    expect(keeper.states['ci-0.1']).toBe('draining');
    expect(deadlineOf(keeper)).toBe(hours(50));
  });

  it('is cut short at the end of its lease under a policy that waives the promise', () => {
    const expiring: RenewalPolicy = { timesFor: () => ({ relieveAt: hours(4), drainAt: hours(4), endBy: hours(4) }) };
    const keeper = busy({ ...aPool(1, { renewal: expiring }), endsEarly: 'cheap to repeat' }).hears(clock(hours(4)));
    expect(keeper.wakeAt).toBe(hours(4) + 1);
    expect(keeper.hears(clock(hours(4) + 1)).asked('terminateInstance')).toHaveLength(1);
    expect(keeper.keeper.blocks.get('ci-0.1')?.context.ending).toBe('expired');
  });

  it('keeps no successor away: it is no overlap any more', () => {
    const keeper = busy(aPool(1, {}, { surge: 0 })).hears(clock(hours(3.5)));
    keeper.hears(seen('ci-0.1', hours(3.5) + 500, { ...CLOSED, ...running(hours(2), 'j1') }));
    expect(keeper.states).toEqual({ 'ci-0.1': 'draining' });
    expect(keeper.wakeAt).toBe(hours(4));
    keeper.hears(clock(hours(4)), { type: 'offers.quoted', at: hours(4) + 1, pool: 'ci', offers: [aLease().offer] });
    expect(keeper.states).toEqual({ 'ci-0.1': 'draining', 'ci-1.1': 'requesting' });
  });
});

describe('a busy block that is wanted no more', () => {
  it('drains with all the time that its job may have', () => {
    const keeper = busy(aPool(1, { operatingHours, ...endingAt(hours(4)) })).hears(clock(CLOSES));
    expect(keeper.states['ci-0.1']).toBe('draining');
    expect(deadlineOf(keeper)).toBe(hours(28));
  });

  it('goes on so after a restart, with the jobs that are found on it', () => {
    const node = aNodeSeen({ ...CLOSED, ...running(hours(4), 'j1') });
    const sighting = { blockId: 'ci-0.1', attempt: 1, lease: aLease(), node };
    const keeper = aKeeper(aPool(0, endingAt(hours(40)))).finds(hours(5), [sighting]);
    expect(keeper.keeper.blocks.get('ci-0.1')?.context).toMatchObject({ jobs: [{ id: 'j1' }], deadlineAt: hours(40) });
  });
});

describe('people', () => {
  const draining = () => busy(aPool(1, endingAt(hours(4)))).hears(clock(hours(3.5)));

  it('are told once, an hour before a block is ended with a job on it', () => {
    const keeper = draining();
    expect(keeper.wakeAt).toBeLessThanOrEqual(hours(27));
    expect(keeper.hears(clock(hours(27) - 1)).asked('announce')).toEqual([]);
    expect(keeper.wakeAt).toBe(hours(27));
    expect(keeper.hears(clock(hours(27))).asked('announce')).toEqual([
      {
        type: 'announce',
        pool: 'ci',
        reason: 'LeaseOverrun',
        note: 'ci-0.1 is ended at 1970-01-02T04:00:00.000Z, and a job may still run there',
      },
    ]);
    expect(keeper.hears(clock(hours(27.5))).asked('announce')).toEqual([]);
  });

  it('are told nothing of a block that is idle, or that AWS takes', () => {
    const finished = seen('ci-0.1', hours(26));
    expect(
      draining()
        .hears(finished, clock(hours(27)))
        .asked('announce'),
    ).toEqual([]);
    const taken = { type: 'instance.interrupted', at: hours(5), blockId: 'ci-0.1', reclaimAt: hours(5) + minutes(2) };
    expect(
      draining()
        .hears(taken as never)
        .asked('announce'),
    ).toEqual([]);
  });
});
