import { describe, expect, it } from 'vitest';
import { objectAt } from '../../../fakes/kubernetes/json.ts';
import type { Store } from '../../../fakes/kubernetes/store.ts';
import { catalogue } from '../../../policies/catalogue.ts';
import { after, hours, minutes } from '../../../src/domain/time.ts';
import { poolsOf } from '../../../src/pool/assemble.ts';
import { ALLOCATABLE, addGroupNode } from '../../support/aGroupNode.ts';
import { aPoolConfig, aScenario, MONDAY } from '../../support/aScenario.ts';
import { lockstep } from '../../support/lockstep.ts';

const TAINT = { key: 'spot-keeper.io/giving-back', value: 'true', effect: 'PreferNoSchedule' };

const usual = aPoolConfig();
/** Two blocks in the first half hour, one after it; a block above that is given back after ten minutes. */
const scaling = { policy: 'followJobs', options: { headroom: 0, giveBackIdleAfter: '10m' } };
const POOL = { ...usual, policies: { ...usual.policies, scaling } };

const job = (name: string, node?: string) => ({
  metadata: { name, namespace: 'ci' },
  spec: {
    ...{ restartPolicy: 'Never', ...(node === undefined ? {} : { nodeName: node }) },
    containers: [{ name: 'main', image: 'ci', resources: { requests: { cpu: '8' } } }],
  },
  status: { phase: node === undefined ? 'Pending' : 'Running' },
});

const blocksIn = (store: Store): readonly string[] =>
  store
    .list('nodes')
    .map(({ metadata: { name } }) => name)
    .filter((name) => name.startsWith('node-'));

/** An hour in which two jobs come and end, and what stood on the nodes of blocks meanwhile. */
async function anHour(discourages: boolean) {
  const pool = { ...POOL, ...(discourages ? { discouragesSurplus: true as const } : {}) };
  const steps: readonly (readonly [afterMs: number, act: (store: Store) => void])[] = [
    [
      minutes(5),
      (store) => {
        for (const name of ['a', 'b']) store.put('pods', job(name));
      },
    ],
    [
      minutes(15),
      (store) => {
        for (const [at, name] of ['a', 'b'].entries()) store.put('pods', job(name, blocksIn(store)[at]));
      },
    ],
    [minutes(20), (store) => store.remove('pods', 'a', 'ci')],
  ];
  let done = 0;
  const seen = new Set<string>();
  const scenario = aScenario({
    ...{ from: MONDAY, until: MONDAY + hours(1), jobs: [], pools: { fleet: 'test', pools: [pool] } },
  });
  const { world } = await lockstep(scenario, poolsOf(scenario.pools, catalogue), {
    withoutQueue: true,
    furnish: (one) => {
      addGroupNode(one, pool);
    },
    at: (now, { store }) => {
      for (const node of store.list('nodes')) {
        const status = objectAt(node, 'status');
        if (status['allocatable'] === undefined)
          store.put('nodes', { ...node, status: { ...status, allocatable: ALLOCATABLE } });
        const { taints = [] } = objectAt(node, 'spec') as { readonly taints?: readonly object[] };
        if (taints.some((taint) => JSON.stringify(taint) === JSON.stringify(TAINT)))
          seen.add(`${node.metadata.name} after ${Math.floor((now - MONDAY) / minutes(5)) * 5} minutes`);
      }
      for (const [afterMs, act] of steps.slice(done)) {
        if (now < after(MONDAY, afterMs)) break;
        act(store);
        done += 1;
      }
    },
  });
  return { seen: [...seen], calls: world.kubernetes.calls };
}

describe('a block that is given back next', () => {
  it('asks pods to avoid it from when no job needs it, where the pool is told so', async () => {
    const { seen, calls } = await anHour(true);
    expect(new Set(seen.map((line) => line.replace(/ after.*/, ''))).size).toBe(1);
    expect(seen[0]).toMatch(/after 20 minutes$/);
    const without = (await anHour(false)).calls.get('patch nodes') ?? 0;
    // One for that, and no other: its node is closed with the give-back, as ever.
    expect((calls.get('patch nodes') ?? 0) - without).toBe(1);
  });

  it('bears nothing where the pool is not', async () => {
    expect((await anHour(false)).seen).toEqual([]);
  });
});
