import { AsyncLocalStorage } from 'node:async_hooks';
import { performance } from 'node:perf_hooks';
import {
  AuthorizationV1Api,
  type Configuration,
  CoordinationV1Api,
  CoreV1Api,
  createConfiguration,
  EventsV1Api,
  type KubeConfig,
  ResponseContext,
  ServerConfiguration,
} from '@kubernetes/client-node';
import { type Millis, seconds } from '../../domain/time.ts';
import type { Telemetry } from '../ports/telemetry.ts';
import { failureOf, type KubeFailure, MalformedAnswer } from './kubeFailure.ts';
import { likeKubectl } from './likeKubectl.ts';

export type { KubeFailure, KubeFailureClass } from './kubeFailure.ts';

/** The answer of a call to the API server: what was asked for, or why not. Never a guess. */
export type KubeAnswer<Value> = { readonly kind: 'ok'; readonly value: Value } | KubeFailure;

export interface KubeCallOptions {
  /** After how much real time the call is cut off; 10 s where nothing is said. */
  readonly timeoutMs?: Millis;
  /** Whether the call changes something, so that a stop waits for it. */
  readonly mutating?: boolean;
  /** Cuts the call off early; it then counts as `unreachable`. */
  readonly signal?: AbortSignal;
}

/** The API server: typed calls, each of which is timed, cut off, checked and told to the telemetry. */
export interface Kube {
  readonly config: KubeConfig;
  readonly core: CoreV1Api;
  readonly coordination: CoordinationV1Api;
  readonly events: EventsV1Api;
  readonly authorization: AuthorizationV1Api;
  /**
   * Sends one call and sorts what comes of it; never throws, never repeats. `action` is verb and resource, `patch nodes`.
   * Calls of the typed clients inside `send` end with the time-out, also on the wire;
   * anything else that it does should end with `cutOff`.
   */
  call<Value>(
    action: string,
    send: (cutOff: AbortSignal) => Promise<Value>,
    options?: KubeCallOptions,
  ): Promise<KubeAnswer<Value>>;
  /** How many mutating calls are on their way: what a graceful stop waits for. */
  readonly inFlight: number;
}

/** Longer than a healthy API server takes for anything asked here, and short beside a reclaim's two minutes. */
const CALL_TIMEOUT_MS = seconds(10);

/** The API server of a kubeconfig's current context. @throws Error where it has none */
export function kubeClient({ telemetry, config: given }: { telemetry: Telemetry; config: KubeConfig }): Kube {
  const config = likeKubectl(given);
  const cluster = config.getCurrentCluster();
  if (cluster === null) throw new Error('The kubeconfig has no current context that names a cluster');
  const configuration = checkedConfiguration(config, cluster.server);
  let inFlight = 0;

  async function call<Value>(
    action: string,
    send: (cutOff: AbortSignal) => Promise<Value>,
    { timeoutMs = CALL_TIMEOUT_MS, mutating = false, signal }: KubeCallOptions = {},
  ): Promise<KubeAnswer<Value>> {
    // Real time is meant: how long a socket may take has nothing to do with the time that the keeper keeps.
    const startedAt = performance.now();
    const timeout = AbortSignal.timeout(timeoutMs);
    const cutOff = signal === undefined ? timeout : AbortSignal.any([timeout, signal]);
    if (mutating) inFlight += 1;
    let answer: KubeAnswer<Value>;
    try {
      answer = { kind: 'ok', value: await callSignal.run(cutOff, () => beforeCutOff(send, cutOff)) };
    } catch (error) {
      answer = failureOf(error, timeout.aborted ? `no answer within ${timeoutMs} ms` : undefined);
    } finally {
      if (mutating) inFlight -= 1;
    }
    telemetry.called({
      api: 'kubernetes',
      action,
      outcome: answer.kind === 'ok' ? 'ok' : answer.class,
      durationMs: performance.now() - startedAt,
    });
    return answer;
  }

  return {
    config,
    core: new CoreV1Api(configuration),
    coordination: new CoordinationV1Api(configuration),
    events: new EventsV1Api(configuration),
    authorization: new AuthorizationV1Api(configuration),
    call,
    get inFlight() {
      return inFlight;
    },
  };
}

/** What cuts off the call in whose course a request is sent: the typed methods take no signal themselves. */
const callSignal = new AsyncLocalStorage<AbortSignal>();

/** The configuration of the typed clients: as the library makes it, with the cut-off and a check of every good answer. */
const checkedConfiguration = (config: KubeConfig, server: string): Configuration =>
  createConfiguration({
    baseServer: new ServerConfiguration(server, {}),
    authMethods: { default: config },
    promiseMiddleware: [
      {
        pre: (request) => {
          const signal = callSignal.getStore();
          if (signal !== undefined) request.setSignal(signal);
          return Promise.resolve(request);
        },
        post: async (response) => {
          if (response.httpStatusCode >= 300) return response;
          // The library turns a page of HTML, or `{}`, into an object without fields, which would read as "nothing there".
          const text = await response.body.text();
          if (!isObjectOfKind(text)) throw new MalformedAnswer(response.httpStatusCode, text);
          const body = { text: () => Promise.resolve(text), binary: () => Promise.resolve(Buffer.from(text)) };
          return new ResponseContext(response.httpStatusCode, response.headers, body);
        },
      },
    ],
  });

/** Whether a body is what an API server always answers: a JSON object that says of what kind it is. */
function isObjectOfKind(text: string): boolean {
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === 'object' && parsed !== null && 'kind' in parsed && typeof parsed.kind === 'string';
  } catch {
    return false;
  }
}

/** Ends with the signal also where `send` waits for something that takes no notice of it, such as a credential plug-in. */
function beforeCutOff<Value>(send: (cutOff: AbortSignal) => Promise<Value>, cutOff: AbortSignal): Promise<Value> {
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      reject(new Error('cut off'));
    };
    if (cutOff.aborted) {
      stop();
      return;
    }
    cutOff.addEventListener('abort', stop, { once: true });
    send(cutOff)
      .then(resolve, reject)
      .finally(() => {
        cutOff.removeEventListener('abort', stop);
      });
  });
}
