import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { stringify } from 'yaml';
import { type AccessRule, permit, reviewed } from './access.ts';
import { type Answer, answered } from './answers.ts';
import { type Call, callOf } from './call.ts';
import { discovered, REVIEWS } from './discovery.ts';
import { Faults, type RequestFault } from './faults.ts';
import { numberAt } from './json.ts';
import { failure, noSuchResource, Refusal } from './refusal.ts';
import type { Store } from './store.ts';
import type { Target } from './target.ts';
import { Watches } from './watching.ts';
import { readBody } from './writes.ts';

/** A Kubernetes API server over a store, on loopback. */
export interface KubernetesServer {
  /** `http://127.0.0.1:<port>`. */
  readonly url: string;
  /** A kubeconfig that leads here, as YAML. */
  kubeconfig(): string;
  readonly faults: Faults;
  /** How often each `<verb> <resource>` was called: `list pods`, `create pods/eviction`, `get /version`. */
  readonly calls: ReadonlyMap<string, number>;
  /** How many events went out over all watches, bookmarks and errors included. */
  readonly watchEventsSent: number;
  readonly openWatches: number;
  /** Does what is due by the store's clock: graces that have passed, bookmarks, ends of watches. Every request does so too. */
  tick(): void;
  /** Sends a bookmark to every watch that wants any. */
  bookmark(): void;
  /** Ends all watches: in good order, or torn as by a lost connection. */
  endWatches(how?: { readonly torn?: boolean }): void;
  close(): Promise<void>;
}

/** What a server is made of. */
export interface KubernetesSettings {
  /** Its clock is the server's too. */
  readonly store: Store;
  readonly faults?: Faults;
  /** A free one where this is missing. */
  readonly port?: number;
  /** What the client may do: answers its reviews, and refuses the rest. Everything where this is missing. */
  readonly allows?: AccessRule;
}

/** A connection that rests stays open: it would be closed just when it is used again, now and then, and that call be lost. */
const UNHURRIED = { keepAliveTimeout: 0 };

/** Starts a server. Rejects where the port is taken. */
export async function kubernetesServer(settings: KubernetesSettings): Promise<KubernetesServer> {
  const { store, faults = new Faults(), port = 0, allows = () => true } = settings;
  const calls = new Map<string, number>();
  const watches = new Watches(store, faults);
  const tick = (): void => {
    store.expire();
    watches.tick();
  };

  const handle = (call: Call, response: ServerResponse): void => {
    tick();
    const key = `${call.verb} ${call.subject}`;
    calls.set(key, (calls.get(key) ?? 0) + 1);
    const fault = faults.ofRequest(call.verb, call.subject, call.target?.name);
    if (fault !== undefined && isLate(fault)) outcome(store, allows, call);
    if (fault !== undefined && spoilt(response, fault)) return;
    if (call.target?.verb === 'watch') watch(call.target, call, response, fault);
    else send(response, outcome(store, allows, call, fault));
  };

  const watch = (target: Target, { query }: Call, response: ServerResponse, fault: RequestFault | undefined): void => {
    const gone = failure(410, 'Expired', 'too old resource version');
    if (fault?.kind === 'closeAtOnce') watches.answerEnd(response);
    else if (fault?.kind === 'gone' && fault.as === 'http') send(response, { code: 410, body: gone });
    else if (fault?.kind === 'gone') watches.answerError(response, gone);
    else
      try {
        permit(allows, target);
        watches.answer(response, target, query);
      } catch (error) {
        send(response, refused(error));
      }
  };

  const server = createServer(UNHURRIED, (incoming, response) => {
    callOf(incoming).then(
      (call) => {
        handle(call, response);
      },
      // The client has gone away in the middle of its request: nobody waits for an answer.
      () => response.destroy(),
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  // A server that listens on a port has an address with one.
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    kubeconfig: () => kubeconfig(url),
    faults,
    calls,
    get watchEventsSent() {
      return watches.eventsSent;
    },
    get openWatches() {
      return watches.count;
    },
    tick,
    bookmark: () => {
      watches.bookmark();
    },
    endWatches: (how) => {
      watches.endAll(how);
    },
    close: () =>
      new Promise<void>((resolve) => {
        watches.close();
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

/** Does what a call asks for, and answers what to say about it. */
function outcome(store: Store, allows: AccessRule, call: Call, fault?: RequestFault): Answer | string {
  try {
    if (call.refusal !== undefined) throw call.refusal;
    if (fault?.kind === 'gone')
      throw new Refusal(410, 'Expired', 'The resourceVersion for the provided list is too old.');
    if (call.target !== undefined) {
      permit(allows, call.target);
      return answered(store, { ...call, target: call.target }, fault?.kind === 'staleList' ? fault : {});
    }
    if (call.path === REVIEWS.path && call.verb === 'create')
      return { code: 201, body: reviewed(allows, readBody(call.body)) };
    const found = call.verb === 'get' ? discovered(call.path) : undefined;
    if (found === undefined) throw noSuchResource();
    return typeof found === 'string' ? found : { code: 200, body: found };
  } catch (error) {
    return refused(error);
  }
}

const isLate = (fault: RequestFault): boolean => 'afterEffect' in fault && fault.afterEffect;

/** A defect of the server itself is told as the API server tells its own. */
function refused(error: unknown): Answer {
  const status =
    error instanceof Refusal
      ? error.status
      : failure(500, 'InternalError', `Internal error occurred: ${String(error)}`);
  return { code: status.code, body: status };
}

/** Answers as a fault wants it; false where the fault leaves the answer to others. */
function spoilt(response: ServerResponse, fault: RequestFault): boolean {
  switch (fault.kind) {
    case 'error': {
      const { code, reason = '', message = `the server answers ${code}`, retryAfterSeconds } = fault;
      const details = retryAfterSeconds === undefined ? {} : { retryAfterSeconds };
      send(response, { code, body: failure(code, reason, message, details) });
      return true;
    }
    case 'reset':
      response.destroy();
      return true;
    case 'hang':
      return true;
    case 'body':
      response.writeHead(fault.code ?? 200, { 'content-type': fault.contentType ?? 'application/json' });
      response.end(fault.text);
      return true;
    case 'staleList':
    case 'gone':
    case 'closeAtOnce':
      return false;
  }
}

function send(response: ServerResponse, answer: Answer | string): void {
  if (typeof answer === 'string') {
    response.writeHead(200, { 'content-type': 'text/plain' }).end(answer);
    return;
  }
  const retryAfter = numberAt(answer.body, 'details', 'retryAfterSeconds');
  response.writeHead(answer.code, {
    'content-type': 'application/json',
    ...(retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) }),
  });
  response.end(JSON.stringify(answer.body));
}

/** The client refuses plain http unless it is told not to verify anything. */
const kubeconfig = (url: string): string =>
  stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'simulated', cluster: { server: url, 'insecure-skip-tls-verify': true } }],
    users: [{ name: 'keeper', user: {} }],
    contexts: [{ name: 'simulated', context: { cluster: 'simulated', user: 'keeper', namespace: 'default' } }],
    'current-context': 'simulated',
  });
