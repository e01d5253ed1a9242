import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type JobRoom, JobSharing, placesIn } from '../../../../src/domain/jobSharing.ts';
import { podRoles, podRules } from '../../../../src/live/kubernetes/jobs.ts';
import { objectIn } from '../../../../src/live/kubernetes/kubeObject.ts';
import { heldFor } from '../../../../src/live/kubernetes/podDelay.ts';
import { Arrivals } from '../../../../src/live/kubernetes/workload/arrivals.ts';
import { type ClusterLook, type CountedFor, countJobs } from '../../../../src/live/kubernetes/workload/countJobs.ts';
import { shapesAmong } from '../../../../src/live/kubernetes/workload/poolShapes.ts';
import { type PoolNodes, poolsFor } from '../../../../src/live/kubernetes/workload/poolsFor.ts';
import { type WatchedPod, watchedNode, watchedPod } from '../../../../src/live/kubernetes/workload/watched.ts';
import { ALLOCATABLE, aPoolShape, needsOf } from './aPool.ts';

const T0 = Date.parse('2026-05-11T08:00:00Z');

interface PodLike {
  readonly node?: string;
  readonly phase?: string;
  readonly metadata?: object;
  readonly spec?: object;
}

const podObject = (
  uid: string,
  { node, phase = node === undefined ? 'Pending' : 'Running', metadata, spec }: PodLike,
) =>
  objectIn({
    metadata: {
      ...{ name: uid, namespace: 'ci', uid, resourceVersion: '7', creationTimestamp: '2026-05-11T08:00:00Z' },
      ...metadata,
    },
    spec: {
      ...{ restartPolicy: 'Never', containers: [{ resources: { requests: { cpu: '1', memory: '1Gi' } } }] },
      ...(node !== undefined && { nodeName: node }),
      ...spec,
    },
    status: { phase },
  });

const podLike = (uid: string, pod: PodLike = {}): WatchedPod | undefined =>
  watchedPod(podObject(uid, pod), podRoles(podRules({ jobs: ['run-once'] })));

const nodeLike = (name: string, { ready = true, labels = {} }: { ready?: boolean; labels?: object } = {}) =>
  watchedNode(
    objectIn({
      metadata: { ...{ name, uid: name, resourceVersion: '7', creationTimestamp: '2026-05-11T08:00:00Z' }, labels },
      spec: { providerID: `aws:///a/i-${name}` },
      status: { allocatable: ALLOCATABLE, conditions: [{ type: 'Ready', status: ready ? 'True' : 'False' }] },
    }),
  );

const look = (
  pods: readonly (WatchedPod | undefined)[],
  nodes: readonly string[] = ['one', 'two', 'group'],
): ClusterLook => ({
  ...{ takenAt: T0, nodes: nodes.map((name) => nodeLike(name)) },
  pods: pods.filter((pod) => pod !== undefined),
});

const BLOCKS: Readonly<Record<string, string>> = { 'i-one': 'ci-0.1', 'i-two': 'big-0.1' };
const blockOn = (instanceId: string): string | undefined => BLOCKS[instanceId];

/** Pools of which it is not known what they have for jobs, unless `rooms` says so. */
const counting = (pools: readonly PoolNodes[], rooms: Readonly<Record<string, JobRoom>> = {}): CountedFor => ({
  ...{ pools, blockOn, sharing: new JobSharing(), heldFor: (pod) => heldFor(pod, 'test') },
  placesOf: (pool, onBlocks) => (rooms[pool] === undefined ? undefined : placesIn(rooms[pool], onBlocks, 1)),
});

describe('a pod without a node', () => {
  it.each([
    ['a job that waits', {}, true],
    ['no job', { spec: { restartPolicy: 'Always' } }, false],
    ['a job that is being deleted', { metadata: { deletionTimestamp: '2026-05-11T08:00:00Z' } }, false],
    ['a job that is held by a gate', { spec: { schedulingGates: [{ name: 'quota' }] } }, false],
    ['a job whose gates are open', { spec: { schedulingGates: [] } }, true],
    ['a job that failed before it was placed', { phase: 'Failed' }, false],
  ])('is %s', (_, pod, isKept) => {
    expect(podLike('p', pod) !== undefined).toBe(isKept);
  });

  it('whose needs cannot be read is kept, and fits nowhere', () => {
    const pod = podLike('p', { spec: { containers: [{ resources: { requests: { cpu: 'much' } } }] } });
    expect(pod).toMatchObject({ uid: 'p', needs: undefined });
    expect(poolsFor([{ pool: 'ci', shapes: [aPoolShape()] }])(pod?.needs)).toEqual([]);
  });

  it('shares what it needs with those that need the same', () => {
    expect(podLike('p')?.needs).toBe(podLike('q')?.needs);
  });
});

describe('of two pools that a pod fits', () => {
  const pools = ['ci', 'big'].map((pool) => ({ pool, shapes: [aPoolShape()] }));
  const term = (operator: string, ...values: readonly string[]) => ({
    matchExpressions: [{ key: 'spot-keeper.io/pool', operator, values }],
  });
  it.each([
    ['the first comes first', {}, 'ci'],
    ['the one that its selector names', { nodeSelector: { 'spot-keeper.io/pool': 'big' } }, 'big'],
    [
      'the one that its affinity names',
      {
        affinity: {
          nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [term('In', 'big')] } },
        },
      },
      'big',
    ],
    [
      'the one that it prefers by name',
      {
        affinity: {
          nodeAffinity: {
            preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 1, preference: term('In', 'big') }],
          },
        },
      },
      'big',
    ],
    [
      'the first, if it prefers any',
      {
        affinity: {
          nodeAffinity: {
            preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 1, preference: term('Exists') }],
          },
        },
      },
      'ci',
    ],
  ])('%s', (_, spec, expected) => {
    expect(poolsFor(pools)(needsOf(spec))[0]).toBe(expected);
  });

  it('one whose nodes nobody knows counts nothing', () => {
    expect(poolsFor([{ pool: 'ci', shapes: undefined }, pools[1]!])(needsOf({}))).toEqual(['big']);
  });
});

describe('the jobs in one look', () => {
  const pools = ['ci', 'big'].map((pool) => ({ pool, shapes: [aPoolShape()] }));
  it('are those that wait, by the oldest, those on blocks by block, and those elsewhere', () => {
    const later = { metadata: { creationTimestamp: '2026-05-11T08:05:00Z' } };
    const pods = [
      ...[podLike('w1', later), podLike('w2'), podLike('b1', { node: 'one' }), podLike('b2', { node: 'two' })],
      ...[podLike('o1', { node: 'group' }), podLike('over', { node: 'one', phase: 'Succeeded' })],
      ...[podLike('nowhere', { node: 'unseen' }), podLike('web', { node: 'one', spec: { restartPolicy: 'Always' } })],
    ];
    const counted = countJobs(look(pods), counting(pools));
    expect(counted.get('ci')).toMatchObject({
      ...{ waiting: 2, waitingSince: T0, onBlocks: { 'ci-0.1': 1 }, overflow: 1 },
      uids: ['b1', 'over', 'w2', 'w1', 'o1', 'nowhere'],
    });
    expect(counted.get('big')).toMatchObject({ waiting: 0, onBlocks: { 'big-0.1': 1 }, overflow: 0, uids: ['b2'] });
  });

  it('go to the next pool where the first has no room, and stay there while that one has', () => {
    const pods = [podLike('w1'), podLike('w2'), podLike('b1', { node: 'one' }), podLike('o1', { node: 'group' })];
    const full = { blocks: ['ci-0.1'], more: 0 };
    const rooms: Record<string, JobRoom> = { ci: full, big: { blocks: ['big-0.1'], more: 2 } };
    const { sharing, ...others } = counting(pools, rooms);
    const countsNow = () =>
      [...countJobs(look(pods), { ...others, sharing })].map(([pool, { waiting, overflow }]) => [
        pool,
        waiting,
        overflow,
      ]);
    // The only block of the first has a job.
    expect(countsNow()).toEqual([
      ['ci', 0, 0],
      ['big', 2, 1],
    ]);
    rooms['ci'] = { ...full, more: 5 };
    // What runs elsewhere goes by where it would go now.
    expect(countsNow()).toEqual([
      ['ci', 0, 1],
      ['big', 2, 0],
    ]);
  });

  it('that an earlier life held for a pool stay with it', () => {
    const mark = { 'spot-keeper.io/held': 'test/big 80s 10s' };
    const pods = [podLike('w1'), podLike('w2', { metadata: { annotations: mark } })];
    const rooms = { ci: { blocks: [], more: 5 }, big: { blocks: [], more: 5 } };
    const counted = countJobs(look(pods), counting(pools, rooms));
    expect(counted.get('ci')?.waits.map(({ uid }) => uid)).toEqual(['w1']);
    expect(counted.get('big')?.waits.map(({ uid }) => uid)).toEqual(['w2']);
  });

  it('on a block are its own, whatever they fit', () => {
    const pods = [podLike('b1', { node: 'one', spec: { nodeSelector: { gone: 'now' } } })];
    expect(countJobs(look(pods), counting(pools)).get('ci')?.onBlocks).toEqual({ 'ci-0.1': 1 });
  });

  it('are each counted once, whatever they are', () => {
    const place = fc.constantFrom('one', 'two', 'group', undefined);
    const pool = fc.constantFrom('ci', 'big', 'other', undefined);
    fc.assert(
      fc.property(fc.array(fc.record({ place, pool })), (written) => {
        const pods = written.map(({ place: node, pool: named }, ordinal) =>
          podLike(`p${ordinal}`, {
            ...(node !== undefined && { node }),
            spec: named === undefined ? {} : { nodeSelector: { 'spot-keeper.io/pool': named } },
          }),
        );
        const counted = [...countJobs(look(pods), counting(pools)).values()];
        const sum = counted.reduce(
          (all, { waiting, overflow, onBlocks }) =>
            all + waiting + overflow + Object.values(onBlocks).reduce((one, other) => one + other, 0),
          0,
        );
        const strangers = written.filter(
          ({ place: node, pool: named }) => named === 'other' && node !== 'one' && node !== 'two',
        );
        expect(sum).toBe(written.length - strangers.length);
        expect(counted.flatMap(({ uids }) => uids)).toHaveLength(sum);
      }),
    );
  });
});

describe('the nodes of a pool', () => {
  const groupOf = (instanceId: string) => (instanceId === 'i-one' || instanceId === 'i-two' ? 'ci' : undefined);

  it('have the room that what runs on every node leaves, on the fullest of those that are alike', () => {
    const daemon = (uid: string, node: string) =>
      podLike(uid, {
        ...{ node, metadata: { ownerReferences: [{ kind: 'DaemonSet', controller: true }] } },
        spec: { restartPolicy: 'Always' },
      });
    const pods = [daemon('d1', 'one'), daemon('d2', 'one'), daemon('d3', 'two'), podLike('job', { node: 'two' })];
    expect(shapesAmong(look(pods), groupOf).get('ci')).toMatchObject([
      { nodes: 2, room: { cpu: 2_000, memory: 14 * 2 ** 30 * 1_000, pods: 56_000 } },
    ]);
  });

  it('are learned from those that are ready, and of each kind apart', () => {
    const nodes = [nodeLike('one', { labels: { zone: 'a' } }), nodeLike('two', { ready: false })];
    expect(shapesAmong({ takenAt: T0, pods: [], nodes }, groupOf).get('ci')).toMatchObject([
      { nodes: 1, shape: { labels: { zone: 'a' } } },
    ]);
    const kinds = [nodeLike('one', { labels: { zone: 'a' } }), nodeLike('two', { labels: { zone: 'b' } })];
    expect(shapesAmong({ takenAt: T0, pods: [], nodes: kinds }, groupOf).get('ci')).toHaveLength(2);
  });

  it('are unknown without a node that says what it has', () => {
    expect(shapesAmong(look([], ['group']), groupOf).size).toBe(0);
  });
});

describe('arrivals', () => {
  it('are none the first time, and counted once for each pool', () => {
    const arrivals = new Arrivals();
    arrivals.saw(['a', 'b']);
    expect(arrivals.amongst('ci', ['a', 'b'])).toBe(0);
    arrivals.told('ci', ['a', 'b']);
    arrivals.saw(['b', 'c', 'd']);
    expect(arrivals.amongst('ci', ['b', 'c'])).toBe(1);
    expect(arrivals.amongst('ci', ['b', 'c'])).toBe(1);
    arrivals.told('ci', ['b', 'c']);
    expect(arrivals.amongst('ci', ['b', 'c'])).toBe(0);
    expect(arrivals.amongst('big', ['d'])).toBe(0);
  });

  it('come for one pool, though another counts them later', () => {
    const arrivals = new Arrivals();
    arrivals.saw([]);
    for (const pool of ['ci', 'big']) arrivals.told(pool, []);
    arrivals.saw(['a']);
    arrivals.told('ci', ['a']);
    expect(arrivals.amongst('big', ['a'])).toBe(0);
  });

  it('are as many as jobs came, however often anybody looks', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(3), fc.nat(3), fc.boolean())), (turns) => {
        const arrivals = new Arrivals();
        arrivals.saw([]);
        arrivals.told('ci', []);
        let [next, told, since] = [0, 0, 0];
        let there: string[] = [];
        for (const [came, went, isTold] of turns) {
          // One that nobody is told of while it is there has not come for anybody.
          if (since === 0) there = there.slice(went);
          for (let one = 0; one < came; one += 1) there.push(`job-${(next += 1)}`);
          since += came;
          arrivals.saw(there);
          expect(arrivals.amongst('ci', there)).toBe(since);
          if (!isTold) continue;
          told += since;
          since = 0;
          arrivals.told('ci', there);
        }
        expect(told + since).toBe(next);
      }),
    );
  });
});

describe('a pool with a taint of its own', () => {
  const routed: readonly PoolNodes[] = [
    { pool: 'quiet', shapes: [aPoolShape()], isRouted: true },
    { pool: 'ci', shapes: [aPoolShape()] },
  ];
  const poolsOf = (...tolerations: readonly object[]) => poolsFor(routed)(needsOf({ tolerations }));
  const KEY = 'spot-keeper.io/routing';

  it('is fit for by jobs that tolerate it, and by no other', () => {
    expect(poolsOf()).toEqual(['ci']);
    expect(poolsOf({ key: KEY, operator: 'Equal', value: 'quiet', effect: 'NoSchedule' })).toEqual(['quiet', 'ci']);
    expect(poolsOf({ key: KEY, operator: 'Exists' })).toEqual(['quiet', 'ci']);
    expect(poolsOf({ operator: 'Exists' })).toEqual(['quiet', 'ci']);
    expect(poolsOf({ key: KEY, operator: 'Equal', value: 'ci' })).toEqual(['ci']);
    expect(poolsOf({ key: KEY, operator: 'Exists', effect: 'NoExecute' })).toEqual(['ci']);
  });
});
