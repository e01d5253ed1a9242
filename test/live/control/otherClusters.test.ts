import { describe, expect, it } from 'vitest';
import type { OwnInstance } from '../../../src/live/aws/inventory/inventory.ts';
import type { Template } from '../../../src/live/aws/template/template.ts';
import { openOtherClusters } from '../../../src/live/control/otherClusters.ts';
import { clustersIn } from '../../../src/live/ports/tags.ts';
import { aLease } from '../../support/aBlock.ts';
import { aKeeper } from '../../support/aKeeper.ts';
import { aPool } from '../../support/aPool.ts';

const blueprint = { securityGroupIds: [], networkInterfaces: [], blockDevices: [], tags: {} };
const templateOf = (tags: Readonly<Record<string, string>>): Template => ({
  ...{ group: 'ci', hash: 'h', overrides: [], subnets: [], tags },
  source: { kind: 'launch-configuration', name: 'ci', dataHash: 'h', blueprint },
});
const owned = (cluster: string): Readonly<Record<string, string>> => ({
  [`kubernetes.io/cluster/${cluster}`]: 'owned',
});

/** What is said of ending the instance of a block that never had a node, or had one. */
async function doubtOf(tags: Readonly<Record<string, string>>, template: Template | undefined, hasNode = false) {
  const keeper = aKeeper(aPool(1)).begins(0);
  const lease = aLease();
  keeper.hears({ type: 'capacity.granted', at: 10, blockId: 'ci-0.1', token: 'ci-0.1.1', lease });
  if (hasNode) {
    const node = { name: 'n', ready: true, cordoned: false, marks: [], jobs: [] };
    keeper.hears({ type: 'node.seen', at: 20, takenAt: 20, blockId: 'ci-0.1', node });
  }
  const { instanceId } = lease;
  const instance: OwnInstance = {
    ...{ instanceId, blockId: 'ci-0.1', attempt: 1, lease, state: 'running', templateHash: '', zone: '' },
    clusters: clustersIn(tags),
  };
  const { doubt, conditions } = openOtherClusters({
    ...{ now: () => 30, announce: () => undefined },
    pools: ['ci'],
    roster: { blockOf: (id) => keeper.keeper.blocks.get(id) },
    instanceOf: () => instance,
    templates: { last: () => template, fresh: () => Promise.resolve({ kind: 'unknown', why: 'EC2 is away' }) },
  });
  const why = await doubt({ type: 'terminateInstance', blockId: 'ci-0.1', instanceId });
  // People are told of what is left alone, and of nothing else.
  expect(conditions().map(({ pool, condition, reason }) => `${pool} ${condition} ${reason}`)).toEqual(
    why === undefined ? [] : ['ci Claimed OtherCluster'],
  );
  return why;
}

describe('an instance that is to be ended', () => {
  it.each([
    ['made for another cluster', owned('other'), templateOf(owned('ci')), /made for the cluster other and not for ci/],
    ['made for another, by the older tag', { KubernetesCluster: 'other' }, templateOf(owned('ci')), /cluster other/],
    ['made for a cluster, while no template can be read', owned('ci'), undefined, /cannot be read/],
  ])('is left alone where it never joined and was %s', async (_, tags, template, why) => {
    expect(await doubtOf(tags, template)).toMatch(why);
    expect(await doubtOf(tags, template, true), 'its node was seen here').toBeUndefined();
  });

  it.each([
    ['made for this cluster', owned('ci'), templateOf(owned('ci'))],
    ['made for this cluster and shared with others', { ...owned('ci'), ...owned('b') }, templateOf(owned('ci'))],
    ['made for none', {}, undefined],
    ['made for one, where templates name none', owned('ci'), templateOf({})],
  ])('is ours where it was %s', async (_, tags, template) => {
    expect(await doubtOf(tags, template)).toBeUndefined();
  });
});
