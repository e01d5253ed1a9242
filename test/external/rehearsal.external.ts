import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type ACluster, aCluster, PATIENT } from './aCluster.ts';
import { type AKeeper, aKeeper } from './aKeeper.ts';
import { type AnAccount, anAccount, INSTANCE_TYPE } from './anAccount.ts';
import { awsEnvironment, targets } from './targets.ts';

const { kubeconfig = '', awsEndpoint = '' } = targets();

describe.skipIf(kubeconfig === '' || awsEndpoint === '')('a short rehearsal of the real process', () => {
  let cluster: ACluster;
  let account: AnAccount;
  const keepers: AKeeper[] = [];
  const made: { readonly close: () => Promise<void> }[] = [];
  const folder = mkdtempSync(join(tmpdir(), 'spot-keeper-rehearsal-'));

  beforeAll(async () => {
    made.push((cluster = await aCluster(kubeconfig)));
    made.push((account = await anAccount(awsEndpoint)));
  });
  afterAll(async () => {
    // A keeper that still runs would buy what is taken away behind it.
    for (const keeper of keepers) await keeper.stop();
    const ends = await Promise.allSettled(made.map((one) => one.close()));
    rmSync(folder, { recursive: true, force: true });
    for (const end of ends) if (end.status === 'rejected') throw end.reason;
  });

  /** Keeps a pool of two that is wanted all week, or that no window of the days around now wants. */
  async function starts(demand: 'wanted' | 'not wanted'): Promise<AKeeper> {
    const pools = join(folder, `${demand.replace(' ', '-')}.yaml`);
    writeFileSync(pools, poolsText(account, demand));
    const environment = awsEnvironment(awsEndpoint);
    const keeper = await aKeeper({ pools, kubeconfig, namespace: cluster.namespace, environment });
    keepers.push(keeper);
    return keeper;
  }

  /** Waits for something, and says what the keeper said if it does not come. */
  const until = async (keeper: AKeeper, check: () => Promise<void>): Promise<void> =>
    vi.waitFor(check, PATIENT).catch((error: unknown) => {
      throw new Error(`${String(error)}\n${keeper.said()}`);
    });

  const endsWell = async (keeper: AKeeper): Promise<void> => {
    expect(await keeper.stop()).toBe(0);
    const name = `spot-keeper-${account.fleet}`;
    const { namespace } = cluster;
    const lease = await cluster.kube.coordination.readNamespacedLease({ namespace, name });
    expect(lease.spec?.holderIdentity ?? '').toBe('');
  };

  it('buys what is wanted, lets jobs finish on what is not, and ends it', { timeout: 1_200_000 }, async () => {
    const first = await starts('wanted');
    await until(first, async () => {
      expect(await account.alive()).toHaveLength(2);
    });
    const nodes = new Map<string, string>();
    for (const { InstanceId: instanceId = '' } of await account.alive())
      nodes.set(instanceId, await cluster.joins(instanceId, account.subnets[0]?.zone ?? ''));
    const [busy, empty] = [...nodes.keys()];
    const [busyNode = '', emptyNode = ''] = nodes.values();
    await cluster.runs('build', busyNode, 'job');
    await until(first, async () => {
      const blocks = await first.blocks();
      expect(blocks.map(({ state }) => state)).toEqual(['serving', 'serving']);
      expect(blocks.find(({ instanceId }) => instanceId === busy)).toMatchObject({ node: busyNode, jobs: 1 });
      expect(blocks.find(({ instanceId }) => instanceId === empty)).toMatchObject({ node: emptyNode, jobs: 0 });
    });
    await endsWell(first);
    expect(await account.alive()).toHaveLength(2);

    const second = await starts('not wanted');
    await until(second, async () => {
      expect((await account.alive()).map(({ InstanceId }) => InstanceId)).toEqual([busy]);
    });
    for (const node of [busyNode, emptyNode])
      expect((await cluster.node(node)).spec).toMatchObject({ unschedulable: true });
    const told = (await second.blocks()).find(({ instanceId }) => instanceId === busy);
    expect(told).toMatchObject({ state: 'draining', jobs: 1 });

    await cluster.succeeds('build');
    await until(second, async () => {
      expect(await account.alive()).toEqual([]);
    });
    await until(second, async () => {
      // What is gone is told of until the keeper's next turn.
      expect((await second.blocks()).filter(({ state }) => state !== 'gone')).toEqual([]);
    });
    await endsWell(second);
  });
});

const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

function poolsText({ fleet, templateGroup, subnets }: AnAccount, demand: 'wanted' | 'not wanted'): string {
  // Half a week away, so that no length of this test reaches it.
  const day = DAYS[(new Date().getUTCDay() + 3) % 7] ?? '';
  return `version: 1
fleet: ${fleet}
pools:
  - name: ci
    template: { autoScalingGroup: ${templateGroup} }
    instanceTypes: [${INSTANCE_TYPE}]
    zones: [${subnets.map(({ zone }) => zone).join(', ')}]
    lease: { term: spot, duration: 4h }
    operatingHours:
      policy: weekly
      zone: UTC
      windows: [{ days: ${demand === 'wanted' ? 'mon-sun' : day}, from: "00:00", to: "24:00", blocks: 2 }]
live:
  jobs: [run-once]
  poll: 5s
`;
}
