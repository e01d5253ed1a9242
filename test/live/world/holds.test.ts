import { describe, expect, it } from 'vitest';
import { objectAt, textAt } from '../../../fakes/kubernetes/json.ts';
import type { Store } from '../../../fakes/kubernetes/store.ts';
import type { WireWorld } from '../../../fakes/wireWorld.ts';
import { catalogue } from '../../../policies/catalogue.ts';
import { after, hours, type Instant, type Millis, minutes, seconds } from '../../../src/domain/time.ts';
import { POD_MARK } from '../../../src/live/kubernetes/marks.ts';
import { NO_HOLDS } from '../../../src/live/observers/holdCounts.ts';
import { poolsOf } from '../../../src/pool/assemble.ts';
import { ALLOCATABLE, addGroupNode, firstBlockNode } from '../../support/aGroupNode.ts';
import { aPoolConfig, aScenario, MONDAY } from '../../support/aScenario.ts';
import { lockstep } from '../../support/lockstep.ts';

const usual = aPoolConfig();
const POOL = {
  ...usual,
  policies: { ...usual.policies, scaling: { policy: 'followJobs', options: { atLeast: 1 } } },
};

/** A job that fills a node. It waits where no node is named. */
const build = (name: string, node?: string) => ({
  metadata: { name, namespace: 'ci', annotations: { [POD_MARK.delay]: '10s' } },
  spec: {
    ...{ restartPolicy: 'Never', ...(node !== undefined && { nodeName: node }) },
    containers: [{ name: 'main', image: 'ci', resources: { requests: { cpu: '8' } } }],
  },
  status: { phase: node === undefined ? 'Pending' : 'Running' },
});

/** Lets the simulated nodes say what they have for pods, as kubelet does. */
function furnish(store: Store): void {
  for (const node of store.list('nodes')) {
    const status = objectAt(node, 'status');
    if (status['allocatable'] === undefined)
      store.put('nodes', { ...node, status: { ...status, allocatable: ALLOCATABLE } });
  }
}

/** One write on the pod: when, and what then stood there. */
interface Written {
  readonly afterMs: Millis;
  readonly delay: string | undefined;
  readonly mark: string | undefined;
}

/**
 * An hour with one block that is busy from the 20th minute on. In the 30th a job comes that finds no room. What was written
 * on its pod.
 */
async function anHour({
  changed = () => undefined,
  furnished = () => undefined,
  pool = POOL,
}: {
  readonly changed?: (afterMs: Millis, world: WireWorld) => void;
  readonly furnished?: (world: WireWorld, now: () => Instant) => void;
  readonly pool?: typeof POOL;
} = {}) {
  const steps: readonly (readonly [afterMs: Millis, act: (store: Store) => void])[] = [
    [minutes(20), (store) => store.put('pods', build('first', firstBlockNode({ store })))],
    [minutes(30), (store) => store.put('pods', build('second'))],
  ];
  let now: Instant = MONDAY;
  let counts = NO_HOLDS;
  const written: Written[] = [];
  const scenario = aScenario({
    ...{ from: MONDAY, until: MONDAY + hours(1), jobs: [], pools: { fleet: 'test', pools: [pool] } },
  });
  const { turns, world } = await lockstep(scenario, poolsOf(scenario.pools, catalogue), {
    withoutQueue: true,
    furnish: (one) => {
      addGroupNode(one, pool);
      furnished(one, () => now);
      one.store.onChange(({ resource, object, before }) => {
        if (resource !== 'pods' || object.metadata.name !== 'second') return;
        const [delay, mark] = [POD_MARK.delay, POD_MARK.held].map((key) =>
          textAt(object, 'metadata', 'annotations', key),
        );
        if (before !== undefined) written.push({ afterMs: now - MONDAY - minutes(30), delay, mark });
      });
    },
    acts: steps.map(([afterMs, act]) => ({
      at: after(MONDAY, afterMs),
      act: ({ world: { store } }) => {
        act(store);
      },
    })),
    at: (at, one, keeping) => {
      now = at;
      counts = keeping.holds('ci');
      furnish(one.store);
      changed(now - MONDAY, one);
    },
  });
  return { written, turns, world, counts };
}

/** Binds the job to the second block as soon as that has joined, as the scheduler would. */
function schedule(_: Millis, { store }: WireWorld): void {
  const [, second] = store.list('nodes').filter(({ metadata: { name } }) => name.startsWith('node-'));
  const pod = store.get('pods', 'second', 'ci');
  if (second === undefined || pod === undefined || textAt(pod, 'spec', 'nodeName') !== undefined) return;
  const spec = { ...objectAt(pod, 'spec'), nodeName: second.metadata.name };
  store.put('pods', { ...pod, spec, status: { phase: 'Running' } });
}

/** Lets EC2 refuse whatever is asked for from the 29th minute on. */
function refuse({ account }: WireWorld, now: () => Instant): void {
  const decide = account.decide?.bind(account);
  account.decide = async (launch) => {
    const granted = await decide?.(launch);
    if (now() < MONDAY + minutes(29)) return granted ?? { kind: 'granted' };
    return { kind: 'refused', code: 'InsufficientInstanceCapacity', message: 'no capacity', status: 500 };
  };
}

/** Twenty seconds from when it was seen: at once by an inventory that came just then, else a second later. */
const ASKING = /^2[12]s$/;

/** What the keeper wrote, without what the scheduler did. */
const delays = (written: readonly Written[]): readonly (string | undefined)[] =>
  written.map(({ delay }) => delay).filter((delay, index, all) => index === 0 || delay !== all[index - 1]);

describe('a pod that finds no room', () => {
  it('is held before the delay that it was created with ends, and once more when its block is granted', async () => {
    const { written, turns, world, counts } = await anHour({ changed: schedule });
    const grantedMs = turns.filter(({ fact }) => fact.type === 'capacity.granted').at(-1)?.fact.at ?? 0;
    const [first, second] = written;
    expect(first?.afterMs).toBeLessThan(seconds(2));
    // Until EC2 has said something.
    expect(first?.delay).toMatch(ASKING);
    expect(first?.mark).toBe(`test/ci ${first?.delay ?? ''} 10s`);
    // A boot that nobody has timed twice, and a minute, from its grant; the launch was asked for when the pod was seen.
    const grantedAfterMs = grantedMs - MONDAY - minutes(30);
    const delay = `${Math.ceil((grantedAfterMs + minutes(4)) / seconds(1))}s`;
    expect(delay).toMatch(/^24[45]s$/);
    expect(second).toMatchObject({ afterMs: grantedAfterMs, delay, mark: `test/ci ${delay} 10s` });
    expect(counts).toEqual({ ...NO_HOLDS, held: 1 });
    // Bound as soon as the node was there: nothing was left to release.
    expect(world.kubernetes.calls.get('patch pods/status')).toBe(2);
    expect(turns.filter(({ fact }) => fact.type === 'jobs.unheld')).toEqual([]);
  });

  it('is released within a second once EC2 has refused all that might be bought for it, with the delay it came with', async () => {
    const { written, turns, world, counts } = await anHour({ furnished: refuse });
    expect(counts).toEqual({ ...NO_HOLDS, held: 1, released: 1 });
    const told = world.store.list('events').map((event) => textAt(event, 'reason'));
    expect(told).toEqual(expect.arrayContaining(['JobHeld', 'JobReleased']));
    const refusedMs = turns.filter(({ fact }) => fact.type === 'capacity.refused')[1]?.fact.at ?? 0;
    expect(delays(written)).toEqual([expect.stringMatching(ASKING), '10s']);
    expect(written.at(-1)).toMatchObject({ delay: '10s', mark: undefined });
    expect((written.at(-1)?.afterMs ?? 0) - (refusedMs - MONDAY - minutes(30))).toBeLessThan(seconds(1));
    // When it is tried again, the pod is older than any hold may last.
    expect(world.kubernetes.calls.get('patch pods/status')).toBe(2);
  });

  it('is not held, and said to be not, where nobody may write on it', async () => {
    const forbid = ({ kubernetes }: WireWorld): void => {
      kubernetes.faults.add({ verb: 'patch', resource: 'pods/status', kind: 'error', code: 403, reason: 'Forbidden' });
    };
    const { written, turns, world, counts } = await anHour({ changed: schedule, furnished: forbid });
    expect(counts).toEqual({ ...NO_HOLDS, lost: 1 });
    expect(delays(written)).toEqual(['10s']);
    const unheld = turns.filter(({ fact }) => fact.type === 'jobs.unheld');
    expect(unheld[0]?.fact).toMatchObject({ pool: 'ci', reason: expect.stringMatching(/^forbidden: /) as string });
    // Once for each level, and every ten seconds of the minute and three quarters for which it waits.
    expect(unheld.length).toBeGreaterThan(5);
    expect(world.kubernetes.calls.get('patch pods/status')).toBeLessThan(15);
  });

  it('costs no call where the pool is told to hold none', async () => {
    const { written, world } = await anHour({ changed: schedule, pool: { ...POOL, holdsJobs: false } });
    expect(delays(written)).toEqual(['10s']);
    expect(world.kubernetes.calls.get('patch pods/status')).toBeUndefined();
  });
});
