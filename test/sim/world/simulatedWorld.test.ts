import { describe, expect, it } from 'vitest';
import { simulatedWorld } from '../../../sim/world/simulatedWorld.ts';
import type { Effect } from '../../../src/domain/effects.ts';
import type { Fact } from '../../../src/domain/facts.ts';
import { hours, minutes, NEVER, seconds } from '../../../src/domain/time.ts';
import { anOffer } from '../../support/aBlock.ts';
import { aPoolConfig, aScenario, MONDAY } from '../../support/aScenario.ts';

/** A world driven by hand: effects now, facts until an instant. */
function driven(scenario = aScenario({ jobs: [] })) {
  const world = simulatedWorld(scenario);
  return {
    world,
    perform: (...effects: Effect[]) => {
      world.perform(effects);
    },
    until: async (at: number): Promise<readonly Fact[]> => {
      const facts: Fact[] = [];
      for (;;) {
        const fact = await world.next(at);
        if (fact === undefined) return facts;
        if (fact.type === 'clock.reached') return facts;
        facts.push(fact);
      }
    },
  };
}

const request = (blockId = 'ci-0.1', attempt = 1, over = {}): Effect => ({
  type: 'requestCapacity',
  blockId,
  token: `${blockId}.${attempt}`,
  offer: anOffer(over),
});
const types = (facts: readonly Fact[]): readonly string[] => facts.map(({ type }) => type);
/** Levels of a node as people read them: what it is, and how many jobs run on it. */
const levels = (facts: readonly Fact[]): readonly string[] =>
  facts.map((fact) => {
    if (fact.type !== 'node.seen' || fact.node === null) return fact.type;
    const { cordoned, jobs = [] } = fact.node;
    return `${cordoned ? 'closed' : 'open'}, ${jobs.filter(({ endedAt }) => endedAt === undefined).length} running`;
  });
const find = <Type extends Fact['type']>(facts: readonly Fact[], type: Type): Extract<Fact, { type: Type }> => {
  const fact = facts.find((one) => one.type === type);
  if (fact === undefined) throw new Error(`no ${type} among ${types(facts).join(', ')}`);
  return fact as Extract<Fact, { type: Type }>;
};

describe('EC2 in the simulated world', () => {
  it('grants, and the node joins', async () => {
    const { perform, until } = driven();
    await until(MONDAY + 1);
    perform(request());
    const facts = await until(MONDAY + minutes(30));
    expect(types(facts)).toEqual(['capacity.granted', 'node.seen']);
    const { lease } = find(facts, 'capacity.granted');
    expect(lease.startsAt).toBeGreaterThan(MONDAY);
    expect(lease.expiresAt - lease.startsAt).toBe(hours(4));
    // Nobody but the keeper ends plain spot.
    expect(lease.hardEndAt).toBe(NEVER);
  });

  it('answers the same token again with the same instance', async () => {
    const { world, perform, until } = driven();
    perform(request());
    const first = find(await until(MONDAY + minutes(1)), 'capacity.granted');
    perform(request());
    const again = find(await until(MONDAY + minutes(2)), 'capacity.granted');
    expect(again.lease).toEqual(first.lease);
    expect(world.truth().instances).toHaveLength(1);
  });

  it('ends a spot block by its schedule, with two minutes of notice, and free of early ends', async () => {
    const lease = { term: 'spot-block' as const, durationMs: hours(1), overrunMs: hours(24) };
    const pools = { fleet: 'test', pools: [aPoolConfig({ lease })] };
    const { world, perform, until } = driven(aScenario({ jobs: [], pools }));
    perform(request('ci-0.1', 1, lease));
    const facts = await until(MONDAY + hours(2));
    expect(types(facts)).toEqual([
      'inventory.taken',
      'capacity.granted',
      'node.seen',
      'instance.interrupted',
      'instance.gone',
    ]);
    const { lease: granted } = find(facts, 'capacity.granted');
    expect(granted.hardEndAt).toBe(granted.startsAt + hours(1));
    expect(find(facts, 'instance.interrupted')).toMatchObject({ reclaimAt: granted.hardEndAt });
    expect(find(facts, 'instance.interrupted').at).toBe(granted.hardEndAt - minutes(2));
    expect(find(facts, 'instance.gone').cause).toBe('schedule');
    expect(world.truth().instances[0]).toMatchObject({ endedBy: 'aws', instance: { endedAt: granted.hardEndAt } });
  });

  it('refuses in a drought, and leaves running instances alone', async () => {
    const droughts = [{ zone: 'us-east-1a', from: MONDAY + minutes(30), until: MONDAY + hours(2) }];
    const scenario = aScenario({ jobs: [] });
    const { perform, until } = driven({ ...scenario, market: { ...scenario.market, droughts } });
    perform(request());
    await until(MONDAY + minutes(40));
    perform(request('ci-1.1'), request('ci-2.1', 1, { zone: 'us-east-1b' }));
    const facts = await until(MONDAY + minutes(50));
    expect(find(facts, 'capacity.refused')).toMatchObject({ blockId: 'ci-1.1', refusal: 'no-capacity' });
    expect(find(facts, 'capacity.granted')).toMatchObject({ blockId: 'ci-2.1' });
    expect(types(facts)).not.toContain('instance.gone');
  });

  it('refuses as the scenario has it: for a stretch, within a quota, and by the pool that asks', async () => {
    const scenario = aScenario({ jobs: [] });
    const refusals = [
      { refusal: 'unsupported-term', term: 'spot-block' },
      { refusal: 'bad-template', pool: 'ci', until: MONDAY + hours(1) },
    ] as const;
    const quotas = [{ family: 'standard', term: 'spot', vcpus: 8 }] as const;
    const { perform, until } = driven({ ...scenario, market: { ...scenario.market, refusals, quotas } });
    await until(MONDAY + 1);
    perform(request('ci-0.1'), request('big-0.1'), request('big-1.1', 1, { term: 'spot-block', durationMs: hours(1) }));
    // A refusal that no capacity would help is not waited over, for a block either: all is answered within ten seconds.
    const first = await until(MONDAY + seconds(10));
    const refused = first.flatMap((fact) => (fact.type === 'capacity.refused' ? [[fact.blockId, fact.refusal]] : []));
    expect(refused.toSorted()).toEqual([
      ['big-1.1', 'unsupported-term'],
      ['ci-0.1', 'bad-template'],
    ]);
    const { lease } = find(first, 'capacity.granted');

    await until(MONDAY + hours(1));
    perform(request('ci-1.1'));
    expect(find(await until(MONDAY + hours(2)), 'capacity.refused').refusal).toBe('quota');
    perform({ type: 'terminateInstance', blockId: 'big-0.1', instanceId: lease.instanceId });
    await until(MONDAY + hours(3));
    perform(request('ci-2.1'));
    expect(find(await until(MONDAY + hours(4)), 'capacity.granted').blockId).toBe('ci-2.1');
  });

  it('leaves a request for a block open in a drought, as whoever follows it does, and then refuses', async () => {
    const ends = (until: number) => [{ zone: 'us-east-1a', from: MONDAY, until: MONDAY + until }];
    const blocks = { term: 'spot-block' as const, durationMs: hours(1) };
    const answered = async (until: number) => {
      const scenario = aScenario({
        jobs: [],
        pools: { fleet: 'test', pools: [aPoolConfig({ lease: { ...blocks, overrunMs: hours(24) } })] },
      });
      const world = driven({ ...scenario, market: { ...scenario.market, droughts: ends(until) } });
      await world.until(MONDAY + 1);
      world.perform(request('ci-0.1', 1, blocks));
      return (await world.until(MONDAY + minutes(1))).map(({ type, at }) => ({ type, afterMs: at - MONDAY }));
    };
    const [refused] = await answered(hours(1));
    expect(refused).toMatchObject({ type: 'capacity.refused' });
    expect(refused?.afterMs).toBeGreaterThan(seconds(35));
    expect(refused?.afterMs).toBeLessThan(seconds(45));
    expect((await answered(seconds(20)))[0]).toMatchObject({ type: 'capacity.granted' });
  });

  it('takes plain spot back, and kills what runs there', async () => {
    const recorded = { instanceType: 'm5.2xlarge', zone: 'us-east-1a' };
    const availability = [
      { at: MONDAY, ...recorded, instances: 1 },
      { at: MONDAY + hours(1), ...recorded, instances: 0 },
    ];
    const job = { job: 'j1', queuedAt: MONDAY + minutes(30), durationMs: hours(2) };
    const scenario = aScenario({ jobs: [job] });
    const { world, perform, until } = driven({ ...scenario, market: { ...scenario.market, availability } });
    perform(request());
    const facts = await until(MONDAY + hours(1) + minutes(2));
    expect(find(facts, 'instance.interrupted')).toMatchObject({ reclaimAt: MONDAY + hours(1) });
    expect(find(facts, 'instance.gone').cause).toBe('interrupted');
    expect(world.truth().kills).toEqual([{ at: MONDAY + hours(1), blockId: 'ci-0.1', job: 'j1', by: 'aws' }]);
  });

  it('ends an instance, its bill and the call that terminates it at one instant', async () => {
    const { world, perform, until } = driven();
    await until(MONDAY + 1);
    perform(request());
    const { lease } = find(await until(MONDAY + hours(1)), 'capacity.granted');
    perform({ type: 'terminateInstance', blockId: 'ci-0.1', instanceId: lease.instanceId });
    const gone = find(await until(MONDAY + hours(2)), 'instance.gone');
    expect(gone).toMatchObject({ cause: 'terminated' });
    expect(gone.at).toBeGreaterThan(MONDAY + hours(1) + seconds(1));
    expect(world.truth().instances[0]).toMatchObject({ endedBy: 'us', instance: { endedAt: gone.at } });
  });

  it('cancels a request for a spot block that it has not answered, and keeps one that it has', async () => {
    const { perform, until } = driven();
    await until(MONDAY + 1);
    const spotBlock = request('ci-0.1', 1, { term: 'spot-block', durationMs: hours(1) });
    perform(spotBlock, { type: 'cancelRequest', blockId: 'ci-0.1', token: 'ci-0.1.1' });
    expect(find(await until(MONDAY + minutes(1)), 'capacity.refused').refusal).toBe('cancelled');
    perform(request('ci-1.1'));
    await until(MONDAY + minutes(2));
    perform({ type: 'cancelRequest', blockId: 'ci-1.1', token: 'ci-1.1.1' });
    expect(types(await until(MONDAY + minutes(2) + seconds(10)))).not.toContain('capacity.refused');
  });

  it('grants a launch that was called off on its way: nothing stops RunInstances', async () => {
    const { perform, until } = driven();
    await until(MONDAY + 1);
    perform(request(), { type: 'cancelRequest', blockId: 'ci-0.1', token: 'ci-0.1.1' });
    expect(types(await until(MONDAY + seconds(30)))).toContain('capacity.granted');
  });

  it('tells a keeper that starts anew what exists, and which generations were used', async () => {
    const { world, perform, until } = driven();
    perform(request('ci-0.3'));
    await until(MONDAY + minutes(30));
    world.takeInventory();
    const inventory = find(await until(MONDAY + minutes(31)), 'inventory.taken');
    expect(inventory.sightings).toMatchObject([
      { blockId: 'ci-0.3', attempt: 1, node: { ready: true, cordoned: false, jobs: [] } },
    ]);
    expect(inventory.generations).toEqual({ 'ci-0': 3 });
  });
});

describe('the cluster in the simulated world', () => {
  const job = { job: 'j1', queuedAt: MONDAY + minutes(30), durationMs: minutes(10) };

  it('runs jobs on blocks first', async () => {
    const { world, perform, until } = driven(aScenario({ jobs: [job] }));
    perform(request());
    const facts = await until(MONDAY + hours(1));
    expect(levels(facts).slice(-3)).toEqual(['open, 0 running', 'open, 1 running', 'open, 0 running']);
    expect(world.truth().jobs[0]).toMatchObject({ ranOn: 'block', startedAt: job.queuedAt });
    expect(world.truth().overflow).toEqual([]);
  });

  it('sends what no block takes to the on-demand group, which shrinks when it is idle', async () => {
    const { world, until } = driven(aScenario({ jobs: [job] }));
    await until(MONDAY + hours(2));
    const { jobs, overflow } = world.truth();
    expect(jobs[0]).toMatchObject({ ranOn: 'overflow' });
    expect(jobs[0]!.startedAt! - job.queuedAt).toBeGreaterThan(seconds(20));
    expect(overflow).toHaveLength(1);
    // Boot, the job, ten idle minutes.
    expect(overflow[0]!.endedAt - overflow[0]!.startsAt).toBeGreaterThan(minutes(20));
    expect(overflow[0]!.endedAt - overflow[0]!.startsAt).toBeLessThan(minutes(30));
  });

  it('proves a cordoned node empty only by a list taken after its jobs, and after a bind in flight', async () => {
    const { perform, until } = driven(aScenario({ jobs: [job] }));
    perform(request());
    const granted = find(await until(MONDAY + minutes(31)), 'capacity.granted');
    perform({ type: 'cordonNode', blockId: 'ci-0.1', node: `node-${granted.lease.instanceId}` });
    const finishesAt = job.queuedAt + job.durationMs;
    const facts = await until(finishesAt + seconds(1));
    expect(levels(facts)).toEqual(['closed, 1 running', 'closed, 0 running', 'node.emptied']);
    expect(find(facts, 'node.emptied').takenAt).toBe(finishesAt);
  });

  it('lists an empty node again while it stands cordoned: the first proof may have come too early to be believed', async () => {
    const { perform, until } = driven(aScenario({ jobs: [] }));
    perform(request());
    const { lease } = find(await until(MONDAY + minutes(31)), 'capacity.granted');
    const node = { blockId: 'ci-0.1', node: `node-${lease.instanceId}` };
    perform({ type: 'cordonNode', ...node });
    const facts = await until(MONDAY + minutes(32) + seconds(10));
    expect(levels(facts)).toEqual(['closed, 0 running', 'node.emptied', 'node.emptied', 'node.emptied']);
    perform({ type: 'uncordonNode', ...node });
    expect(levels(await until(MONDAY + minutes(35)))).toEqual(['open, 0 running']);
  });

  it('queues a killed job again from its start, if its author would', async () => {
    for (const retryKilled of [true, false]) {
      const scenario = aScenario({ jobs: [job] });
      const { world, perform, until } = driven({ ...scenario, cluster: { ...scenario.cluster, retryKilled } });
      perform(request());
      const granted = find(await until(MONDAY + minutes(35)), 'capacity.granted');
      perform({ type: 'terminateInstance', blockId: 'ci-0.1', instanceId: granted.lease.instanceId });
      await until(MONDAY + hours(2));
      expect(world.truth().jobs[0]).toMatchObject({ killed: 1, ranOn: retryKilled ? 'overflow' : 'block' });
    }
  });
});
