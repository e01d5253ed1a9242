import { KubeConfig } from '@kubernetes/client-node';
import { type KubernetesServer, kubernetesServer } from '../../../fakes/kubernetes/server.ts';
import { Store } from '../../../fakes/kubernetes/store.ts';
import { type Kube, kubeClient } from '../../../src/live/kubernetes/kubeClient.ts';
import { type Clock, scaledClock } from '../../../src/live/ports/clock.ts';
import { silent, type Telemetry } from '../../../src/live/ports/telemetry.ts';
import { unhurriedKube } from '../../support/unhurried.ts';

/** A simulated API server, the real client on its way there, and a clock that makes waits short. */
export interface ACluster extends AsyncDisposable {
  readonly store: Store;
  readonly server: KubernetesServer;
  readonly kube: Kube;
  readonly clock: Clock;
  /** Ends whatever watches; done at the end of the test too. */
  readonly ending: AbortController;
}

export async function aCluster({
  clock = aFastClock(),
  telemetry = silent,
}: {
  clock?: Clock;
  telemetry?: Telemetry;
} = {}): Promise<ACluster> {
  const store = new Store({ now: () => clock.now() });
  const server = await kubernetesServer({ store });
  const config = new KubeConfig();
  config.loadFromString(server.kubeconfig());
  const ending = new AbortController();
  return {
    ...{ store, server, clock, ending },
    kube: unhurriedKube(kubeClient({ telemetry, config })),
    [Symbol.asyncDispose]: async () => {
      ending.abort();
      await server.close();
    },
  };
}

/** Waits of minutes are over in a blink. What must happen before an instant of it should have weeks. */
export const aFastClock = (speed = 1_000): Clock =>
  scaledClock({ from: Date.parse('2026-05-11T08:00:00Z'), realFrom: Date.now(), speed });

/** A clock that stands still until a test rings its next bell. */
export interface HandClock extends Clock {
  /** How long after now each bell would ring that waits. */
  waits(): readonly number[];
  /** Moves on to the next bell and rings it. */
  ringNext(): void;
}

export function handClock(): HandClock {
  let now = 0;
  let bells: { readonly at: number; readonly ring: () => void }[] = [];
  return {
    now: () => now,
    at: (at, ring) => {
      const bell = { at, ring };
      bells.push(bell);
      return () => {
        bells = bells.filter((one) => one !== bell);
      };
    },
    waits: () => bells.map(({ at }) => at - now),
    ringNext: () => {
      const next = [...bells].sort((one, other) => one.at - other.at)[0];
      if (next === undefined) throw new Error('no bell waits');
      bells = bells.filter((one) => one !== next);
      now = Math.max(now, next.at);
      next.ring();
    },
  };
}

/** A pod for the store. */
export const aPod = (
  name: string,
  {
    node = 'node-a',
    phase = 'Running',
    job = true,
    controller = false,
    ...rest
  }: {
    node?: string;
    phase?: string;
    job?: boolean;
    controller?: boolean;
    startTime?: string;
    annotations?: Record<string, string>;
    finalizers?: readonly string[];
  } = {},
) => ({
  metadata: {
    ...{ name, namespace: 'ci', labels: { app: name }, annotations: rest.annotations ?? {} },
    ...(rest.finalizers !== undefined && { finalizers: rest.finalizers }),
    ownerReferences: controller
      ? [{ apiVersion: 'apps/v1', kind: 'ReplicaSet', name, uid: 'o', controller: true }]
      : [],
  },
  spec: { nodeName: node, restartPolicy: job ? 'Never' : 'Always', containers: [{ name: 'main', image: 'main' }] },
  status: { phase, ...(rest.startTime !== undefined && { startTime: rest.startTime }) },
});

/** A Ready node for the store. */
export const aNode = (
  name: string,
  {
    instanceId = 'i-0a',
    ready = true,
    spec = {},
    annotations = {},
  }: {
    instanceId?: string;
    ready?: boolean;
    spec?: Record<string, unknown>;
    annotations?: Record<string, string>;
  } = {},
) => ({
  metadata: { name, annotations, labels: { 'topology.kubernetes.io/zone': 'eu-west-1a', noise: 'yes' } },
  spec: { providerID: `aws:///eu-west-1a/${instanceId}`, ...spec },
  status: { conditions: [{ type: 'Ready', status: ready ? 'True' : 'Unknown' }] },
});
