import type { ManifestSettings } from './settings.ts';

/** A Kubernetes object as it is printed. */
export interface KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly [field: string]: unknown;
}

/** The one port of the keeper: probes, metrics and the read-only API. */
export const PORT = 8080;

/** Where the pools file is mounted. */
export const CONFIG_FOLDER = '/etc/spot-keeper';

/** What finds the pods of one installation. */
export const selectorOf = ({ name }: ManifestSettings): Readonly<Record<string, string>> => ({
  'app.kubernetes.io/name': 'spot-keeper',
  'app.kubernetes.io/instance': name,
});

/** The name, namespace and labels of an object in the keeper's namespace. */
export const metadataIn = (settings: ManifestSettings, name: string = settings.name) => ({
  name,
  namespace: settings.namespace,
  labels: selectorOf(settings),
});

/**
 * The ConfigMap with the pools file. The dot is in no fleet's name, so that the ledger of no fleet, which is
 * `spot-keeper-<fleet>`, can ever be the same object.
 */
export const configMapOf = ({ name }: ManifestSettings): string => `${name}.pools`;

/** The Lease of the leader and the ConfigMap of its ledger: one name for both. */
export const ledgerOf = (fleet: string): string => `spot-keeper-${fleet}`;
