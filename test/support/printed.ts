import { catalogue } from '../../policies/catalogue.ts';
import { readPools } from '../../src/config/readPools.ts';
import { DEFAULT_PARTS, objectsOf } from '../../src/install/manifests.ts';
import type { KubernetesObject } from '../../src/install/names.ts';
import { type GivenSettings, settingsOf } from '../../src/install/settings.ts';
import { byName, fileOf } from './chart.ts';

/** What the command prints for the same pools, by name. */
export function printed(
  text: string = fileOf('docs/examples/pools.yaml'),
  given: GivenSettings = {},
  parts = DEFAULT_PARTS,
  more: Readonly<Record<string, string>> = {},
): Readonly<Record<string, KubernetesObject>> {
  const pools = readPools(text, 'pools.yaml', catalogue);
  const files = { 'pools.yaml': text, ...more };
  const objects = objectsOf(parts, { pools, files, settings: settingsOf(pools, '0.1.0', given) });
  // Helm makes namespaces by itself.
  return byName(objects.filter(({ kind }) => kind !== 'Namespace'));
}

/** Without the labels by which Helm knows its own. */
export function withoutHelm(
  objects: Readonly<Record<string, KubernetesObject>>,
): Readonly<Record<string, KubernetesObject>> {
  const helms = ['app.kubernetes.io/version', 'app.kubernetes.io/managed-by', 'helm.sh/chart'];
  return Object.fromEntries(
    Object.entries(objects).map(([name, { metadata, ...rest }]) => {
      const labels = Object.entries(metadata.labels ?? {}).filter(([key]) => !helms.includes(key));
      return [name, { ...rest, metadata: { ...metadata, labels: Object.fromEntries(labels) } }];
    }),
  );
}
