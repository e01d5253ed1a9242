import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { KubernetesObjectApi } from '@kubernetes/client-node';
import { describe, expect, it } from 'vitest';
import type { KubernetesObject } from '../../../src/install/names.ts';
import { cluster } from '../../fakes/kubernetes/cluster.ts';
import { aSmallWeek } from '../../support/aSmallWeek.ts';
import { byName, objectsIn } from '../../support/chart.ts';
import { aFolder, spotKeeper } from '../../support/command.ts';

const GRID = `version: 1
pools:
  lease.duration: [4h, 24h]
scenario:
  onDemandGroup.idle: [3m, 5m, 10m]
`;
const RUNS = 6;
/** Neither text nor small parts of one: a ConfigMap keeps it in base64. */
const BINARY = Uint8Array.from({ length: 300 }, (_, n) => n % 256);

/** What the tests look at of a Job; a field that is not there is undefined, and a test says so. */
interface Job extends KubernetesObject {
  readonly spec: {
    readonly [field: string]: unknown;
    readonly template: {
      readonly spec: {
        readonly [field: string]: unknown;
        readonly containers: readonly [
          {
            readonly args: readonly string[];
            readonly env?: readonly { readonly name: string; readonly valueFrom: object }[];
            readonly volumeMounts: readonly { readonly name: string; readonly mountPath: string }[];
          },
        ];
        readonly volumes: readonly {
          readonly name: string;
          readonly configMap?: {
            readonly name: string;
            readonly items: readonly { readonly key: string; readonly path: string }[];
          };
          readonly persistentVolumeClaim?: { readonly claimName: string };
        }[];
      };
    };
  };
}

/** A folder with a week, one of its files in a folder below, and a grid over it. */
function aSweep() {
  const folder = aFolder();
  const week = aSmallWeek(join(folder, 'week'));
  mkdirSync(join(week, 'data/more'), { recursive: true });
  writeFileSync(join(week, 'data/more/notes.bin'), BINARY);
  writeFileSync(join(folder, 'grid.yaml'), GRID);
  const printed = (...args: readonly string[]) =>
    spotKeeper(['manifests', 'sweep', 'week', '--grid', 'grid.yaml', ...args], folder);
  return { folder, week, printed };
}

const jobIn = (objects: Readonly<Record<string, KubernetesObject>>, name: string): Job =>
  // Known: what is printed under this name is a Job.
  (objects[`Job/${name}`] ?? expect.unreachable(`no Job ${name}`)) as Job;

/** Mounts the volumes of a Job as a kubelet does: a ConfigMap's files are links into a folder whose name begins with two dots. */
function mounted(job: Job, objects: Readonly<Record<string, KubernetesObject>>, root: string) {
  const [container] = job.spec.template.spec.containers;
  for (const { name, mountPath } of container.volumeMounts) {
    const at = join(root, mountPath);
    mkdirSync(at, { recursive: true });
    const { configMap } = job.spec.template.spec.volumes.find((volume) => volume.name === name) ?? {};
    if (configMap === undefined) continue;
    // Known: a ConfigMap has these.
    const { data = {}, binaryData = {} } = objects[`ConfigMap/${configMap.name}`] as unknown as Readonly<
      Record<'data' | 'binaryData', Readonly<Record<string, string>> | undefined>
    >;
    const written = mkdtempSync(join(at, '..2026_11_30_'));
    symlinkSync(written, join(at, '..data'));
    for (const { key, path } of configMap.items) {
      mkdirSync(dirname(join(written, path)), { recursive: true });
      writeFileSync(join(written, path), data[key] ?? Buffer.from(binaryData[key] ?? '', 'base64'));
      const [first = ''] = path.split('/');
      try {
        symlinkSync(join('..data', first), join(at, first));
      } catch (error) {
        // A folder that another file has brought.
        expect(error).toMatchObject({ code: 'EEXIST' });
      }
    }
  }
  const inRoot = (arg: string): string => (arg.startsWith('/') ? join(root, arg) : arg);
  return (shard: string): readonly string[] => container.args.map((arg) => inRoot(arg.replaceAll('$(SHARD)', shard)));
}

describe('manifests sweep', { timeout: 300_000 }, () => {
  it('prints a Job whose shards, merged, have the lines of the whole sweep, whatever the pods call their folders', () => {
    const { folder, printed } = aSweep();
    const { stdout, code } = printed('--shards', '3');
    expect(code).toBe(0);
    const objects = byName(objectsIn(stdout));
    const name =
      Object.keys(objects)
        .find((one) => /^Job\/sweep-[0-9a-f]{8}$/.test(one))
        ?.slice(4) ?? '';
    const job = jobIn(objects, name);
    const [results, root] = [join(folder, 'results'), join(folder, 'pod')];
    mkdirSync(results);
    const run = (of: Job, shard: string) => {
      // Each pod has mounts of its own, at the same place; the results are on one volume.
      rmSync(root, { recursive: true, force: true });
      mkdirSync(root);
      symlinkSync(results, join(root, 'results'));
      return spotKeeper(mounted(of, objects, root)(shard), root);
    };
    for (const shard of ['2', '0', '1']) expect(run(job, shard), `shard ${shard}`).toMatchObject({ code: 0 });
    expect(run(jobIn(objects, `${name}-merge`), '')).toMatchObject({ code: 0 });
    const whole = spotKeeper(['sweep', 'week', '--grid', 'grid.yaml'], folder).stdout.split('\n').slice(1);
    const merged = readFileSync(join(results, `${name}-merged.jsonl`), 'utf8')
      .split('\n')
      .slice(1);
    const withoutFolder = (line: string) => line.replace(/"week":"[^"]*"/, '');
    expect(whole.length).toBe(RUNS + 1);
    expect(merged.map(withoutFolder)).toEqual(whole.map(withoutFolder));
  });

  it('prints what an API server takes', async () => {
    const { printed } = aSweep();
    const { kubeConfig, store } = await cluster();
    const client = KubernetesObjectApi.makeApiClient(kubeConfig);
    for (const object of objectsIn(printed('--shards', '2', '--name', 'nightly', '--namespace', 'default').stdout))
      await client.create(object);
    expect(store.list('jobs').map(({ metadata }) => metadata.name)).toEqual(['nightly', 'nightly-merge']);
  });

  it('goes on where a pod was, is tried again by itself, and stops as a whole where its input is bad', () => {
    const { printed } = aSweep();
    const objects = byName(objectsIn(printed('--shards', '4', '--parallelism', '2', '--name', 'nightly').stdout));
    const { spec } = jobIn(objects, 'nightly');
    expect(spec).toMatchObject({
      ...{ completionMode: 'Indexed', completions: 4, parallelism: 2, backoffLimitPerIndex: 3 },
      podFailurePolicy: {
        rules: [
          { action: 'Ignore', onPodConditions: [{ type: 'DisruptionTarget', status: 'True' }] },
          { action: 'FailJob', onExitCodes: { containerName: 'sweep', operator: 'In', values: [2] } },
        ],
      },
    });
    const [{ args, env }] = spec.template.spec.containers;
    expect(args.join(' ')).toBe(
      'sweep /weeks/week --grid /etc/sweep/grid.yaml --workers 1 --shard $(SHARD)/4 --out /results/nightly-$(SHARD).jsonl',
    );
    expect(env).toEqual([
      {
        name: 'SHARD',
        valueFrom: { fieldRef: { fieldPath: "metadata.annotations['batch.kubernetes.io/job-completion-index']" } },
      },
    ]);
    expect(spec.template.spec).toMatchObject({
      ...{ restartPolicy: 'Never', automountServiceAccountToken: false },
      securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
    });
    expect(jobIn(objects, 'nightly-merge').spec['suspend']).toBe(true);
  });

  it('takes volumes that are there for weeks and results', () => {
    const { printed } = aSweep();
    const text = printed(
      '--shards',
      '2',
      '--name',
      'nightly',
      '--weeks-claim',
      'weeks',
      '--results-claim',
      'kept',
    ).stdout;
    const objects = byName(objectsIn(text));
    expect(Object.keys(objects)).toEqual(['ConfigMap/nightly-grid', 'Job/nightly', 'Job/nightly-merge']);
    const { volumes } = jobIn(objects, 'nightly').spec.template.spec;
    expect(volumes.map(({ persistentVolumeClaim }) => persistentVolumeClaim?.claimName)).toEqual([
      ...[undefined, 'weeks', 'kept', undefined],
    ]);
  });

  it('says all that is wrong at once, and prints nothing', () => {
    const { folder, printed } = aSweep();
    aSmallWeek(join(folder, 'other/week'));
    const wrong = printed('other/week', '--shards', '0', '--parallelism', 'all');
    expect(wrong).toMatchObject({ code: 2, stdout: '' });
    expect(wrong.stderr).toContain('--shards: expected a whole number from 1 to 10000, found "0"');
    expect(wrong.stderr).toContain('--parallelism: expected a whole number from 1 to 10000, found "all"');
    expect(wrong.stderr).toContain('other/week: expected folders of different names, found week twice');
    expect(printed('--shards', '2', '--cluster', 'ci').stderr).toContain(
      '--cluster: expected a flag of manifests sweep',
    );
    expect(printed('--shards', '7')).toMatchObject({ code: 2, stdout: '' });
    expect(printed('--shards', '7').stderr).toContain('--shards: expected at most 6, a run each, found 7');
  });

  it('names a volume as the remedy where a week is larger than a ConfigMap', () => {
    const { week, printed } = aSweep();
    writeFileSync(join(week, 'data/large.csv'), 'x'.repeat(1_048_577));
    const { code, stdout, stderr } = printed('--shards', '2');
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain('week: expected at most 1048576 bytes, which a ConfigMap holds, found');
    expect(stderr).toContain('--weeks-claim');
  });
});
