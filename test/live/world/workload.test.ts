import { describe, expect, it } from 'vitest';
import { objectAt } from '../../../fakes/kubernetes/json.ts';
import type { Store } from '../../../fakes/kubernetes/store.ts';
import { catalogue } from '../../../policies/catalogue.ts';
import type { FactOf } from '../../../src/domain/facts.ts';
import { after, hours, type Millis, minutes } from '../../../src/domain/time.ts';
import { poolsOf } from '../../../src/pool/assemble.ts';
import { ALLOCATABLE, addGroupNode, firstBlockNode } from '../../support/aGroupNode.ts';
import { aPoolConfig, aScenario, MONDAY } from '../../support/aScenario.ts';
import { lockstep } from '../../support/lockstep.ts';

type Observed = FactOf<'workload.observed'>;

const pool = aPoolConfig();
const FOLLOWING = {
  ...pool,
  policies: { ...pool.policies, scaling: { policy: 'followJobs', options: { atLeast: 2 } } },
};

const build = (node?: string, phase = node === undefined ? 'Pending' : 'Running') => ({
  metadata: { name: 'build', namespace: 'ci' },
  spec: {
    ...{ restartPolicy: 'Never', ...(node !== undefined && { nodeName: node }) },
    containers: [{ name: 'main', image: 'ci', resources: { requests: { cpu: '1' } } }],
  },
  status: { phase },
});

/** Lets the simulated nodes say what they have for pods, as kubelet does. */
function furnish(store: Store): void {
  for (const node of store.list('nodes')) {
    const status = objectAt(node, 'status');
    if (status['allocatable'] === undefined)
      store.put('nodes', { ...node, status: { ...status, allocatable: ALLOCATABLE } });
  }
}

/** Two blocks for an hour, and one job pod that is changed by hand. What the keeper was told of the jobs. */
async function anHour(configured: typeof pool): Promise<readonly Observed[]> {
  const steps: readonly (readonly [afterMs: number, act: (store: Store) => void])[] = [
    [minutes(20), (store) => store.put('pods', build())],
    [minutes(30), (store) => store.put('pods', build(firstBlockNode({ store })))],
    [minutes(40), (store) => store.put('pods', build(firstBlockNode({ store }), 'Succeeded'))],
  ];
  const told: Observed[] = [];
  const scenario = aScenario({
    ...{ from: MONDAY, until: MONDAY + hours(1), jobs: [], pools: { fleet: 'test', pools: [configured] } },
  });
  await lockstep(scenario, poolsOf(scenario.pools, catalogue), {
    withoutQueue: true,
    furnish: (world) => {
      addGroupNode(world, configured);
    },
    acts: steps.map(([afterMs, act]) => ({
      at: after(MONDAY, afterMs),
      act: ({ world }) => {
        act(world.store);
      },
    })),
    at: (_, { store }) => {
      furnish(store);
    },
    turned: ({ fact }) => {
      if (fact.type === 'workload.observed') told.push(fact);
    },
  });
  return told;
}

const between = (told: readonly Observed[], fromMs: Millis, untilMs: Millis): readonly Observed[] =>
  told.filter(({ at }) => at > MONDAY + fromMs && at <= MONDAY + untilMs);

describe('a keeper whose pool follows jobs', () => {
  it('is told of a job that waits, runs on a block, and ends', async () => {
    const told = await anHour(FOLLOWING);
    // What a node of the pool is like is known by one of its group.
    expect(told[0]).toMatchObject({ pool: 'ci', workload: { waiting: 0, onBlocks: {}, overflow: 0 } });
    const [waits, runs, over] = [20, 30, 40].map((from) => between(told, minutes(from), minutes(from + 9)));
    expect(waits?.at(-1)?.workload).toMatchObject({ waiting: 1, onBlocks: {}, overflow: 0, jobsPerBlock: 8 });
    expect(waits?.reduce((sum, { workload }) => sum + (workload?.arrived ?? 0), 0)).toBe(1);
    expect(runs?.at(-1)?.workload).toMatchObject({ waiting: 0, overflow: 0, arrived: 0 });
    expect(Object.values(runs?.at(-1)?.workload?.onBlocks ?? {})).toEqual([1]);
    expect(over?.at(-1)?.workload).toMatchObject({ waiting: 0, onBlocks: {}, overflow: 0, arrived: 0 });
    // With each inventory, one a minute, and with each change.
    expect(told.length).toBeGreaterThan(50);
    expect(told.every(({ at, takenAt }) => takenAt <= at)).toBe(true);
  });

  it('is told nothing where no pool does', async () => {
    expect(await anHour(pool)).toEqual([]);
  });
});
