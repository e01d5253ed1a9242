import type { WireWorld } from '../../fakes/wireWorld.ts';
import type { PoolConfig } from '../../src/config/pools.ts';

/** What each node of these worlds has for pods. */
export const ALLOCATABLE = { cpu: '8', memory: '30Gi', pods: '58' } as const;

/** Puts a node of the pool's on-demand group into a world, which shows the keeper what the nodes of the pool are like. Full, so that nobody counts on it. */
export function addGroupNode({ account, store }: WireWorld, { template }: Pick<PoolConfig, 'template'>): void {
  const [subnet] = account.subnets.all();
  if (subnet === undefined) throw new Error('an account without a subnet');
  const { instanceId } = account.addInstance({
    ...{ instanceType: 'm5.xlarge', subnetId: subnet.subnetId, state: 'running' },
    tags: { 'aws:autoscaling:groupName': template.autoScalingGroup },
  });
  store.put('nodes', {
    metadata: { name: `of-${template.autoScalingGroup}` },
    spec: { providerID: `aws:///${subnet.zone}/${instanceId}` },
    status: { conditions: [{ type: 'Ready', status: 'True' }], allocatable: ALLOCATABLE },
  });
}

/** The name of the first node of a block. */
export const firstBlockNode = ({ store }: Pick<WireWorld, 'store'>): string =>
  store.list('nodes').find(({ metadata: { name } }) => name.startsWith('node-'))?.metadata.name ?? '';
