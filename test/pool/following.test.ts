import { describe, expect, it } from 'vitest';
import type { FactOf, Workload } from '../../src/domain/facts.ts';
import type { Instant } from '../../src/domain/time.ts';
import { NEVER } from '../../src/domain/time.ts';
import { neededBlocks, type ScalingPolicy } from '../../src/policy/scaling.ts';
import type { PoolSpec } from '../../src/pool/pool.ts';
import { anOffer } from '../support/aBlock.ts';
import { aKeeper } from '../support/aKeeper.ts';
import { running, seen } from '../support/aNode.ts';
import { aPool } from '../support/aPool.ts';
import { hours, minutes, seconds } from '../support/lengths.ts';

/** What jobs need, the others given back after five minutes. */
const needed: ScalingPolicy = {
  wantedNow: (question) => ({ blocks: neededBlocks(question), giveBackIdleAfterMs: minutes(5) }),
};

const jobs = (over: Partial<Workload> = {}): Workload => ({
  ...{ waiting: 0, onBlocks: {}, held: 0, overflow: 0, arrived: 0, jobsPerBlock: 1 },
  ...over,
});

const observed = (at: Instant, workload: Workload | null): FactOf<'workload.observed'> => ({
  ...{ type: 'workload.observed', at, pool: 'ci', takenAt: at },
  workload,
});

/** A pool that may have so many blocks and follows its jobs, begun with an empty account. */
function following(allowed: number, spec: Partial<PoolSpec> = {}, until: Instant = NEVER) {
  const operatingHours = {
    allowedAt: (now: Instant) => (now < until ? { blocks: allowed, until } : { blocks: 0, until: NEVER }),
  };
  const keeper = aKeeper(aPool(allowed, { operatingHours, scaling: needed }, spec)).begins(0);
  const asked = (): readonly string[] => keeper.asked('requestCapacity').map(({ blockId }) => blockId);
  const cordoned = (): readonly string[] => keeper.asked('cordonNode').map(({ blockId }) => blockId);
  const quoted = (at: Instant) => keeper.hears({ type: 'offers.quoted', at, pool: 'ci', offers: [anOffer()] });
  const passes = (at: Instant) => keeper.hears({ type: 'clock.reached', at });
  return { keeper, asked, cordoned, quoted, passes };
}

describe('a pool that follows its jobs', () => {
  it('buys nothing before it has heard of them, and then at once what they need', () => {
    const { keeper, asked } = following(5);
    expect(asked()).toEqual([]);
    keeper.hears(observed(seconds(2), jobs({ waiting: 2 })));
    expect(asked()).toEqual(['ci-0.1', 'ci-1.1']);
  });

  it('never has more than the hours and maxBlocks allow', () => {
    for (const [allowed, maxBlocks, blocks] of [
      [3, 100, 3],
      [9, 4, 4],
    ] as const) {
      const { keeper, asked } = following(allowed, { maxBlocks });
      keeper.hears(observed(seconds(2), jobs({ waiting: 50 })));
      expect(asked()).toHaveLength(blocks);
      expect(keeper.keeper.memories.get('ci')?.wanted).toBe(blocks);
    }
  });

  it('catches up at once, whatever its launch rate: up to maxBlocks', () => {
    const { keeper, asked } = following(30, { launchRate: { launches: 2, perMs: minutes(5) }, maxBlocks: 20 });
    keeper.hears(observed(seconds(2), jobs({ waiting: 12 })));
    expect(asked()).toHaveLength(12);
  });
});

/** Two blocks that serve, with a job on the first, from minute 1 on. */
function twoServing(allowed = 5, spec: Partial<PoolSpec> = {}, until?: Instant) {
  const pool = following(allowed, spec, until);
  pool.keeper.hears(observed(seconds(2), jobs({ waiting: 2 })));
  pool.keeper.serves('ci-0.1', minutes(1)).serves('ci-1.1', minutes(1) + 10);
  pool.keeper.hears(
    seen('ci-0.1', minutes(1) + 20, { name: 'node-ci-0.1', ...running(minutes(1) + 15, 'a') }),
    observed(minutes(1) + 30, jobs({ onBlocks: { 'ci-0.1': 1 } })),
  );
  return pool;
}

describe('a block above what the jobs need', () => {
  it('is given back once it has been idle for as long as the policy says', () => {
    const { keeper, cordoned, passes } = twoServing();
    expect(keeper.keeper.memories.get('ci')?.wanted).toBe(1);
    expect(cordoned()).toEqual([]);
    // From when its node was seen without a job.
    expect(keeper.wakeAt).toBeLessThanOrEqual(minutes(6) + 11);
    passes(minutes(6));
    expect(cordoned()).toEqual([]);
    passes(minutes(6) + 11);
    expect(cordoned()).toEqual(['ci-1.1']);
  });

  it('is waited for from when its last job ends, though the jobs ask for no other count by that', () => {
    const { keeper, cordoned, passes } = twoServing();
    keeper.hears(
      seen('ci-1.1', minutes(3), { name: 'node-ci-1.1', ...running(minutes(2), 'b') }),
      // Its job has ended by the look at the jobs, and runs still by what is known of its node.
      observed(minutes(3) + 1, jobs({ onBlocks: { 'ci-0.1': 1 } })),
      { type: 'clock.reached', at: minutes(3) + 2 },
      seen('ci-1.1', minutes(4), { name: 'node-ci-1.1' }),
    );
    expect(keeper.wakeAt).toBeLessThanOrEqual(minutes(9));
    passes(minutes(9));
    expect(cordoned()).toEqual(['ci-1.1']);
  });

  it('is never one that has a job, or one on its way to its node', () => {
    const { keeper, cordoned } = twoServing();
    keeper.hears(
      seen('ci-1.1', minutes(3), { name: 'node-ci-1.1', ...running(minutes(2), 'b') }),
      observed(minutes(3) + 1, jobs({ waiting: 1, onBlocks: { 'ci-0.1': 1, 'ci-1.1': 1 } })),
    );
    const [third] = keeper.asked('requestCapacity');
    expect(third?.blockId).toBe('ci-2.1');
    const lease = { instanceId: 'i-2', offer: anOffer(), startsAt: minutes(3), expiresAt: hours(4), hardEndAt: NEVER };
    keeper.hears(
      { type: 'capacity.granted', at: minutes(3) + 3, blockId: 'ci-2.1', token: 'ci-2.1.1', lease },
      // The job that it was bought for has found room elsewhere, and none of the jobs is left by the count.
      observed(minutes(3) + 4, jobs({ overflow: 1 })),
    );
    expect(keeper.asked('terminateInstance')).toEqual([]);
    expect(cordoned()).toEqual([]);
    expect(keeper.states).toMatchObject({ 'ci-0.1': 'serving', 'ci-1.1': 'serving', 'ci-2.1': 'joining' });
  });

  it('is retired with all others when the hours close, as in any pool', () => {
    const { cordoned, passes } = twoServing(5, {}, minutes(3));
    passes(minutes(3));
    expect([...cordoned()].sort()).toEqual(['ci-0.1', 'ci-1.1']);
  });
});

describe('jobs that are not known', () => {
  it('hold what there is: nothing is bought and nothing given back', () => {
    const { keeper, asked, cordoned, passes } = twoServing();
    keeper.hears(observed(minutes(2), null));
    expect(keeper.keeper.memories.get('ci')?.wanted).toBe(2);
    for (const at of [minutes(10), hours(1), hours(2)]) {
      passes(at);
      expect([asked(), cordoned()]).toEqual([[], []]);
    }
  });

  it('are no reason to lose a block that is due to have a successor', () => {
    const { keeper, asked, quoted } = twoServing();
    keeper.hears(observed(minutes(2), null));
    // Relieved 40 minutes before the end of a lease of four hours.
    keeper.hears({ type: 'clock.reached', at: minutes(1) + hours(4) - minutes(40) + 10 });
    quoted(minutes(1) + hours(4) - minutes(40) + 20);
    expect(asked()).toEqual(['ci-2.1', 'ci-3.1']);
    expect(keeper.keeper.memories.get('ci')?.wanted).toBe(2);
  });

  it('let each of them have one successor, however long they stay unknown', () => {
    const { keeper, asked, quoted } = twoServing(50);
    keeper.hears(observed(minutes(2), null));
    const relieved = minutes(1) + hours(4) - minutes(40) + 10;
    keeper.hears({ type: 'clock.reached', at: relieved });
    quoted(relieved + 10);
    const all = [...asked()];
    for (let turn = 1; turn <= 60; turn += 1) {
      keeper.hears(observed(relieved + seconds(turn), null));
      all.push(...asked());
    }
    expect(all).toEqual(['ci-2.1', 'ci-3.1']);
  });

  it('are known again by a look that comes after one of the future: clocks differ', () => {
    const { keeper } = twoServing();
    keeper.hears({ ...observed(minutes(2), jobs()), takenAt: hours(9_000) });
    keeper.hears(observed(minutes(3), jobs({ waiting: 3 })));
    expect(keeper.keeper.memories.get('ci')?.workload?.workload?.waiting).toBe(3);
  });

  it('are found again by the next look, an older one says nothing', () => {
    const { keeper } = twoServing();
    keeper.hears(observed(minutes(2), null));
    keeper.hears({ ...observed(minutes(2) + 1, jobs({ waiting: 3 })), takenAt: minutes(1) });
    expect(keeper.keeper.memories.get('ci')?.workload?.workload).toBeNull();
    keeper.hears(observed(minutes(2) + 2, jobs({ waiting: 3 })));
    expect(keeper.keeper.memories.get('ci')?.workload?.workload?.waiting).toBe(3);
  });
});

it('A block that is late to join is neither room nor supply: another takes its place', () => {
  const { keeper, asked, passes } = following(5);
  keeper.hears(observed(seconds(2), jobs({ waiting: 1 })));
  const lease = { instanceId: 'i-1', offer: anOffer(), startsAt: seconds(10), expiresAt: hours(4), hardEndAt: NEVER };
  keeper.hears({ type: 'capacity.granted', at: seconds(10), blockId: 'ci-0.1', token: 'ci-0.1.1', lease });
  expect(keeper.asked('holdJobs')).toMatchObject([{ holds: [{ jobs: 1, until: seconds(250) }] }]);
  expect(keeper.wakeAt).toBeLessThanOrEqual(seconds(250));
  passes(seconds(249));
  expect(asked()).toEqual([]);
  passes(seconds(250));
  expect(asked()).toEqual(['ci-1.1']);
  // The job is held for the new one now.
  expect(keeper.asked('holdJobs')).toMatchObject([{ holds: [{ jobs: 1, until: seconds(270) }] }]);
  expect(keeper.states).toEqual({ 'ci-0.1': 'joining', 'ci-1.1': 'requesting' });
});

it('A block that is refused releases the job that was held for it in the same turn', () => {
  const { keeper } = following(1);
  keeper.hears(observed(seconds(2), jobs({ waiting: 1 })));
  expect(keeper.asked('holdJobs')).toMatchObject([{ holds: [{ jobs: 1 }] }]);
  keeper.hears({
    ...{ type: 'capacity.refused', at: seconds(5), blockId: 'ci-0.1', token: 'ci-0.1.1', offer: anOffer() },
    refusal: 'no-capacity',
  });
  expect(keeper.states).toEqual({ 'ci-0.1': 'resting' });
  expect(keeper.asked('holdJobs')).toMatchObject([{ holds: [] }]);
});

it('A pool that holds no jobs asks for no hold', () => {
  const { keeper } = following(1, { holdsJobs: false });
  keeper.hears(observed(seconds(2), jobs({ waiting: 1 })));
  expect(keeper.asked('requestCapacity')).toHaveLength(1);
  expect(keeper.asked('holdJobs')).toEqual([]);
});
