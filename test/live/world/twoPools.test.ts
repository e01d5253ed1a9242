import { describe, expect, it } from 'vitest';
import { objectAt, textAt } from '../../../fakes/kubernetes/json.ts';
import { catalogue } from '../../../policies/catalogue.ts';
import { after, hours, minutes, seconds } from '../../../src/domain/time.ts';
import { POD_MARK } from '../../../src/live/kubernetes/marks.ts';
import { poolsOf } from '../../../src/pool/assemble.ts';
import { ALLOCATABLE, addGroupNode } from '../../support/aGroupNode.ts';
import { aPoolConfig, aScenario, MONDAY } from '../../support/aScenario.ts';
import { lockstep } from '../../support/lockstep.ts';

const usual = aPoolConfig();
const following = (name: string, maxBlocks: number): typeof usual => ({
  ...usual,
  ...{ name, maxBlocks, surge: 0, template: { autoScalingGroup: `${name}-on-demand` } },
  policies: {
    ...usual.policies,
    operatingHours: { policy: 'always', options: { blocks: 10 } },
    scaling: { policy: 'followJobs', options: { atLeast: 0, headroom: 0 } },
  },
});

/** A job that fills a node, and fits those of either pool. */
const build = (name: string) => ({
  metadata: { name, namespace: 'ci', annotations: { [POD_MARK.delay]: '10s' } },
  spec: {
    restartPolicy: 'Never',
    containers: [{ name: 'main', image: 'ci', resources: { requests: { cpu: '8' } } }],
  },
  status: { phase: 'Pending' },
});

describe('two pools that fit the same pods, live', () => {
  it('buy for each pod once: the first as many as it may have, the other the rest, and hold them each for their own', async () => {
    const pools = [following('ci', 1), following('more', 10)];
    const scenario = aScenario({
      ...{ from: MONDAY, until: MONDAY + minutes(12), jobs: [], pools: { fleet: 'test', pools } },
    });
    const marks = new Map<string, Set<string>>();
    const { turns } = await lockstep(scenario, poolsOf(scenario.pools, catalogue), {
      withoutQueue: true,
      furnish: (world) => {
        for (const pool of pools) addGroupNode(world, pool);
        world.store.onChange(({ resource, object }) => {
          if (resource !== 'pods') return;
          const [holder] = (textAt(object, 'metadata', 'annotations', POD_MARK.held) ?? '').split(' ');
          if (holder !== undefined && holder !== '')
            marks.set(object.metadata.name, (marks.get(object.metadata.name) ?? new Set()).add(holder));
        });
      },
      acts: [
        {
          at: after(MONDAY, minutes(10)),
          act: ({ world: { store } }) => {
            for (const name of ['one', 'three', 'two']) store.put('pods', build(name));
          },
        },
      ],
      at: (_, { store }) => {
        for (const node of store.list('nodes')) {
          const status = objectAt(node, 'status');
          if (status['allocatable'] === undefined)
            store.put('nodes', { ...node, status: { ...status, allocatable: ALLOCATABLE } });
        }
      },
    });
    const asked = turns.flatMap(({ effects }) =>
      effects.flatMap((effect) => (effect.type === 'requestCapacity' ? [effect.blockId] : [])),
    );
    expect(asked.toSorted()).toEqual(['ci-0.1', 'more-0.1', 'more-1.1']);
    // No pod changed hands.
    const holders = [...marks.values()].map((written) => [...written]);
    expect(holders.flat().toSorted()).toEqual(['test/ci', 'test/more', 'test/more']);
    expect(turns.at(-1)?.fact.at).toBeLessThan(MONDAY + hours(1) + seconds(1));
  });
});
