import { describe, expect, it } from 'vitest';
import { textAt } from '../../../fakes/kubernetes/json.ts';
import { type Instant, minutes, seconds } from '../../../src/domain/time.ts';
import { openHolds } from '../../../src/live/control/holds.ts';
import { Inbox } from '../../../src/live/control/inbox.ts';
import { openWorkloads } from '../../../src/live/control/workloads.ts';
import { openCluster } from '../../../src/live/kubernetes/cluster.ts';
import { POD_MARK } from '../../../src/live/kubernetes/marks.ts';
import { shapesAmong } from '../../../src/live/kubernetes/workload/poolShapes.ts';
import type { HoldResult } from '../../../src/live/observers/holdCounts.ts';
import type { Clock } from '../../../src/live/ports/clock.ts';
import { silent } from '../../../src/live/ports/telemetry.ts';
import { comesTrue } from '../../support/comesTrue.ts';
import { type ACluster, aCluster, aNode } from '../kubernetes/aCluster.ts';

const T0 = Date.parse('2026-05-11T08:00:00Z');

/** A clock that a test moves on. */
function standingClock(): Clock & { readonly pass: (lengthMs: number) => void } {
  let now = T0;
  let bells: { readonly at: Instant; readonly ring: () => void }[] = [];
  const ringDue = (): void => {
    const due = bells.filter(({ at }) => at <= now);
    bells = bells.filter(({ at }) => at > now);
    for (const { ring } of due) ring();
  };
  return {
    now: () => now,
    at: (at, ring) => {
      const bell = { at, ring };
      bells.push(bell);
      queueMicrotask(ringDue);
      return () => {
        bells = bells.filter((one) => one !== bell);
      };
    },
    pass: (lengthMs) => {
      now += lengthMs;
      ringDue();
    },
  };
}

const jobPod = (name: string, annotations: Readonly<Record<string, string>> = {}, namespace = 'ci') => ({
  metadata: { name, namespace, annotations, labels: { app: 'build' } },
  spec: {
    restartPolicy: 'Never',
    containers: [{ name: 'main', image: 'main', resources: { requests: { cpu: '1' } } }],
  },
  status: { phase: 'Pending' },
});

/** The holds of the pool `ci` of the fleet `test`, on the simulated API server. */
async function holding({ mayMutate = () => true }: { readonly mayMutate?: () => boolean } = {}) {
  const clock = standingClock();
  const world: ACluster = await aCluster({ clock });
  const { kube, store, ending } = world;
  const node = aNode('block', { instanceId: 'i-0a' });
  store.put('nodes', { ...node, status: { ...node.status, allocatable: { cpu: '4', memory: '16Gi', pods: '58' } } });
  const { signal } = ending;
  const cluster = openCluster({
    ...{ kube, clock, telemetry: silent, signal, jobs: ['run-once'], otherPods: 'leave' },
    countsJobs: true,
  });
  await cluster.synced();
  const blockWith = (instanceId: string): string | undefined => (instanceId === 'i-0a' ? 'ci-0.1' : undefined);
  /** A keeper's life: its holds, and what it says. */
  const life = () => {
    const inbox = new Inbox(clock);
    const workloads = openWorkloads({
      ...{ cluster, inbox, blockWith, clock, pools: ['ci'], fleet: 'test', rooms: () => new Map(), signal },
      shapesIn: (seen) => shapesAmong(seen, () => 'ci'),
    });
    const { waitingFor } = workloads;
    const results: HoldResult[] = [];
    const told = (_: string, result: HoldResult): void => void results.push(result);
    const ports = { cluster, clock, inbox, telemetry: silent, fleet: 'test', waitingFor, mayMutate, told, signal };
    const hold = openHolds(ports);
    return {
      ...{ inbox, workloads, results },
      /** Asks that so many are held for so many seconds from the first instant on. */
      ask: (...holds: readonly (readonly [jobs: number, untilS: number])[]) => {
        const levels = holds.map(([jobs, untilS]) => ({ jobs, until: T0 + seconds(untilS) }));
        hold({ type: 'holdJobs', pool: 'ci', holds: levels, mostMs: minutes(5) });
      },
      /** The same, where jobs beyond are held until nodes come that were bought for them. */
      askWithBought: (boughtS: number, ...holds: readonly (readonly [jobs: number, untilS: number])[]) => {
        const levels = holds.map(([jobs, untilS]) => ({ jobs, until: T0 + seconds(untilS) }));
        hold({ type: 'holdJobs', pool: 'ci', holds: levels, mostMs: minutes(5), boughtMs: seconds(boughtS) });
      },
    };
  };
  const annotationsOf = (name: string, namespace = 'ci') => {
    const pod = store.get('pods', name, namespace) ?? {};
    const [delay, mark] = [POD_MARK.delay, POD_MARK.held].map((key) => textAt(pod, 'metadata', 'annotations', key));
    return { delay, mark };
  };
  return {
    ...{ clock, world, store, life, annotationsOf, cluster },
    patches: () => world.server.calls.get('patch pods/status') ?? 0,
    /** Puts pods, each a second younger than the one before, and waits until they are seen. */
    put: async (...pods: readonly ReturnType<typeof jobPod>[]) => {
      for (const pod of pods) {
        store.put('pods', pod);
        clock.pass(seconds(1));
      }
      await comesTrue(() => {
        expect(cluster.look()?.pods).toHaveLength(store.list('pods').length);
      });
    },
    stands: (name: string, delay: string | undefined, mark?: string) =>
      comesTrue(() => {
        expect(annotationsOf(name)).toEqual({ delay, mark });
        const seen = cluster.look()?.pods.find(({ waits }) => waits?.name === name)?.waits;
        expect(seen?.delay).toEqual({ value: delay, mark });
      }),
    /** The same, as time goes on. */
    comesToStand: (name: string, delay: string | undefined, mark?: string) =>
      comesTrue(() => {
        clock.pass(100);
        expect(annotationsOf(name)).toEqual({ delay, mark });
      }),
    [Symbol.asyncDispose]: () => world[Symbol.asyncDispose](),
  };
}

describe('the pods of a pool that wait', () => {
  it('are held oldest first, each by its own age, and the rest is left alone', async () => {
    await using one = await holding();
    await one.put(jobPod('a'), jobPod('b', { [POD_MARK.delay]: '10s' }), jobPod('c'));
    one.life().ask([1, 100], [1, 200]);
    await one.stands('a', '100s', 'test/ci 100s');
    await one.stands('b', '199s', 'test/ci 199s 10s');
    expect(one.annotationsOf('c')).toEqual({ delay: undefined, mark: undefined });
    expect(one.patches()).toBe(2);
    // Nothing else of the pod has changed.
    expect(one.store.get('pods', 'a', 'ci')).toMatchObject({ metadata: { labels: { app: 'build' } } });
  });

  it('count as held, as long as the hold lasts', async () => {
    await using one = await holding();
    await one.put(jobPod('a'), jobPod('b'));
    const { ask, inbox, workloads } = one.life();
    ask([1, 60]);
    await one.stands('a', '60s', 'test/ci 60s');
    const held = async (): Promise<number | undefined> => {
      workloads.again();
      const fact = await inbox.next(one.clock.now());
      return fact?.type === 'workload.observed' ? fact.workload?.held : undefined;
    };
    expect(await held()).toBe(1);
    one.clock.pass(seconds(60));
    expect(await held()).toBe(0);
  });

  it('are extended, released a little after they need not be held, and written on no more often than that', async () => {
    await using one = await holding();
    await one.put(jobPod('a', { [POD_MARK.delay]: '10s' }));
    const { ask } = one.life();
    ask([1, 20]);
    await one.stands('a', '20s', 'test/ci 20s 10s');
    ask([1, 240]);
    await one.stands('a', '240s', 'test/ci 240s 10s');
    ask([1, 243]);
    ask();
    // The scheduler may bind it in this very moment.
    expect(one.annotationsOf('a').delay).toBe('240s');
    await one.comesToStand('a', '10s');
    expect(one.patches()).toBe(3);
  });

  it('are written on four times at most, the last time to release them', async () => {
    await using one = await holding();
    await one.put(jobPod('a'));
    const { ask, inbox } = one.life();
    for (const untilS of [20, 60, 120]) {
      ask([1, untilS]);
      await one.stands('a', `${untilS}s`, `test/ci ${untilS}s`);
    }
    ask([1, 240]);
    ask();
    await one.comesToStand('a', undefined);
    expect(one.patches()).toBe(4);
    expect(inbox.waiting).toBe(0);
  });

  it('keep a longer delay of their user, and one that was written meanwhile', async () => {
    await using one = await holding();
    await one.put(jobPod('a', { [POD_MARK.delay]: '4m' }), jobPod('b'));
    const { ask } = one.life();
    ask([2, 100]);
    await one.stands('b', '99s', 'test/ci 99s');
    expect(one.annotationsOf('a')).toEqual({ delay: '4m', mark: undefined });
    const pod = one.store.get('pods', 'b', 'ci')!;
    const annotations = { [POD_MARK.delay]: '3m', [POD_MARK.held]: 'test/ci 99s' };
    one.store.put('pods', { ...pod, metadata: { ...pod.metadata, annotations } });
    await comesTrue(() => {
      expect(one.cluster.look()?.pods.find(({ waits }) => waits?.name === 'b')?.waits?.delay.value).toBe('3m');
    });
    ask();
    await one.comesToStand('b', '3m');
    expect(one.annotationsOf('a')).toEqual({ delay: '4m', mark: undefined });
  });
});

describe('a pod that no block will take, beside one that is held', () => {
  it('is held once a node has been bought for it, until that is due, and let go with the last hold for a block', async () => {
    await using one = await holding();
    await one.put(jobPod('a'), jobPod('b', { [POD_MARK.delay]: '10s' }));
    const { ask, askWithBought, results } = one.life();
    askWithBought(140, [1, 200]);
    await one.stands('a', '200s', 'test/ci 200s');
    // It is a second younger, and the autoscaler is free to buy for it from the eleventh second on.
    one.clock.pass(seconds(20));
    askWithBought(140, [1, 210]);
    await one.stands('a', '210s', 'test/ci 210s');
    expect(one.annotationsOf('b')).toEqual({ delay: '10s', mark: undefined });
    one.clock.pass(seconds(1));
    askWithBought(140, [1, 210]);
    await one.stands('b', '150s', 'test/ci 150s 10s');
    expect(results).toEqual(['late', 'late']);
    ask();
    await one.comesToStand('b', '10s');
  });
});

describe('the next life', () => {
  it('adopts the holds that it finds, and releases those that nothing asks for', async () => {
    await using one = await holding();
    await one.put(jobPod('a', { [POD_MARK.delay]: '10s' }), jobPod('b'), jobPod('c'));
    one.life().ask([2, 200]);
    await one.stands('b', '199s', 'test/ci 199s');
    await comesTrue(() => {
      expect(one.cluster.look()?.pods.filter(({ waits }) => waits?.delay.mark !== undefined)).toHaveLength(2);
    });
    const next = one.life();
    next.ask([1, 200]);
    await one.comesToStand('b', undefined);
    expect(one.annotationsOf('a')).toEqual({ delay: '200s', mark: 'test/ci 200s 10s' });
    next.ask();
    await one.comesToStand('a', '10s');
    expect(one.patches()).toBe(4);
  });
});

describe('what cannot be written', () => {
  it('in one namespace is said, and written in the others', async () => {
    await using one = await holding();
    await one.put(jobPod('a', {}, 'closed'), jobPod('b', {}, 'closed'), jobPod('c'));
    for (const name of ['a', 'b'])
      one.world.server.faults.add({ verb: 'patch', resource: 'pods/status', name, kind: 'error', code: 403 });
    const { ask, inbox } = one.life();
    ask([3, 100]);
    await one.stands('c', '98s', 'test/ci 98s');
    await comesTrue(() => {
      expect(inbox.waiting).toBe(1);
    });
    expect(await inbox.next(one.clock.now())).toMatchObject({ type: 'jobs.unheld', pool: 'ci' });
    expect(one.patches()).toBeLessThanOrEqual(3);
  });

  it('because the server is busy is tried once more when it said so, then said', async () => {
    await using one = await holding();
    await one.put(jobPod('a'));
    const busy = { verb: 'patch', resource: 'pods/status', kind: 'error', code: 429, retryAfterSeconds: 2 } as const;
    one.world.server.faults.add({ ...busy, times: 1 });
    const { ask, inbox } = one.life();
    ask([1, 100]);
    await comesTrue(() => {
      expect(one.patches()).toBe(1);
    });
    await comesTrue(() => {
      one.clock.pass(200);
      expect(one.annotationsOf('a')).toEqual({ delay: '100s', mark: 'test/ci 100s' });
    });
    expect(inbox.waiting).toBe(0);
    one.world.server.faults.add(busy);
    ask([1, 200]);
    await comesTrue(() => {
      one.clock.pass(200);
      expect(inbox.waiting).toBe(1);
    });
    expect(await inbox.next(one.clock.now())).toMatchObject({
      reason: expect.stringMatching(/^throttled: /) as string,
    });
    expect(one.patches()).toBe(4);
  });

  it('because its pod has gone, or another bears the name, is of no interest', async () => {
    await using one = await holding();
    await one.put(jobPod('a'), jobPod('b'), jobPod('c'));
    const { faults } = one.world.server;
    faults.add({ verb: 'patch', resource: 'pods/status', name: 'a', kind: 'error', code: 404 });
    faults.add({ verb: 'patch', resource: 'pods/status', name: 'b', kind: 'error', code: 409 });
    const { ask, inbox } = one.life();
    ask([3, 100]);
    await one.stands('c', '98s', 'test/ci 98s');
    await comesTrue(() => {
      expect(one.patches()).toBe(3);
    });
    expect(inbox.waiting).toBe(0);
  });

  it('while the leadership is late is said without a call', async () => {
    await using one = await holding({ mayMutate: () => false });
    await one.put(jobPod('a'));
    const { ask, inbox } = one.life();
    ask([1, 100]);
    await comesTrue(() => {
      expect(inbox.waiting).toBe(1);
    });
    expect(await inbox.next(one.clock.now())).toMatchObject({
      ...{ type: 'jobs.unheld', reason: 'a renewal of the leadership is late' },
    });
    expect(one.patches()).toBe(0);
  });
});

it('is written at once where another level is asked for while a release waits', async () => {
  await using one = await holding();
  await one.put(jobPod('a'), jobPod('b'));
  const { ask } = one.life();
  ask([1, 100]);
  await one.stands('a', '100s', 'test/ci 100s');
  ask();
  ask([2, 150]);
  await one.stands('b', '149s', 'test/ci 149s');
  await one.stands('a', '150s', 'test/ci 150s');
});
