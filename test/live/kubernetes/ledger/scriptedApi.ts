import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { KubeConfig } from '@kubernetes/client-node';
import { type Kube, kubeClient } from '../../../../src/live/kubernetes/kubeClient.ts';
import { silent, type Telemetry } from '../../../../src/live/ports/telemetry.ts';
import { unhurriedKube } from '../../../support/unhurried.ts';

/** An object as it stands in the store. */
export interface Stored {
  kind?: string;
  metadata: {
    name: string;
    namespace?: string;
    resourceVersion?: string;
    uid?: string;
    labels?: Record<string, string>;
  };
  spec?: Record<string, unknown>;
  data?: Record<string, string>;
  [field: string]: unknown;
}

export interface Asked {
  readonly method: string;
  /** `leases/spot-keeper`, or `configmaps` for a creation. */
  readonly target: string;
  readonly path: string;
  readonly contentType: string;
  readonly body: Stored | undefined;
}

/** What becomes of a request. The default is to serve it. */
export type Fate =
  | 'serve'
  /** The connection breaks, and nothing was done. */
  | 'lose request'
  /** It is done, and then the connection breaks. */
  | 'lose answer'
  /** The connection breaks now, and it is done when `arrive` is called. */
  | { readonly late: (arrive: () => void) => void }
  | { readonly status: number; readonly text?: string; readonly retryAfter?: number };

/** An API server of a few objects on a loopback socket, with one counter of versions and no mercy for old ones. */
export interface ScriptedApi {
  readonly objects: Map<string, Stored>;
  readonly asked: Asked[];
  /** Decides the fate of each request, in its own time. */
  fate: (asked: Asked) => Fate | Promise<Fate>;
  kube(telemetry?: Telemetry): Kube;
  /** Changes an object as another client would. */
  edit(target: string, change: (object: Stored) => void): void;
  close(): Promise<void>;
}

export async function scriptedApi(): Promise<ScriptedApi> {
  const objects = new Map<string, Stored>();
  const asked: Asked[] = [];
  let version = 100;

  const put = (target: string, object: Stored): Stored => {
    version += 1;
    const kept = structuredClone(object);
    kept.metadata.resourceVersion = String(version);
    kept.metadata.uid ??= `uid-${version}`;
    objects.set(target, kept);
    return kept;
  };

  function apply({ method, target, body }: Asked): [code: number, answer: object] {
    const there = objects.get(target);
    if (method === 'POST' && body !== undefined) {
      const created = `${target}/${body.metadata.name}`;
      return objects.has(created) ? refusal(409, 'AlreadyExists') : [201, put(created, body)];
    }
    if (there === undefined) return refusal(404, 'NotFound');
    if (method === 'GET' || body === undefined) return [200, there];
    if (method === 'PATCH') return [200, put(target, { ...there, ...body })];
    if (body.metadata.resourceVersion !== there.metadata.resourceVersion) return refusal(409, 'Conflict');
    return [200, put(target, body)];
  }

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const one = await askedIn(request);
    asked.push(one);
    const fate = await api.fate(one);
    if (typeof fate === 'object' && 'status' in fate) {
      if (fate.retryAfter !== undefined) response.setHeader('retry-after', fate.retryAfter);
      response.writeHead(fate.status, { 'content-type': 'application/json' });
      response.end(
        fate.text ?? JSON.stringify({ kind: 'Status', code: fate.status, message: `scripted ${fate.status}` }),
      );
      return;
    }
    if (typeof fate === 'object') fate.late(() => apply(one));
    else if (fate !== 'lose request') {
      const [code, answer] = apply(one);
      if (fate === 'serve') {
        response.writeHead(code, { 'content-type': 'application/json' });
        response.end(JSON.stringify({ kind: kindOf(one.target), ...answer }));
        return;
      }
    }
    request.socket.destroy();
  }

  const server = createServer((request, response) => {
    // A request that the client cut off is no failure of the server.
    serve(request, response).catch(() => request.socket.destroy());
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      resolve();
    });
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`; // listening on TCP: an address with a port

  const api: ScriptedApi = {
    objects,
    asked,
    fate: () => 'serve',
    kube: (telemetry = silent) => unhurriedKube(kubeClient({ telemetry, config: configFor(url) })),
    edit: (target, change) => {
      const object = structuredClone(objects.get(target)!);
      change(object);
      put(target, object);
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
  return api;
}

function configFor(url: string): KubeConfig {
  const config = new KubeConfig();
  config.loadFromOptions({
    clusters: [{ name: 'here', server: url, skipTLSVerify: true }],
    users: [{ name: 'keeper' }],
    contexts: [{ name: 'here', cluster: 'here', user: 'keeper' }],
    currentContext: 'here',
  });
  return config;
}

async function askedIn(request: IncomingMessage): Promise<Asked> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  const path = (request.url ?? '').split('?')[0]!;
  return {
    method: request.method ?? '',
    path,
    target: path.replace(/^.*\/namespaces\/[^/]+\//, ''),
    contentType: request.headers['content-type'] ?? '',
    // What the real client sends about the few resources that this server knows.
    body: text === '' ? undefined : (JSON.parse(text) as Stored),
  };
}

const kindOf = (target: string): string =>
  target.startsWith('leases') ? 'Lease' : target.startsWith('events') ? 'Event' : 'ConfigMap';

const refusal = (code: number, reason: string): [number, object] => [
  code,
  { kind: 'Status', status: 'Failure', code, reason, message: reason },
];
