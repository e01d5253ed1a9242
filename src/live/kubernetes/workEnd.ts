import type { Instant } from '../../domain/time.ts';

/** A regular container of a pod, and what kubelet says of it. Init containers are none: a sidecar among them never works. */
export interface ContainerSeen {
  readonly name: string;
  /** Its own restart policy, where it has one, or `unreadable`: rules of later Kubernetes by which it may start again. */
  readonly restarts: string | undefined;
  /** How it ended; undefined while it runs, waits, or was never heard of. */
  readonly ended: { readonly at: Instant; readonly exitCode: number | undefined } | undefined;
}

/**
 * When the work of a pod has ended: when the last of the containers that do it had, though others live. Undefined while one of
 * them runs, may start again, or is not known. Where no rule says which containers work, all do but well-known sidecars.
 *
 * @param isOver whether the pod has ended for good, so that nothing starts again
 */
export function endOfWork(
  containers: readonly ContainerSeen[],
  restartPolicy: string,
  isOver: boolean,
  works?: (container: string) => boolean,
): Instant | undefined {
  const working = workingAmong(containers, works);
  let last: Instant | undefined;
  for (const { ended, restarts } of working) {
    // Of a pod that is over, a container of which nothing is known ended when others did at the latest.
    if (ended === undefined && isOver) continue;
    if (ended === undefined || (!isOver && startsAgain(ended.exitCode, restarts ?? restartPolicy))) return undefined;
    last = Math.max(last ?? 0, ended.at);
  }
  return last;
}

function workingAmong(
  containers: readonly ContainerSeen[],
  works: ((container: string) => boolean) | undefined,
): readonly ContainerSeen[] {
  const named = works === undefined ? [] : containers.filter(({ name }) => works(name));
  if (named.length > 0) return named;
  const others = containers.filter(({ name }) => !SIDECARS.has(name));
  // One that is nothing but sidecars does its work in them.
  return others.length > 0 ? others : containers;
}

/** Source: Kubernetes, "Pod Lifecycle" (container restarts). What it does not say is taken for yes. */
function startsAgain(exitCode: number | undefined, policy: string): boolean {
  if (policy === 'Never') return false;
  return !(policy === 'OnFailure' && exitCode === 0);
}

/** Names that meshes, log shippers and builders of images give the containers that they put beside the work. */
const SIDECARS: ReadonlySet<string> = new Set([
  ...['istio-proxy', 'linkerd-proxy', 'envoy', 'envoy-sidecar', 'consul-dataplane', 'kuma-sidecar', 'daprd'],
  ...['dind', 'docker', 'docker-dind', 'dind-rootless', 'buildkitd'],
  ...['fluent-bit', 'fluentbit', 'fluentd', 'filebeat', 'promtail', 'vector', 'otc-container', 'otel-collector'],
  ...['datadog-agent', 'xray-daemon', 'vault-agent', 'cloud-sql-proxy', 'cloudsql-proxy'],
]);
