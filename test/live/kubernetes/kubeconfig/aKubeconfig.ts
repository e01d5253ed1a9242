import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import type { KubeConfig } from '@kubernetes/client-node';
import { loadKubeconfig } from '../../../../src/live/kubernetes/kubeconfig/kubeconfig.ts';

/** A folder of kubeconfig files, gone with the test. */
export interface Folder extends Disposable {
  readonly path: string;
  /** Writes a file, with its folders; data becomes JSON. */
  write(name: string, content: unknown): string;
  /** What is loaded where `KUBECONFIG` names these files of the folder. */
  load(...names: readonly string[]): KubeConfig;
}

export function aFolder(): Folder {
  const path = mkdtempSync(join(tmpdir(), 'kubeconfig-'));
  return {
    path,
    write(name, content) {
      const file = join(path, name);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
      return file;
    },
    load: (...names) =>
      loadKubeconfig({
        environment: { KUBECONFIG: names.map((name) => (name === '' ? '' : join(path, name))).join(delimiter) },
      }),
    [Symbol.dispose]: () => {
      rmSync(path, { recursive: true });
    },
  };
}

/** A kubeconfig with one cluster, context and user of the same name. */
export const aKubeconfig = (
  name: string,
  { user = { token: name }, cluster = {} }: { readonly user?: object; readonly cluster?: object } = {},
): object => ({
  apiVersion: 'v1',
  kind: 'Config',
  'current-context': name,
  clusters: [{ name, cluster: { server: `https://${name}.example`, ...cluster } }],
  contexts: [{ name, context: { cluster: name, user: name, namespace: name } }],
  users: [{ name, user }],
});
