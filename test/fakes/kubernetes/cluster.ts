import {
  type ApiException,
  AppsV1Api,
  AuthorizationV1Api,
  CoordinationV1Api,
  CoreV1Api,
  EventsV1Api,
  KubeConfig,
  PolicyV1Api,
} from '@kubernetes/client-node';
import { afterEach } from 'vitest';
import { isObject, type JsonObject, readJson, textAt } from '../../../fakes/kubernetes/json.ts';
import { type KubernetesServer, type KubernetesSettings, kubernetesServer } from '../../../fakes/kubernetes/server.ts';
import { Store } from '../../../fakes/kubernetes/store.ts';
import { type Instant, type Millis } from '../../../src/domain/time.ts';

/** Monday morning, when the clock of a cluster starts. */
export const MONDAY: Instant = Date.parse('2026-05-11T08:00:00Z');

/** A served cluster with a clock that stands still until it is moved on. */
export interface Cluster {
  readonly store: Store;
  readonly server: KubernetesServer;
  readonly kubeConfig: KubeConfig;
  readonly core: Plain<CoreV1Api>;
  readonly coordination: Plain<CoordinationV1Api>;
  readonly events: Plain<EventsV1Api>;
  readonly policy: Plain<PolicyV1Api>;
  readonly apps: Plain<AppsV1Api>;
  readonly authorization: Plain<AuthorizationV1Api>;
  readonly pass: (lengthMs: Millis) => void;
  /** A request without a client between. */
  readonly fetch: (path: string, init?: RequestInit) => Promise<Response>;
}

/** A client whose bodies are plain objects: its classes only describe what it sends. */
export type Plain<Api> = {
  readonly [Call in keyof Api]: Api[Call] extends (asked: infer Asked, options?: infer Options) => infer Answer
    ? (asked?: WithPlainBody<Asked>, options?: Options) => Answer
    : Api[Call];
};

type WithPlainBody<Asked> = { readonly [Field in keyof Asked]: Field extends 'body' ? object : Asked[Field] };

// The methods stay what they are: only their types see less of the body.
const plain = <Api extends object>(api: Api): Plain<Api> => api as Plain<Api>;

const open: KubernetesServer[] = [];

afterEach(async () => {
  await Promise.all(open.splice(0).map((server) => server.close()));
});

/** Starts a cluster that the end of the test closes. */
export async function cluster(
  settings: Omit<KubernetesSettings, 'store'> & { readonly keptChanges?: number } = {},
): Promise<Cluster> {
  let now = MONDAY;
  const { keptChanges = 1_000, ...rest } = settings;
  const store = new Store({ now: () => now, keptChanges });
  const server = await kubernetesServer({ store, ...rest });
  open.push(server);
  const kubeConfig = new KubeConfig();
  kubeConfig.loadFromString(server.kubeconfig());
  return {
    store,
    server,
    kubeConfig,
    core: plain(kubeConfig.makeApiClient(CoreV1Api)),
    coordination: plain(kubeConfig.makeApiClient(CoordinationV1Api)),
    events: plain(kubeConfig.makeApiClient(EventsV1Api)),
    policy: plain(kubeConfig.makeApiClient(PolicyV1Api)),
    apps: plain(kubeConfig.makeApiClient(AppsV1Api)),
    authorization: plain(kubeConfig.makeApiClient(AuthorizationV1Api)),
    pass: (lengthMs) => {
      now += lengthMs;
    },
    fetch: (path, init) => {
      const headers = init?.body === undefined ? {} : { 'content-type': 'application/json' };
      return fetch(server.url + path, { headers, ...init });
    },
  };
}

/** What a refused call says: its Status, with the headers of the answer beside it. */
export interface Refused {
  readonly code: number;
  readonly reason: string | undefined;
  readonly message: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly status: JsonObject;
}

/** How a call was refused. @throws Error if it was not */
export async function refusalOf(call: Promise<unknown>): Promise<Refused> {
  try {
    await call;
  } catch (error) {
    // The client throws nothing else for an answer that is no success.
    const { code, body, headers } = error as ApiException<string>;
    const status = readJson(body);
    if (!isObject(status)) throw new Error(`no Status: ${body}`, { cause: error });
    return {
      code,
      reason: textAt(status, 'reason'),
      message: textAt(status, 'message') ?? '',
      headers,
      status,
    };
  }
  throw new Error('the call was not refused');
}

/** An event as it stands on a line of a watch. */
export interface Seen {
  readonly type: string;
  readonly object: { readonly metadata?: { readonly name: string; readonly resourceVersion: string } } & JsonObject;
}

/** An open watch. */
export interface OpenWatch {
  readonly code: number;
  /** The next events, as many as asked for. @throws Error if the watch ends before that */
  next(count: number): Promise<readonly Seen[]>;
  /** All that still comes until the watch ends. */
  rest(): Promise<readonly string[]>;
}

/** Opens a watch and leaves it to the test to read it. */
export async function watch({ fetch: get }: Cluster, path: string, query = ''): Promise<OpenWatch> {
  const response = await get(`${path}?watch=true&${query}`);
  const lines = linesOf(response);
  return {
    code: response.status,
    next: async (count) => {
      const seen: Seen[] = [];
      while (seen.length < count) {
        const { value, done } = await lines.next();
        if (done === true) throw new Error(`the watch ended after ${seen.length} of ${count} events`);
        // The lines of a watch are events, unless a test wants them broken; those it reads with rest().
        seen.push(JSON.parse(value) as Seen);
      }
      return seen;
    },
    rest: async () => {
      const left: string[] = [];
      for await (const line of lines) left.push(line);
      return left;
    },
  };
}

async function* linesOf(response: Response): AsyncGenerator<string, void> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of response.body ?? []) {
    // Bodies of fetch come in bytes.
    text += decoder.decode(chunk as Uint8Array, { stream: true });
    const lines = text.split('\n');
    text = lines.pop() ?? '';
    yield* lines;
  }
  if (text !== '') yield text;
}

/** `ADDED a`, `DELETED b`. */
export const inShort = (seen: readonly Seen[]): readonly string[] =>
  seen.map(({ type, object }) => `${type} ${object.metadata?.name ?? ''}`.trim());

/** A pod that runs on a node. */
export const pod = (
  name: string,
  { node = 'a', labels = {}, ...more }: { node?: string; labels?: Record<string, string> } & JsonObject = {},
) => ({
  metadata: { name, namespace: 'ci', labels },
  spec: { nodeName: node, containers: [{ name: 'job', image: 'busybox' }] },
  status: { phase: 'Running' },
  ...more,
});
