import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { KubeConfig } from '@kubernetes/client-node';
import { leaseObject } from '../../src/live/kubernetes/election/leaseObject.ts';
import { podRoles, podRules } from '../../src/live/kubernetes/jobs.ts';
import { type Kube, type KubeAnswer, kubeClient } from '../../src/live/kubernetes/kubeClient.ts';
import type { KubeObject } from '../../src/live/kubernetes/kubeObject.ts';
import { ledgerObject } from '../../src/live/kubernetes/ledger/ledgerObject.ts';
import { withIntents, withoutIntents } from '../../src/live/kubernetes/ledger/ledgerState.ts';
import { heldUntil } from '../../src/live/kubernetes/podDelay.ts';
import { follow } from '../../src/live/kubernetes/watch/follow.ts';
import { listAll } from '../../src/live/kubernetes/watch/listing.ts';
import { reflectedSet } from '../../src/live/kubernetes/watch/reflectedSet.ts';
import { watchedNode, watchedPod } from '../../src/live/kubernetes/workload/watched.ts';
import { silent } from '../../src/live/ports/telemetry.ts';
import { CLUSTER_EXAMPLES } from './clusterExamples.ts';
import type { Reader } from './reader.ts';

// What an API server says. Nothing of it may be thrown on, so that here everything that is thrown is a finding.

const roleOf = podRoles(podRules({ jobs: ['run-once', 'gitlab'] }));
const pruneNode = (object: KubeObject) => watchedNode(object);
const prunePod = (object: KubeObject) => watchedPod(object, roleOf);

/** The text as it comes over the wire: in pieces that end anywhere, also within a character. */
function arriving(text: string): AsyncIterable<string> {
  const bytes = Buffer.from(text);
  const pieces: Buffer[] = [];
  for (let from = 0; from < bytes.length; ) {
    const until = from + 1 + ((bytes[from] ?? 0) % 61) * 97;
    pieces.push(bytes.subarray(from, until));
    from = until;
  }
  // With an encoding set, the chunks of a stream are texts.
  return Readable.from(pieces).setEncoding('utf8') as AsyncIterable<string>;
}

async function followed(text: string, prune: (object: KubeObject) => unknown): Promise<void> {
  const told = new Set<unknown>();
  const set = reflectedSet(prune, {
    listed: () => undefined,
    changed: (item, before) => {
      if (before !== undefined) assert(told.delete(before), 'a change of what was not told of');
      told.add(item);
    },
    removed: (item) => {
      assert(told.delete(item), 'the end of what was not told of');
    },
  });
  const state = { listNeeded: false, heardAt: 0, eventsSeen: 0 };
  const trouble = await follow(arriving(text), set, state);
  assert.equal(state.listNeeded, trouble !== undefined, 'what could not be read makes a list needed, and nothing else');
  ours(trouble?.message);
  const held = set.items();
  assert(held.length === told.size && held.every((item) => told.has(item)), 'what was told is what is held');
  for (const item of held) known(item);
}

/** Every number of what was read says something: NaN does not tell whether it is due. */
function known(value: unknown): void {
  if (typeof value === 'number') assert(!Number.isNaN(value), 'a number that says nothing');
  else if (typeof value === 'object' && value !== null) for (const part of Object.values(value)) known(part);
}

/** What was caught is said in our words or by the reader of JSON: the machine's own complaint is a mistake of ours. */
function ours(message: string | undefined): void {
  assert.doesNotMatch(
    message ?? '',
    /^(?:Cannot |Maximum call|Invalid array)|is not (?:a function|iterable|defined)|undefined/,
  );
}

/** The real client, with a server that gives every question the one text. */
let body = '';
let client: Kube | undefined;
async function clientOf(text: string): Promise<Kube> {
  body = text;
  if (client !== undefined) return client;
  const server = createServer((_, response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  server.unref();
  const config = new KubeConfig();
  // A listening server on a port has an address with that port.
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  config.loadFromClusterAndUser({ name: 'fuzz', server: url, skipTLSVerify: false }, { name: 'keeper' });
  return (client = kubeClient({ telemetry: silent, config }));
}

const PLACE = { namespace: 'spot-keeper', fleet: 'ci' };

function answered<Value>(answer: KubeAnswer<Value>): Value | undefined {
  if (answer.kind === 'ok') return answer.value;
  assert.equal(answer.class, 'malformed', `${answer.class}: ${answer.message}`);
  return undefined;
}

async function ledger(text: string): Promise<void> {
  const stored = answered(await ledgerObject({ ...PLACE, kube: await clientOf(text) }).read());
  if (stored === undefined) return;
  const { document } = stored;
  known(document);
  // No writer of a ledger has this key, and no object of ours takes it.
  const written: unknown = JSON.parse(stored.object.data?.['ledger.json'] ?? '', (key, value: unknown) =>
    key === '__proto__' ? undefined : value,
  );
  assert.deepEqual({ version: 1, fleet: 'ci', ...document }, written, 'it is read as it was written, all of it');
  const { launches, terminations } = document.state;
  const left = withoutIntents(document.state, [...Object.keys(launches), ...Object.keys(terminations)]);
  assert.deepEqual([left.launches, left.terminations], [{}, {}], 'all of it can be settled');
  const intent = { kind: 'launch', token: 'ci-9.1.1', at: 0, intent: { a: 1 } } as const;
  const added = withIntents(left, [intent]);
  assert(
    'refused' in added || Object.hasOwn(added.state.launches, intent.token),
    'it takes an intent, or says why not',
  );
}

export const CLUSTER_READERS: readonly Reader[] = [
  { name: 'watch of nodes', examples: CLUSTER_EXAMPLES.nodes, read: (text) => followed(text, pruneNode) },
  { name: 'watch of pods', examples: CLUSTER_EXAMPLES.pods, read: (text) => followed(text, prunePod) },
  {
    name: 'list of pods',
    examples: CLUSTER_EXAMPLES.lists,
    read: async (text) => {
      const request = { resource: 'pods', path: '/api/v1/pods', keep: prunePod };
      const listing = answered(await listAll(await clientOf(text), request));
      for (const item of listing?.items ?? []) known(item);
    },
  },
  { name: 'ledger', examples: CLUSTER_EXAMPLES.ledgers, read: ledger },
  {
    name: 'delay of a pod',
    examples: ['10s', '1h5m30.25s10ms', '90s10m100us2h'],
    read: (value) => {
      const pod = { createdAt: 0, delay: { value, mark: undefined } };
      known(heldUntil(pod, { fleet: 'ci', pool: 'ci' }, { until: 60_000, mostMs: 900_000, now: 1_000 }));
    },
  },
  {
    name: 'lease',
    examples: CLUSTER_EXAMPLES.leases,
    read: async (text) => {
      const kube = await clientOf(text);
      known({
        ...answered(await leaseObject({ kube, namespace: 'spot-keeper', name: 'ci' }).read(5_000)),
        lease: null,
      });
    },
  },
];
