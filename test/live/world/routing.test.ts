import { expect, it } from 'vitest';
import { objectAt } from '../../../fakes/kubernetes/json.ts';
import { catalogue } from '../../../policies/catalogue.ts';
import { after, hours, minutes } from '../../../src/domain/time.ts';
import { poolsOf } from '../../../src/pool/assemble.ts';
import { ALLOCATABLE, addGroupNode } from '../../support/aGroupNode.ts';
import { aPoolConfig, aScenario, MONDAY } from '../../support/aScenario.ts';
import { lockstep } from '../../support/lockstep.ts';

const usual = aPoolConfig();
const POOL = {
  ...usual,
  routing: 'tolerating' as const,
  policies: { ...usual.policies, scaling: { policy: 'followJobs', options: { atLeast: 1 } } },
};

const job = (name: string, tolerations: readonly Readonly<Record<string, string>>[]) => ({
  metadata: { name, namespace: 'ci' },
  spec: {
    ...{ restartPolicy: 'Never', tolerations },
    containers: [{ name: 'main', image: 'ci', resources: { requests: { cpu: '8' } } }],
  },
  status: { phase: 'Pending' },
});

it('A pool that takes only jobs which tolerate its taint puts it on its blocks, and counts no other job', async () => {
  const scenario = aScenario({
    ...{ from: MONDAY, until: MONDAY + hours(1), jobs: [], pools: { fleet: 'test', pools: [POOL] } },
  });
  const steps = [
    [minutes(20), job('stray', [])],
    [minutes(30), job('routed', [{ key: 'spot-keeper.io/routing', operator: 'Equal', value: 'ci' }])],
  ] as const;
  const { turns, world } = await lockstep(scenario, poolsOf(scenario.pools, catalogue), {
    withoutQueue: true,
    furnish: (one) => {
      addGroupNode(one, POOL);
    },
    acts: steps.map(([afterMs, pod]) => ({
      at: after(MONDAY, afterMs),
      act: ({ world: { store } }) => store.put('pods', pod),
    })),
    at: (_, { store }) => {
      for (const node of store.list('nodes')) {
        const status = objectAt(node, 'status');
        if (status['allocatable'] === undefined)
          store.put('nodes', { ...node, status: { ...status, allocatable: ALLOCATABLE } });
      }
    },
  });
  const waiting = turns.flatMap(({ fact }) =>
    fact.type === 'workload.observed' && fact.workload !== null
      ? [[fact.at - MONDAY, fact.workload.waiting] as const]
      : [],
  );
  expect(waiting.filter(([at]) => at < minutes(30)).map(([, count]) => count)).not.toContain(1);
  expect(waiting.at(-1)?.[1]).toBe(1);
  const blocks = world.store.list('nodes').filter(({ metadata: { name } }) => name.startsWith('node-'));
  expect(blocks.length).toBeGreaterThan(0);
  for (const block of blocks)
    expect(objectAt(block, 'spec')['taints']).toEqual([
      { key: 'spot-keeper.io/routing', value: 'ci', effect: 'NoSchedule' },
    ]);
  // One that is read, and one patch, beside the label.
  expect(world.kubernetes.calls.get('patch nodes')).toBe(2 * blocks.length);
});
