import { describe, expect, it } from 'vitest';
import { hours, minutes } from '../../../src/domain/time.ts';
import { serve } from '../../../src/live/http/serve.ts';
import { doctor } from '../../../src/look/doctor/doctor.ts';
import { look } from '../../../src/look/look.ts';
import { anApi } from '../../live/http/anApi.ts';
import { anOffer } from '../../support/aBlock.ts';
import { type AFleet, aFleet, NINE, POOLS } from '../../support/aFleet.ts';
import { settingsFor } from '../readPoolsText.ts';
import { failures, findingsOf, troubles } from './aDoctor.ts';

/** A group as it is, with some of its fields changed. */
function changeGroup(fleet: AFleet, fields: Readonly<Record<string, string>>, suspended = {}): void {
  const group = fleet.account.groups.get('ci-on-demand');
  if (group === undefined) throw new Error('no group');
  fleet.account.groups.set('ci-on-demand', { ...group, fields: { ...group.fields, ...fields }, suspended });
}

const LIVE = (fleet: AFleet, live: string): string =>
  `${POOLS}live:\n  interruptionQueue: ${fleet.aws.url}/${fleet.account.accountId}/notices\n${live}`;

describe('doctor', () => {
  it('finds nothing to mend where all is well, and changes nothing', async () => {
    await using fleet = await aFleet();
    fleet.account.addQueue('notices');
    fleet.job('build', fleet.block('ci-0.1', { annotations: { 'k8s.io/cluster-autoscaler-enabled': 'false' } }), {
      annotations: { 'cluster-autoscaler.kubernetes.io/safe-to-evict': 'false' },
    });
    fleet.account.sendMessage('notices', 'for the keeper');
    const { resourceVersion } = fleet.store;
    const findings = await findingsOf(fleet, LIVE(fleet, ''));
    expect(troubles(findings)).toEqual([
      'unknown quota : EC2 tells of it only when it is reached',
      'unknown Cluster Autoscaler : no pod of it is seen',
    ]);
    expect(fleet.account.instances.all()).toHaveLength(1);
    expect(fleet.store.resourceVersion).toBe(resourceVersion);
    expect(fleet.account.queues.get('notices')?.length).toBe(1);
  });

  it('tries every type and every zone with the keeper’s own launch', async () => {
    await using fleet = await aFleet({ instanceTypes: ['m5.large', 'm5a.large'] });
    const findings = await findingsOf(fleet, POOLS.replace('[m5.large]', '[m5.large, m5a.large]'));
    expect(fleet.aws.calls.get('RunInstances')).toBe(3);
    expect(findings.find(({ subject }) => subject === 'RunInstances ci')?.found).toBe(
      'allowed as 3 of 3 dry runs tried it',
    );
  });
});

describe('doctor on what can be bought', () => {
  it.each<[what: string, text: string, line: RegExp]>([
    [
      'a zone without a subnet',
      POOLS.replace('central-1b', 'central-1f'),
      /^warn zones ci: .* no subnet in eu-central-1f: nothing is bought there$/,
    ],
    [
      'no zone with one',
      POOLS.replace('[eu-central-1a, eu-central-1b]', '[eu-central-1f]'),
      /^fail zones ci: .* nothing can be bought$/,
    ],
    [
      'a type that is nowhere',
      POOLS.replace('[m5.large]', '[m5.large, z9.large]'),
      /^fail types ci: z9.large is offered in none of/,
    ],
    [
      'a group that is missing',
      POOLS.replace('ci-on-demand', 'gone'),
      /^fail template ci: there is no Auto Scaling group gone$/,
    ],
    [
      'on-demand prices that nobody gave',
      POOLS.replace('term: spot', 'term: on-demand'),
      /^warn prices ci: no on-demand price is known of m5.large$/,
    ],
    [
      'on-demand prices that nobody gave, beside spot',
      POOLS.replace('term: spot', 'term: [spot, on-demand]'),
      /^warn prices ci: m5.large: no price in live.onDemandUsdPerHour, so nothing is bought of it as on-demand$/,
    ],
    [
      'zones of two regions',
      POOLS.replace('eu-central-1b', 'eu-west-1a'),
      /^fail zones : .*expected zones of one region/,
    ],
  ])('finds %s', async (_, text, line) => {
    await using fleet = await aFleet();
    expect(troubles(await findingsOf(fleet, text))).toContainEqual(expect.stringMatching(line));
  });

  it('finds a market that there is not', async () => {
    await using fleet = await aFleet({ notOffered: ['m5.large/eu-central-1b'] });
    expect(troubles(await findingsOf(fleet), 'types')).toEqual([
      'warn types ci: m5.large is not offered in eu-central-1b',
    ]);
  });

  it('knows that spot blocks are not sold, and that they cannot carry IMDSv2', async () => {
    await using fleet = await aFleet();
    const text = POOLS.replace('term: spot', 'term: spot-block');
    expect(troubles(await findingsOf(fleet, text), 'template')).toContainEqual(expect.stringMatching(/^fail .*IMDSv2/));
  });
});

describe('doctor on the cluster', () => {
  it('finds each right that is missing, by asking the server', async () => {
    await using fleet = await aFleet({
      allows: ({ verb, resource, subresource }) =>
        !(resource === 'nodes' && verb === 'patch') &&
        subresource !== 'eviction' &&
        !(resource === 'leases' && verb === 'create'),
    });
    const findings = await findingsOf(fleet);
    expect(troubles(findings, 'access')).toEqual([
      'fail access nodes: may not patch in the cluster',
      'fail access pods/eviction: may not create in the cluster',
      'fail access leases: may not create in spot-keeper',
    ]);
    expect(findings.find(({ check }) => check === 'access')?.remedy).toContain('--only rbac');
  });

  it('asks for no eviction where other pods are left alone', async () => {
    await using fleet = await aFleet({ allows: ({ subresource }) => subresource !== 'eviction' });
    expect(troubles(await findingsOf(fleet, `${POOLS}live: { otherPods: leave }\n`), 'access')).toEqual([]);
  });

  it('asks whether jobs may be held where they run, if a pool holds them', async () => {
    const following = `${POOLS}    scaling: { policy: followJobs }\n`;
    await using fleet = await aFleet({
      allows: ({ resource, subresource, namespace }) =>
        subresource !== 'status' || (resource === 'pods' && namespace === 'ci'),
    });
    expect(troubles(await findingsOf(fleet, following), 'access')).toEqual([
      expect.stringMatching(/^unknown access pods\/status: no job pod is on any node/),
    ]);
    fleet.job('build', fleet.block('ci-0.1'));
    expect(troubles(await findingsOf(fleet, following), 'access')).toEqual([]);
    fleet.store.put('pods', {
      ...{ metadata: { name: 'night', namespace: 'nightly' }, status: { phase: 'Running' } },
      spec: { nodeName: 'node-ci-0.1', restartPolicy: 'Never', containers: [] },
    });
    expect(troubles(await findingsOf(fleet, following), 'access')).toEqual([
      'fail access pods/status: may not patch in nightly',
    ]);
    expect(troubles(await findingsOf(fleet, `${following}    holdJobs: false\n`), 'access')).toEqual([]);
  });

  it('says that Karpenter takes no notice of holds', async () => {
    await using fleet = await aFleet();
    fleet.store.put('nodes', { metadata: { name: 'k', labels: { 'karpenter.sh/nodepool': 'ci' } }, spec: {} });
    const following = `${POOLS}    scaling: { policy: followJobs }\n`;
    expect(troubles(await findingsOf(fleet, following), 'Karpenter')).toEqual([
      expect.stringMatching(/takes no notice of holds/),
    ]);
    expect(troubles(await findingsOf(fleet), 'Karpenter')).toEqual([]);
  });

  it('finds patterns that match nothing, and pods that insist on blocks', async () => {
    await using fleet = await aFleet();
    fleet.job('build', fleet.block('ci-0.1'));
    fleet.store.put('pods', {
      metadata: { name: 'picky', namespace: 'ci' },
      spec: {
        ...{ nodeName: 'node-ci-0.1', restartPolicy: 'Never', containers: [] },
        nodeSelector: { 'spot-keeper.io/pool': 'ci' },
      },
      status: { phase: 'Running' },
    });
    const text = `${POOLS}live:\n  jobs: [run-once, { namespace: builds, nameContains: runner }]\n`;
    expect(troubles(await findingsOf(fleet, text), 'jobs')).toEqual([
      'warn jobs namespace builds, nameContains runner: matches no pod on any node now',
      'fail jobs affinity: 1 pod can run on blocks only, such as ci/picky: without a block they wait',
      'warn jobs safe-to-evict: 2 job pods may be evicted by Cluster Autoscaler from its own nodes, such as ci/build',
    ]);
  });

  it('names each pod that a drain would evict, wait for or lose, and why; and the budget in its way', async () => {
    await using fleet = await aFleet();
    fleet.block('ci-0.1');
    const put = (name: string, namespace: string, controller?: string) =>
      fleet.store.put('pods', {
        metadata: {
          ...{ name, namespace, labels: { app: name } },
          ownerReferences:
            controller === undefined
              ? []
              : [{ apiVersion: 'apps/v1', kind: controller, name: 'x', uid: 'o', controller: true }],
        },
        spec: { nodeName: 'node-ci-0.1', restartPolicy: 'Always', containers: [] },
        status: { phase: 'Running' },
      });
    put('dns', 'kube-system', 'ReplicaSet');
    put('metrics', 'kube-system', 'ReplicaSet');
    put('agent', 'ci', 'StatefulSet');
    put('bare', 'ci');
    put('everywhere', 'ci', 'DaemonSet');
    fleet.store.put('poddisruptionbudgets', {
      metadata: { name: 'dns', namespace: 'kube-system' },
      spec: { minAvailable: 1, selector: { matchLabels: { app: 'dns' } } },
      status: { disruptionsAllowed: 0 },
    });
    const findings = (await findingsOf(fleet)).filter(({ check }) => check === 'drains');
    const lines = findings.map(({ level, subject = '', found }) => `${level} ${subject}: ${found}`).sort();
    const ofCluster = 'the namespace kube-system is for parts of the cluster itself';
    expect(lines).toEqual([
      `ok ci-0.1: a drain evicts kube-system/metrics (ReplicaSet/x) on node-ci-0.1: ${ofCluster}`,
      'warn ci-0.1: a drain leaves ci/bare (no controller) on node-ci-0.1: no rule names it, and no controller would make it anew; it ends with the instance',
      'warn ci-0.1: a drain waits for ci/agent (StatefulSet/x) on node-ci-0.1: no rule names it, and a controller runs it: it may be at work',
      `warn ci-0.1: a drain waits up to 15m for kube-system/dns (ReplicaSet/x) on node-ci-0.1: ${ofCluster}; its budget kube-system/dns allows no disruption now`,
    ]);
  });

  it('finds a fallback that cannot grow, is told not to, or is nobody’s', async () => {
    await using fleet = await aFleet();
    changeGroup(fleet, { DesiredCapacity: '10' }, { Launch: 'by hand' });
    fleet.block('ci-0.1');
    fleet.store.put('pods', {
      metadata: { name: 'cluster-autoscaler-7d', namespace: 'kube-system' },
      spec: {
        nodeName: 'node-ci-0.1',
        containers: [{ name: 'ca', command: ['./cluster-autoscaler', '--expander=priority', '--nodes=1:9:other'] }],
      },
      status: { phase: 'Running' },
    });
    expect(troubles(await findingsOf(fleet), 'fallback')).toEqual([
      'fail fallback ci: ci-on-demand is at its largest size (10 of 10): jobs that find no block wait',
      'fail fallback ci: the Launch process of ci-on-demand is suspended: the fallback is dead',
    ]);
    const group = fleet.account.groups.get('ci-on-demand');
    if (group !== undefined) fleet.account.groups.set('ci-on-demand', { ...group, tags: [] });
    const findings = await findingsOf(fleet);
    expect(troubles(findings, 'fallback')).toContainEqual(
      expect.stringMatching(/neither tagged for Cluster Autoscaler nor named/),
    );
    expect(findings.find(({ check }) => check === 'Cluster Autoscaler')?.found).toMatch(
      /expander priority, which ranks groups/,
    );
  });

  it('finds nodes without their annotation, and so many that are not ready that scaling stops', async () => {
    await using fleet = await aFleet();
    for (const slot of [0, 1, 2, 3]) fleet.block(`ci-${slot}.1`, { node: 'unready' });
    expect(troubles(await findingsOf(fleet), 'nodes')).toEqual([
      'fail nodes : 4 of 4 are not ready: Cluster Autoscaler stops, and with it the fallback',
      expect.stringMatching(
        /^warn nodes : node-ci-0\.1, .* without the annotation k8s\.io\/cluster-autoscaler-enabled/,
      ),
    ]);
  });
});

describe('doctor on a keeper’s state', () => {
  it('finds instances of no pool, two for one block, and some long past their end', async () => {
    await using fleet = await aFleet();
    fleet.block('ci-0.1');
    fleet.block('ci-0.1', { node: 'none' });
    fleet.block('old-0.1');
    fleet.block('ci-1.1', { startedAt: NINE - hours(5) });
    expect(troubles(await findingsOf(fleet), 'instances')).toEqual([
      expect.stringMatching(/^warn instances : i-\w+ of old-0\.1: the fleet test has no such pool$/),
      'warn instances : two instances for one block: ci-0.1',
      expect.stringMatching(/^warn instances : i-\w+, due 2026-03-02 08:00Z: still there$/),
    ]);
  });

  it('finds a ledger that cannot be read, and one with launches that nobody settles', async () => {
    await using fleet = await aFleet();
    fleet.ledger({ generations: { 'ci-0': 1 }, launches: { 'ci-0.1.1': { at: NINE - minutes(50) } } });
    expect(troubles(await findingsOf(fleet), 'ledger')).toEqual([
      'warn ledger : 1 launch written down more than 30m ago, and what came of it is not',
    ]);
    fleet.kubernetes.faults.add({ verb: 'get', resource: 'configmaps', kind: 'body', text: '{"kind":"ConfigMap"}' });
    expect(troubles(await findingsOf(fleet), 'ledger')[0]).toMatch(/^fail ledger : malformed/);
  });

  it('finds clocks that disagree', async () => {
    await using fleet = await aFleet({ awsAheadMs: minutes(2) });
    expect(troubles(await findingsOf(fleet), 'clock')).toEqual([
      // At least what explains the date, which is the less the longer the answer was on its way.
      expect.stringMatching(/^warn clock AWS: (?:\d\ds|1m(?:\d\ds)?|2m) ahead of this machine$/),
    ]);
  });

  it('fails where they are so far apart that a keeper would buy and end nothing', async () => {
    await using fleet = await aFleet({ awsAheadMs: hours(3) });
    expect(troubles(await findingsOf(fleet), 'clock')).toEqual([expect.stringMatching(/^fail clock AWS: /)]);
  });

  it('finds a queue that is not there, and says what having none means', async () => {
    await using fleet = await aFleet();
    expect(troubles(await findingsOf(fleet, LIVE(fleet, '')), 'queue')).toEqual([
      expect.stringMatching(/^fail queue : there is no queue http/),
    ]);
    expect(troubles(await findingsOf(fleet), 'queue')).toEqual([
      'warn queue : none is named: interruptions are found by polling alone',
    ]);
  });

  it('hears of a quota from the keeper that leads, and from no other', async () => {
    await using fleet = await aFleet();
    const api = anApi();
    const at = NINE - minutes(10);
    api.hears({
      type: 'capacity.refused',
      at,
      blockId: 'ci-0.1',
      token: 'ci-0.1.1',
      offer: anOffer(),
      refusal: 'quota',
    });
    const serving = await serve({ port: 0, sources: api.sources });
    const settings = settingsFor(fleet, POOLS, { keeperUrl: serving.url });
    const quota = async (): Promise<readonly string[]> =>
      troubles(await doctor(await look(settings), { ...settings, release: '1.2.3' }), 'quota');
    try {
      api.set({ leader: () => true });
      expect(await quota()).toEqual([
        expect.stringMatching(/^warn quota : 1 launch refused for it in a day, the last at 2026-03-02 08:50Z/),
      ]);
      api.set({ leader: () => false });
      expect(await quota()).toEqual(['unknown quota : the keeper that was asked does not lead']);
    } finally {
      await serving.close();
    }
  });

  it('finds a policy that does not answer as it should', async () => {
    await using fleet = await aFleet();
    const settings = settingsFor(fleet);
    const pools = settings.pools.map((pool) => ({
      ...pool,
      policies: { ...pool.policies, operatingHours: { allowedAt: () => ({ blocks: -1, until: NINE }) } },
    }));
    const findings = await doctor(await look({ ...settings, pools }), { ...settings, pools, release: '1.2.3' });
    expect(failures(findings)).toEqual([
      'fail policies ci: the operatingHours policy answered blocks: -1; expected a whole number, zero or more; the built-in fallback decides',
    ]);
  });
});
