import { describe, expect, it } from 'vitest';
import { objectAt, textAt } from '../../../fakes/kubernetes/json.ts';
import type { WireWorld } from '../../../fakes/wireWorld.ts';
import { isoOf } from '../../../src/domain/time.ts';
import { lived } from '../../support/aFaultyDay.ts';

/** Two blocks, which drain at 25; a block waits 15 minutes for other pods. No job runs on this day. */
const IDLE = { over: { jobs: [] } };

const stateOf = ({ account }: WireWorld, id: string): string => account.instances.get(id)?.state ?? 'gone';

const blocksOf = ({ account }: WireWorld): readonly string[] =>
  account.instances
    .all()
    .filter(({ state }) => state === 'running')
    .map(({ instanceId }) => instanceId);

const evictions = ({ kubernetes }: WireWorld): number => kubernetes.calls.get('create pods/eviction') ?? 0;

function putPod(world: WireWorld, instance: string, name: string, namespace: string, kind = 'ReplicaSet'): void {
  world.store.put('pods', {
    metadata: {
      ...{ name, namespace, labels: { app: name } },
      ownerReferences: [{ apiVersion: 'apps/v1', kind, name, uid: 'o', controller: true }],
    },
    spec: { nodeName: `node-${instance}`, restartPolicy: 'Always', containers: [{ name: 'c', image: 'x' }] },
    status: { phase: 'Running', startTime: isoOf(world.now()) },
  });
}

const isThere = (world: WireWorld, name: string, namespace: string): boolean => {
  const pod = world.store.get('pods', name, namespace);
  return pod !== undefined && pod.metadata.deletionTimestamp === undefined;
};

describe('a block that drains', () => {
  it('waits for pods that are guarded by a budget, up to a set time, names them, and then asks no more', async () => {
    let guarded = '';
    let asked = 0;
    await lived(
      [
        [
          10,
          ({ world }) => {
            guarded = blocksOf(world)[0] ?? '';
            putPod(world, guarded, 'dns', 'kube-system');
            world.store.put('poddisruptionbudgets', {
              metadata: { name: 'dns', namespace: 'kube-system' },
              spec: { minAvailable: 1, selector: { matchLabels: { app: 'dns' } } },
            });
          },
        ],
        [
          38,
          ({ world }) => {
            expect(stateOf(world, guarded), 'it has time yet').toBe('running');
            expect(evictions(world)).toBeGreaterThan(3);
            // Less and less often: every five seconds would be over a hundred.
            expect(evictions(world)).toBeLessThan(25);
          },
        ],
        [
          43,
          ({ world }) => {
            expect(stateOf(world, guarded), 'its time is over').not.toBe('running');
            asked = evictions(world);
            const told = world.store.list('events').filter((event) => textAt(event, 'reason') === 'PodsStay');
            expect(told).toHaveLength(1);
            expect(JSON.stringify(told)).toContain(
              'ends with 1 pod that did not leave: kube-system/dns (refused for now',
            );
          },
        ],
        [
          60,
          ({ world }) => {
            expect(evictions(world)).toBe(asked);
          },
        ],
      ],
      IDLE,
    );
  });

  it('ends once other pods have left, and keeps what no rule names: it may be an agent with a job', async () => {
    let [one, other] = ['', ''];
    await lived(
      [
        [
          10,
          ({ world }) => {
            [one = '', other = ''] = blocksOf(world);
            putPod(world, one, 'dns', 'kube-system');
            putPod(world, other, 'agent', 'ci', 'StatefulSet');
          },
        ],
        [
          32,
          ({ world }) => {
            expect(isThere(world, 'dns', 'kube-system')).toBe(false);
            expect(stateOf(world, one)).not.toBe('running');
          },
        ],
        [
          60,
          ({ world }) => {
            expect(isThere(world, 'agent', 'ci')).toBe(true);
            expect(stateOf(world, other)).toBe('running');
            expect(evictions(world)).toBe(1);
            const node = world.store.get('nodes', `node-${other}`);
            expect(node !== undefined && objectAt(node, 'spec')['unschedulable'], 'it drains').toBe(true);
            world.store.remove('pods', 'agent', 'ci');
          },
        ],
      ],
      IDLE,
    );
  });
});
