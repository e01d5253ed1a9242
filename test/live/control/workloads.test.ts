import { describe, expect, it } from 'vitest';
import { looksAtJobs } from '../../../src/config/pools.ts';
import type { Fact, Workload } from '../../../src/domain/facts.ts';
import { Inbox } from '../../../src/live/control/inbox.ts';
import { openWorkloads } from '../../../src/live/control/workloads.ts';
import { openCluster } from '../../../src/live/kubernetes/cluster.ts';
import { shapesAmong } from '../../../src/live/kubernetes/workload/poolShapes.ts';
import { silent } from '../../../src/live/ports/telemetry.ts';
import { aPoolConfig } from '../../support/aScenario.ts';
import { comesTrue } from '../../support/comesTrue.ts';
import { type ACluster, aCluster, aNode, handClock } from '../kubernetes/aCluster.ts';

const ALLOCATABLE = { cpu: '4', memory: '16Gi', pods: '58' };

const nodeWithRoom = (name: string, instanceId: string) => {
  const node = aNode(name, { instanceId });
  return { ...node, status: { ...node.status, allocatable: ALLOCATABLE } };
};

const jobPod = (name: string, node?: string, phase = node === undefined ? 'Pending' : 'Running') => ({
  metadata: { name, namespace: 'ci' },
  spec: {
    ...{ restartPolicy: 'Never', ...(node !== undefined && { nodeName: node }) },
    containers: [{ name: 'main', image: 'main', resources: { requests: { cpu: '1', memory: '1Gi' } } }],
  },
  status: { phase },
});

/** What is said of the jobs in a cluster, of one pool with the block `ci-0.1` on the instance `i-0a`. */
async function counting({ kube, clock, ending }: ACluster) {
  const cluster = openCluster({
    ...{ kube, clock, telemetry: silent, signal: ending.signal, jobs: ['run-once'], otherPods: 'leave' },
    countsJobs: true,
  });
  const bells = handClock();
  const inbox = new Inbox(bells);
  const blockWith = (instanceId: string): string | undefined => (instanceId === 'i-0a' ? 'ci-0.1' : undefined);
  const workloads = openWorkloads({
    ...{
      cluster,
      inbox,
      blockWith,
      clock: bells,
      pools: ['ci'],
      fleet: 'test',
      rooms: () => new Map(),
      signal: ending.signal,
    },
    shapesIn: (seen) => shapesAmong(seen, (instanceId) => (blockWith(instanceId) === undefined ? undefined : 'ci')),
  });
  cluster.onChange(workloads.changed);
  await cluster.synced();
  const said: (Workload | null)[] = [];
  /** Lets a second pass if anything waits for it, and takes out what was said. */
  async function goOn(): Promise<readonly (Workload | null)[]> {
    if (bells.waits().length > 0) bells.ringNext();
    while (inbox.waiting > 0) said.push(workloadOf(await inbox.next(bells.now())));
    return said;
  }
  return {
    ...{ cluster, workloads, inbox, bells, said, goOn },
    /** Lets time pass until this is what was said last. */
    says: (expected: object | null) =>
      comesTrue(async () => {
        const last = (await goOn()).at(-1);
        if (expected === null) expect(last).toBeNull();
        else expect(last).toMatchObject(expected);
      }),
  };
}

function workloadOf(fact: Fact | undefined): Workload | null {
  if (fact?.type !== 'workload.observed') throw new Error(`said ${fact?.type ?? 'nothing'}`);
  return fact.workload;
}

describe('the jobs of a pool in a cluster', () => {
  it('wait, run on a block or elsewhere, and end', async () => {
    await using world = await aCluster();
    const { store } = world;
    store.put('nodes', nodeWithRoom('block', 'i-0a'));
    store.put('nodes', nodeWithRoom('group', 'i-0b'));
    const one = await counting(world);
    one.workloads.again();
    await one.says({ waiting: 0, onBlocks: {}, overflow: 0, arrived: 0, jobsPerBlock: 1 });

    const pod = store.put('pods', jobPod('build'));
    await one.says({ waiting: 1, arrived: 1, jobsPerBlock: 4 });
    expect(one.said.at(-1)?.waitingSince).toBe(Date.parse(pod.metadata.creationTimestamp));
    store.put('pods', jobPod('build', 'block'));
    await one.says({ waiting: 0, onBlocks: { 'ci-0.1': 1 }, overflow: 0, arrived: 0 });
    expect(one.said.at(-1)).not.toHaveProperty('waitingSince');
    store.put('pods', jobPod('test', 'group'));
    await one.says({ onBlocks: { 'ci-0.1': 1 }, overflow: 1, arrived: 1 });
    store.put('pods', jobPod('build', 'block', 'Succeeded'));
    await one.says({ onBlocks: {}, overflow: 1, arrived: 0, jobsPerBlock: 4 });
    store.remove('pods', 'test', 'ci');
    await one.says({ waiting: 0, onBlocks: {}, overflow: 0, arrived: 0, jobsPerBlock: 4 });
  });

  it('are unknown while the server is away, and known again after', async () => {
    await using world = await aCluster();
    world.store.put('nodes', nodeWithRoom('block', 'i-0a'));
    world.store.put('pods', jobPod('build'));
    const one = await counting(world);
    one.workloads.again();
    await one.says({ waiting: 1, arrived: 0 });
    const mend = world.server.faults.add({ verb: '*', resource: '*', kind: 'gone', as: 'http' });
    world.server.endWatches({ torn: true });
    await comesTrue(() => {
      expect(one.cluster.look()).toBeUndefined();
    });
    // As after any turn, though nothing in the cluster has changed that anybody could tell.
    one.workloads.saw();
    await one.says(null);
    const times = one.said.length;
    one.workloads.saw();
    expect(await one.goOn()).toHaveLength(times);
    world.store.put('pods', jobPod('second'));
    mend();
    await comesTrue(() => {
      expect(one.cluster.look()?.pods).toHaveLength(2);
    });
    one.workloads.saw();
    await one.says({ waiting: 2, arrived: 1 });
  });

  it('are unknown as long as nobody knows what the nodes of the pool are like', async () => {
    await using world = await aCluster();
    world.store.put('nodes', aNode('block', { instanceId: 'i-0a' }));
    world.store.put('pods', jobPod('build'));
    const one = await counting(world);
    one.workloads.again();
    await one.says(null);
    world.store.put('nodes', nodeWithRoom('block', 'i-0a'));
    await one.says({ waiting: 1, arrived: 0 });
  });
});

describe('what is said of a pool', () => {
  it('is said together a second after the first change, and not at all before the first inventory', async () => {
    await using world = await aCluster();
    world.store.put('nodes', nodeWithRoom('block', 'i-0a'));
    const one = await counting(world);
    one.workloads.changed();
    expect(one.bells.waits()).toEqual([]);
    one.workloads.again();
    await one.goOn();
    for (const name of ['a', 'b', 'c']) world.store.put('pods', jobPod(name));
    await comesTrue(() => {
      expect(one.cluster.look()?.pods).toHaveLength(3);
    });
    expect(one.bells.waits()).toEqual([1_000]);
    expect(await one.goOn()).toMatchObject([{ waiting: 0 }, { waiting: 3, arrived: 3 }]);
  });

  it('is said once, and again with an inventory', async () => {
    await using world = await aCluster();
    world.store.put('nodes', nodeWithRoom('block', 'i-0a'));
    world.store.put('pods', jobPod('build'));
    const one = await counting(world);
    one.workloads.again();
    expect(await one.goOn()).toHaveLength(1);
    one.workloads.changed();
    expect(await one.goOn()).toHaveLength(1);
    one.workloads.again();
    expect(await one.goOn()).toMatchObject([{ waiting: 1 }, { waiting: 1, arrived: 0 }]);
  });

  it('waits until the keeper has taken in what it was told before', async () => {
    await using world = await aCluster();
    world.store.put('nodes', nodeWithRoom('block', 'i-0a'));
    const one = await counting(world);
    one.inbox.say({ type: 'clock.reached' });
    one.workloads.again();
    expect(one.inbox.waiting).toBe(1);
    await one.inbox.next(0);
    one.workloads.saw();
    expect(await one.goOn()).toMatchObject([{ waiting: 0 }]);
  });

  it('is nothing after the end', async () => {
    await using world = await aCluster();
    const one = await counting(world);
    one.workloads.again();
    await one.goOn();
    one.workloads.changed();
    world.ending.abort();
    expect(one.bells.waits()).toEqual([]);
    one.workloads.again();
    expect(await one.goOn()).toHaveLength(1);
  });
});

describe('a pool', () => {
  it.each([
    ['without a scaling policy', undefined, false],
    ['that is scheduled', 'scheduled', false],
    ['that follows jobs', 'followJobs', true],
  ])('%s', (_, policy, isLooking) => {
    const { policies } = aPoolConfig();
    const scaling = policy === undefined ? {} : { scaling: { policy, options: {} } };
    expect(looksAtJobs({ policies: { ...policies, ...scaling } })).toBe(isLooking);
  });
});
