import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { KubeConfig } from '@kubernetes/client-node';
import { onTestFinished } from 'vitest';
import { Account } from '../../../fakes/aws/account.ts';
import { GROUP_TAG } from '../../../fakes/aws/groupOut.ts';
import { type AwsServer, awsServer } from '../../../fakes/aws/server.ts';
import { type KubernetesServer, kubernetesServer } from '../../../fakes/kubernetes/server.ts';
import { Store } from '../../../fakes/kubernetes/store.ts';
import { type Instant, isoOf, type Millis, minutes, seconds } from '../../../src/domain/time.ts';
import { awsCaller } from '../../../src/live/aws/calls/call.ts';
import { awsClients } from '../../../src/live/aws/calls/clients.ts';
import { kubeClient } from '../../../src/live/kubernetes/kubeClient.ts';
import { silent } from '../../../src/live/ports/telemetry.ts';
import { type Recording, record } from '../../../src/live/record/record.ts';
import { type Condition, lineReader, RECORDING_VERSION } from '../../../src/world/recording.ts';
import { aHeader } from '../../data/distil/aRecording.ts';
import { aPoolConfig, MONDAY } from '../../support/aScenario.ts';
import { virtualClock } from '../../support/virtualClock.ts';

export const GROUP = 'ci-on-demand';
const NAMESPACE = 'ci';

/** An account and a cluster of a team that has installed nothing, in which time stands still until it is moved. */
export interface Site {
  readonly account: Account;
  readonly store: Store;
  readonly aws: AwsServer;
  readonly kubernetes: KubernetesServer;
  readonly folder: string;
  readonly now: () => Instant;
  pass(ms: Millis): void;
  /** A node of the on-demand group, or of nobody. */
  node(name: string, instanceId: string, group?: string): void;
  /** @param labels of its pod, and `annotations`: what CI systems write into both */
  queue(job: string, labels?: Readonly<Record<string, string>>, annotations?: Readonly<Record<string, string>>): void;
  start(job: string, node: string): void;
  finish(job: string): void;
  /** Begins to record, and answers when everything that is there was seen. */
  record(): Promise<{ readonly recording: Recording; readonly stop: () => Promise<void> }>;
  /** Everything that was written, in the order of the parts, but for the regular word that all was seen. */
  written(): readonly Condition[];
}

export async function aSite(): Promise<Site> {
  let at = MONDAY;
  const now = (): Instant => at;
  const account = new Account({ now, region: 'us-east-1' });
  const store = new Store({ now });
  const [aws, kubernetes] = await Promise.all([awsServer({ account }), kubernetesServer({ store })]);
  const folder = mkdtempSync(join(tmpdir(), 'spot-keeper-'));
  onTestFinished(async () => {
    await Promise.all([aws.close(), kubernetes.close()]);
    rmSync(folder, { recursive: true });
  });
  account.groups.set(GROUP, { name: GROUP, createdAt: at, fields: {}, tags: [], suspended: {} });
  const clock = virtualClock(now);
  const pod = (job: string) => {
    const found = store.get('pods', job, NAMESPACE);
    if (found === undefined) throw new Error(`there is no pod ${job}`);
    return found;
  };

  return {
    ...{ account, store, aws, kubernetes, folder, now },
    pass(ms) {
      at += ms;
      account.tick();
      kubernetes.tick();
      clock.ring();
    },
    node(name, instanceId, group) {
      const [subnet] = account.subnets.all();
      account.addInstance({
        ...{ instanceId, subnetId: subnet!.subnetId, instanceType: 'm5.2xlarge', state: 'running' },
        tags: group === undefined ? {} : { [GROUP_TAG]: group },
      });
      store.put('nodes', {
        metadata: { name, labels: { 'node.kubernetes.io/instance-type': 'm5.2xlarge' } },
        spec: { providerID: `aws:///us-east-1a/${instanceId}` },
        status: { conditions: [{ type: 'Ready', status: 'True' }] },
      });
    },
    queue(job, labels = {}, annotations = {}) {
      store.put('pods', {
        metadata: { name: job, namespace: NAMESPACE, labels: { ...labels }, annotations: { ...annotations } },
        spec: { restartPolicy: 'Never', containers: [{ name: 'build', image: 'ci' }] },
        status: { phase: 'Pending' },
      });
    },
    start(job, node) {
      const { spec, ...rest } = pod(job);
      // Known: `queue` made it an object.
      store.put('pods', {
        ...rest,
        spec: { ...(spec as object), nodeName: node },
        status: { phase: 'Running', startTime: isoOf(at) },
      });
    },
    finish(job) {
      const found = pod(job);
      const terminated = { exitCode: 0, finishedAt: isoOf(at) };
      store.put('pods', {
        ...found,
        // Known: `start` made it an object.
        status: {
          ...(found['status'] as object),
          phase: 'Succeeded',
          containerStatuses: [{ name: 'build', state: { terminated } }],
        },
      });
    },
    async record() {
      process.env['AWS_ENDPOINT_URL'] = aws.url;
      process.env['AWS_REGION'] = account.region;
      process.env['AWS_ACCESS_KEY_ID'] = 'rehearsal';
      process.env['AWS_SECRET_ACCESS_KEY'] = 'rehearsal';
      const clients = awsClients();
      const config = new KubeConfig();
      config.loadFromString(kubernetes.kubeconfig());
      const ending = new AbortController();
      const file = { fleet: 'ci', pools: [aPoolConfig({ zones: ['us-east-1a'] })] };
      const shared = { clock, telemetry: silent };
      const recording = await record({
        ...{ ...shared, file, folder, header: aHeader(), aws: clients, pollMs: seconds(30), signal: ending.signal },
        ...{ caller: awsCaller(shared), kube: kubeClient({ ...shared, config }) },
      });
      await eventually(() => recording.fresh() && kubernetes.openWatches === 2);
      return {
        recording,
        stop: async () => {
          ending.abort();
          await recording.ended;
          clients.destroy();
        },
      };
    },
    written: () => conditionsIn(folder).filter(({ type }) => type !== 'watch.held'),
  };
}

const parseLine = lineReader({ version: RECORDING_VERSION });

/** Every condition in a folder of recordings. */
export const conditionsIn = (folder: string): readonly Condition[] =>
  readdirSync(folder)
    .sort()
    .flatMap((name) => {
      const bytes = readFileSync(join(folder, name));
      const lines = (name.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString().split('\n').slice(1, -1);
      return lines.map((line) => {
        const parsed = parseLine(line);
        if (parsed.kind !== 'condition') throw new Error(`expected conditions alone, found ${line}`);
        return parsed.condition;
      });
    });

/** Resolves when something has come true that goes over sockets. */
export async function eventually(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await new Promise((resolve) => setImmediate(resolve));
}

export const minute = minutes(1);
