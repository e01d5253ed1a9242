import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { KubeConfig, KubernetesObjectApi } from '@kubernetes/client-node';
import { describe, expect, it } from 'vitest';
import { aSmallWeek } from '../support/aSmallWeek.ts';
import { objectsIn } from '../support/chart.ts';
import { aFolder, spotKeeper } from '../support/command.ts';
import { targets } from './targets.ts';

const { kubeconfig = '' } = targets();

describe.skipIf(kubeconfig === '')('a sweep, behind a real API server', () => {
  it('is taken as it is printed; nothing of it is kept', async () => {
    const folder = aFolder();
    aSmallWeek(join(folder, 'week'));
    writeFileSync(join(folder, 'grid.yaml'), 'version: 1\npools:\n  lease.duration: [4h, 24h]\n');
    const args = ['manifests', 'sweep', 'week', '--grid', 'grid.yaml', '--shards', '2', '--namespace', 'default'];
    const config = new KubeConfig();
    config.loadFromFile(kubeconfig);
    const client = KubernetesObjectApi.makeApiClient(config);
    for (const object of objectsIn(spotKeeper(args, folder).stdout))
      expect(await client.create(object, undefined, 'All')).toMatchObject({ kind: object.kind });
  });
});
