import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';
import { comesTrue } from '../../support/comesTrue.ts';
import { type Cluster, cluster, pod } from './cluster.ts';

const home = mkdtempSync(join(tmpdir(), 'spot-keeper-kubectl-'));

afterAll(() => {
  rmSync(home, { recursive: true, force: true });
});

const isThere =
  spawnSync('kubectl', ['version', '--client'], { env: { PATH: process.env['PATH'], HOME: home } }).status === 0;

/** A cluster with a node of the keeper, and kubectl before it. */
async function underKubectl(): Promise<
  Cluster & { readonly kubectl: (...words: readonly string[]) => Promise<string> }
> {
  const all = await cluster();
  const config = join(home, 'config');
  writeFileSync(config, all.server.kubeconfig());
  const ready = [{ type: 'Ready', status: 'True' }];
  all.store.put('nodes', { metadata: { name: 'a', labels: { pool: 'ci' } }, status: { conditions: ready } });
  const run = promisify(execFile);
  return {
    ...all,
    kubectl: async (...words) =>
      (await run('kubectl', words, { env: { PATH: process.env['PATH'], HOME: home, KUBECONFIG: config } })).stdout,
  };
}

const file = (name: string, object: object): string => {
  const path = join(home, name);
  writeFileSync(path, JSON.stringify(object));
  return path;
};

describe('kubectl', () => {
  it.skipIf(!isThere)('reads: version, get, describe, wait', async () => {
    const { kubectl, store } = await underKubectl();
    store.put('pods', pod('p'));
    expect(await kubectl('version')).toContain('v1.34');
    expect(await kubectl('get', 'nodes,pods', '-A', '-o', 'name')).toBe('node/a\npod/p\n');
    expect(await kubectl('get', 'po', '-n', 'ci', '--field-selector', 'spec.nodeName=b', '-o', 'name')).toBe('');
    expect(await kubectl('describe', 'node', 'a')).toMatch(/Unschedulable: +false[^]*ci +p /);
    expect(await kubectl('wait', '--for=condition=Ready', 'node/a', '--timeout=9m')).toContain('condition met');
  });

  it.skipIf(!isThere)('writes: cordon, label, taint, patch, create, delete', async () => {
    const { kubectl, store } = await underKubectl();
    await kubectl('cordon', 'a');
    await kubectl('label', 'node', 'a', 'zone=x');
    await kubectl('taint', 'node', 'a', 'spot-keeper.io/draining=1778486400:NoSchedule');
    await kubectl('patch', 'node', 'a', '--type=json', '-p', '[{"op":"remove","path":"/metadata/labels/pool"}]');
    expect(store.get('nodes', 'a')).toMatchObject({
      metadata: { labels: { zone: 'x' } },
      spec: { unschedulable: true, taints: [{ key: 'spot-keeper.io/draining', value: '1778486400' }] },
    });
    const map = file('map.json', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'm' }, data: { a: 'b' } });
    expect(await kubectl('create', '-f', map)).toContain('created');
    await expect(kubectl('create', '-f', map)).rejects.toThrow(/AlreadyExists/);
    expect(await kubectl('delete', 'configmap', 'm')).toContain('deleted');
    expect(store.list('configmaps')).toEqual([]);
  });

  it.skipIf(!isThere)('drains: asks budgets, leaves daemon pods', async () => {
    const { kubectl, store, server } = await underKubectl();
    const owned = (name: string, kind: string) => {
      const owner = { apiVersion: 'apps/v1', kind, name: 'owner', uid: 'u', controller: true };
      const { metadata, ...rest } = pod(name);
      store.put('pods', { ...rest, metadata: { ...metadata, labels: { app: name }, ownerReferences: [owner] } });
    };
    owned('web', 'ReplicaSet');
    owned('agent', 'DaemonSet');
    store.put('daemonsets', { metadata: { name: 'owner', namespace: 'ci' } });
    // The kubelet of this node stops pods at once.
    store.onChange(({ resource, object }) => {
      if (resource === 'pods' && object.metadata.deletionTimestamp !== undefined) store.settle();
    });
    const selector = { matchLabels: { app: 'web' } };
    store.put('poddisruptionbudgets', {
      metadata: { name: 'calm', namespace: 'ci' },
      spec: { selector, minAvailable: 1 },
    });
    const drained = kubectl('drain', 'a', '--ignore-daemonsets', '--timeout=9m');
    await comesTrue(() => {
      expect(server.calls.get('create pods/eviction')).toBe(1);
    });
    expect(store.get('pods', 'web', 'ci')?.metadata).not.toHaveProperty('deletionTimestamp');
    // It asks again after some seconds.
    store.remove('poddisruptionbudgets', 'calm', 'ci');
    await drained;
    expect(store.list('pods').map(({ metadata }) => metadata.name)).toEqual(['agent']);
    expect(store.get('nodes', 'a')).toMatchObject({ spec: { unschedulable: true } });
  });
});
