import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { KubeConfig } from '@kubernetes/client-node';
import type { Command } from 'commander';
import { Account, type AccountOptions } from '../../fakes/aws/account.ts';
import { type AwsServer, awsServer } from '../../fakes/aws/server.ts';
import type { AccessRule } from '../../fakes/kubernetes/access.ts';
import { type KubernetesServer, kubernetesServer } from '../../fakes/kubernetes/server.ts';
import { Store } from '../../fakes/kubernetes/store.ts';
import type { PoolsFile } from '../../src/config/pools.ts';
import { hours, type Instant, type Millis } from '../../src/domain/time.ts';
import type { Offer } from '../../src/domain/words.ts';
import { awsCaller } from '../../src/live/aws/calls/call.ts';
import { awsClients } from '../../src/live/aws/calls/clients.ts';
import { kubeClient } from '../../src/live/kubernetes/kubeClient.ts';
import { textOf } from '../../src/live/kubernetes/ledger/ledgerObject.ts';
import { type LedgerState, UNWRITTEN } from '../../src/live/kubernetes/ledger/ledgerState.ts';
import { scaledClock } from '../../src/live/ports/clock.ts';
import { tagsOf } from '../../src/live/ports/tags.ts';
import { silent } from '../../src/live/ports/telemetry.ts';
import type { LookSettings } from '../../src/look/look.ts';
import { lengthOf } from '../../src/policy/options.ts';
import type { Pool } from '../../src/pool/pool.ts';
import { outputOf } from '../cli/outputOf.ts';
import { PATIENCE_MS } from './comesTrue.ts';
import type { Ran } from './command.ts';
import { unhurried, unhurriedKube } from './unhurried.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const GROUP = 'ci-on-demand';
const TEMPLATE = 'lt-00000000000000001';

/** Monday 2026-03-02, 09:00 UTC: when tests look, unless they say otherwise. */
export const NINE: Instant = Date.UTC(2026, 2, 2, 9);

/** A pools file that fits the account of `aFleet`: two blocks of four hours, always. */
export const POOLS = `version: 1
fleet: test
pools:
  - name: ci
    template: { autoScalingGroup: ${GROUP} }
    instanceTypes: [m5.large]
    zones: [eu-central-1a, eu-central-1b]
    lease: { term: spot, duration: 4h }
    operatingHours: { policy: always, blocks: 2 }
    renewal: { policy: surge, lead: 30m }
    purchase: { policy: cheapest }
`;

/** An account and a cluster with nothing in them but what a pool is copied from, and ways to put more there. */
export interface AFleet extends AsyncDisposable {
  readonly account: Account;
  readonly store: Store;
  readonly aws: AwsServer;
  readonly kubernetes: KubernetesServer;
  /** What its clock shows, which goes on from the start of the test: commands in processes of their own go by it too. */
  now(): Instant;
  /** A block's instance and, unless it is left out, its ready node; answers the instance's id. */
  block(id: string, over?: Partial<ABlockThere>): string;
  /** A job's pod on the node of an instance. */
  job(name: string, instanceId: string, over?: { readonly annotations?: Readonly<Record<string, string>> }): void;
  ledger(state: Partial<LedgerState>): void;
  /** What a look is made with, in this process. */
  settings(file: PoolsFile, pools: readonly Pool[]): LookSettings;
  /** Runs the built command against the account and the cluster. */
  run(...args: readonly string[]): Promise<Ran>;
  /** Runs a command in this process, which is quicker than `run`; mistakes of its user are thrown. */
  here(command: Command, ...args: readonly string[]): Promise<Pick<Ran, 'code' | 'stdout'>>;
  /** Writes a pools file; answers its path. */
  file(text?: string): string;
}

export interface ABlockThere {
  readonly startedAt: Instant;
  readonly zone: string;
  readonly node: 'ready' | 'unready' | 'none';
  readonly spec: Readonly<Record<string, unknown>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly templateHash: string;
}

export interface AFleetOptions extends Partial<AccountOptions> {
  readonly at?: Instant;
  /** What whoever looks may do in the cluster; everything if left out. */
  readonly allows?: AccessRule;
  /** How far the clock of AWS is ahead. */
  readonly awsAheadMs?: Millis;
}

export async function aFleet({ at = NINE, allows, awsAheadMs = 0, ...options }: AFleetOptions = {}): Promise<AFleet> {
  const realFrom = Date.now();
  const clock = scaledClock({ from: at, realFrom, speed: 1 });
  const account = new Account({ now: clock.now, ...options });
  furnish(account, at);
  const store = new Store({ now: clock.now });
  store.put('namespaces', { metadata: { name: 'spot-keeper' } });
  const aws = await awsServer({ account, now: () => clock.now() + awsAheadMs });
  const kubernetes = await kubernetesServer({ store, ...(allows === undefined ? {} : { allows }) });
  const folder = mkdtempSync(join(tmpdir(), 'spot-keeper-'));
  const kubeconfig = join(folder, 'kubeconfig');
  writeFileSync(kubeconfig, kubernetes.kubeconfig());
  const env = {
    AWS_ENDPOINT_URL: aws.url,
    AWS_REGION: account.region,
    AWS_ACCESS_KEY_ID: 'rehearsal',
    AWS_SECRET_ACCESS_KEY: 'rehearsal',
    KUBECONFIG: kubeconfig,
  };
  Object.assign(process.env, env);
  const clients = awsClients();
  /** Where a test says nothing else, a command waits for as long as a busy machine needs. */
  const flagsFor = (args: readonly string[]): readonly string[] => [
    ...['--clock', `${new Date(at).toISOString()}@1@${realFrom}`, '--namespace', 'spot-keeper'],
    ...(args.includes('--timeout') ? [] : ['--timeout', lengthOf(PATIENCE_MS)]),
  ];

  return {
    ...{ account, store, aws, kubernetes, now: clock.now },
    block(id, over = {}) {
      const { startedAt = at - hours(1), zone = 'eu-central-1a', node = 'ready', templateHash = '' } = over;
      const subnetId = account.subnets.all().find((subnet) => subnet.zone === zone)?.subnetId ?? '';
      const offer: Offer = {
        ...{ instanceType: 'm5.large', zone, term: 'spot', durationMs: hours(4), usdPerHour: 0.04 },
      };
      const { instanceId } = account.addInstance({
        ...{ instanceType: offer.instanceType, subnetId, state: 'running', launchedAt: startedAt, market: 'spot' },
        tags: tagsOf({ fleet: 'test', blockId: id, token: `${id}.1`, offer, templateHash, at: startedAt }),
      });
      if (node !== 'none')
        store.put('nodes', {
          metadata: { name: `node-${id}`, annotations: over.annotations ?? {} },
          spec: { providerID: `aws:///${zone}/${instanceId}`, ...over.spec },
          status: { conditions: [{ type: 'Ready', status: node === 'ready' ? 'True' : 'False' }] },
        });
      return instanceId;
    },
    job(name, instanceId, { annotations = {} } = {}) {
      const node = store
        .list('nodes')
        .find(({ spec }) => (spec as { providerID: string }).providerID.endsWith(instanceId));
      store.put('pods', {
        metadata: { name, namespace: 'ci', annotations },
        spec: {
          nodeName: node?.metadata.name ?? '',
          restartPolicy: 'Never',
          containers: [{ name: 'build', image: 'ci' }],
        },
        status: { phase: 'Running' },
      });
    },
    ledger(state) {
      const writer = { identity: 'keeper-0', term: 1, opening: 'o' };
      const text = textOf('test', { writer, write: 1, state: { ...UNWRITTEN, ...state } });
      store.put('configmaps', {
        metadata: { name: 'spot-keeper-test', namespace: 'spot-keeper' },
        data: { 'ledger.json': text },
      });
    },
    settings(file, pools) {
      const config = new KubeConfig();
      config.loadFromString(kubernetes.kubeconfig());
      return {
        ...{ aws: clients, clock, telemetry: silent, namespace: 'spot-keeper', file, pools, patienceMs: PATIENCE_MS },
        kube: unhurriedKube(kubeClient({ telemetry: silent, config })),
        caller: unhurried(awsCaller({ telemetry: silent, clock })),
      };
    },
    async here(command, ...args) {
      const stdout = await outputOf(command, ...args, ...flagsFor(args));
      const code = Number(process.exitCode ?? 0);
      // The code is the command's, and not that of the tests.
      process.exitCode = undefined;
      return { code, stdout };
    },
    run: (...args) =>
      new Promise((done) => {
        execFile(
          process.execPath,
          [join(ROOT, 'dist/bundle/cli/main.js'), ...args, ...flagsFor(args)],
          { env: { ...process.env, ...env }, cwd: folder },
          (error, stdout, stderr) => {
            done({ code: error === null ? 0 : typeof error.code === 'number' ? error.code : null, stdout, stderr });
          },
        );
      }),
    file(text = POOLS) {
      writeFileSync(join(folder, 'pools.yaml'), text);
      return join(folder, 'pools.yaml');
    },
    [Symbol.asyncDispose]: async () => {
      clients.destroy();
      await Promise.all([aws.close(), kubernetes.close()]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The on-demand group with its launch template, and what spot capacity costs. */
function furnish(account: Account, at: Instant): void {
  const data = {
    ImageId: 'ami-0123456789abcdef0',
    InstanceType: 'm5.large',
    SecurityGroupId: ['sg-0123456789abcdef0'],
    MetadataOptions: { HttpTokens: 'required' },
  };
  account.templates.set(TEMPLATE, {
    ...{ templateId: TEMPLATE, name: 'ci', createdAt: at, defaultVersion: 1, tags: {} },
    versions: [{ number: 1, createdAt: at, description: undefined, data }],
  });
  account.groups.set(GROUP, {
    name: GROUP,
    createdAt: at,
    fields: {
      MinSize: '0',
      MaxSize: '10',
      DesiredCapacity: '2',
      LaunchTemplate: { LaunchTemplateId: TEMPLATE, Version: '$Default' },
      VPCZoneIdentifier: account.subnets
        .all()
        .map(({ subnetId }) => subnetId)
        .join(','),
    },
    tags: [
      { key: 'kubernetes.io/cluster/test', value: 'owned', propagateAtLaunch: true },
      { key: 'k8s.io/cluster-autoscaler/enabled', value: 'true', propagateAtLaunch: false },
    ],
    suspended: {},
  });
  for (const [zone, usdPerHour] of [
    ['eu-central-1a', 0.04],
    ['eu-central-1b', 0.05],
    ['eu-central-1c', 0.06],
  ] as const)
    account.setSpotPrice('m5.large', zone, usdPerHour, at - hours(24));
}
