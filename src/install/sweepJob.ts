import type { KubernetesObject } from './names.ts';
import {
  type ClusterSweep,
  GRID_FOLDER,
  keyOf,
  RESULTS_FOLDER,
  type SweepFile,
  sweepPod,
  WEEKS_FOLDER,
  weekKey,
} from './sweepPod.ts';

/**
 * A sweep as an Indexed Job, one shard an index, with its weeks and its storage; and a Job that merges the shards, suspended until it is
 * resumed. A shard whose pod is lost goes on in another where it was, since its results are on the volume.
 */
export function sweepObjects(sweep: ClusterSweep): readonly KubernetesObject[] {
  const { weeksClaim, weeks, grid, storage } = sweep;
  const folders = weeksClaim === undefined ? Object.entries(weeks) : [];
  return [
    configMapOf(sweep, 'grid', [grid]),
    ...folders.map(([name, files], place) => configMapOf(sweep, weekKey(place), files, name)),
    ...(storage.isThere ? [] : [claimOf(sweep)]),
    shardsOf(sweep),
    mergeOf(sweep),
  ];
}

/** What Kubernetes holds of one ConfigMap, its keys included: a mebibyte. */
export const CONFIG_MAP_BYTES: number = 1_048_576;

/** How much of that some files take. */
export const bytesInConfigMap = (files: readonly SweepFile[]): number =>
  files.reduce((sum, { content }) => sum + content.length, 0);

const labelsOf = ({ name }: ClusterSweep, component: string): Readonly<Record<string, string>> => ({
  'app.kubernetes.io/name': 'spot-keeper-sweep',
  'app.kubernetes.io/instance': name,
  'app.kubernetes.io/component': component,
});

const metadataOf = (sweep: ClusterSweep, component: string, suffix: string) => ({
  name: suffix === '' ? sweep.name : `${sweep.name}-${suffix}`,
  namespace: sweep.namespace,
  labels: labelsOf(sweep, component),
});

function configMapOf(
  sweep: ClusterSweep,
  suffix: string,
  files: readonly SweepFile[],
  folder?: string,
): KubernetesObject {
  const texts = files.flatMap(({ content }, place) =>
    isText(content) ? [[keyOf(place), new TextDecoder().decode(content)] as const] : [],
  );
  const others = files.flatMap(({ content }, place) =>
    isText(content) ? [] : [[keyOf(place), Buffer.from(content).toString('base64')] as const],
  );
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: {
      ...metadataOf(sweep, 'weeks', suffix),
      ...(folder === undefined ? {} : { annotations: { 'spot-keeper/folder': folder } }),
    },
    immutable: true,
    ...(texts.length === 0 ? {} : { data: Object.fromEntries(texts) }),
    ...(others.length === 0 ? {} : { binaryData: Object.fromEntries(others) }),
  };
}

const claimOf = (sweep: ClusterSweep): KubernetesObject => ({
  apiVersion: 'v1',
  kind: 'PersistentVolumeClaim',
  metadata: { ...metadataOf(sweep, 'results', ''), name: sweep.storage.claim },
  spec: {
    accessModes: ['ReadWriteMany'],
    ...(sweep.storage.class === undefined ? {} : { storageClassName: sweep.storage.class }),
    resources: { requests: { storage: sweep.storage.size } },
  },
});

function shardsOf(sweep: ClusterSweep): KubernetesObject {
  const { shards, parallelism, weeks } = sweep;
  const folders = Object.keys(weeks).map((name) => `${WEEKS_FOLDER}/${name}`);
  const args = [
    ...['sweep', ...folders, '--grid', `${GRID_FOLDER}/grid.yaml`, '--workers', '1'],
    ...['--shard', `$(SHARD)/${shards}`, '--out', resultsAt(sweep, '$(SHARD)')],
  ];
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: metadataOf(sweep, 'shard', ''),
    spec: {
      completionMode: 'Indexed',
      completions: shards,
      parallelism,
      // A shard that fails by itself takes no other with it.
      backoffLimitPerIndex: 3,
      maxFailedIndexes: shards,
      podFailurePolicy: {
        rules: [
          // A node that goes is no fault of the shard.
          { action: 'Ignore', onPodConditions: [{ type: 'DisruptionTarget', status: 'True' }] },
          // Bad input is as bad in every shard.
          {
            action: 'FailJob',
            onExitCodes: { containerName: 'sweep', operator: 'In', values: [2] },
          },
        ],
      },
      template: {
        metadata: { labels: labelsOf(sweep, 'shard') },
        spec: sweepPod(sweep, args, [{ name: 'SHARD', valueFrom: { fieldRef: { fieldPath: INDEX } } }], true),
      },
    },
  };
}

const INDEX = "metadata.annotations['batch.kubernetes.io/job-completion-index']";

const resultsAt = ({ name }: ClusterSweep, shard: string): string => `${RESULTS_FOLDER}/${name}-${shard}.jsonl`;

function mergeOf(sweep: ClusterSweep): KubernetesObject {
  const shards = Array.from({ length: sweep.shards }, (_, shard) => resultsAt(sweep, String(shard)));
  const args = ['sweep', 'merge', ...shards, '--out', resultsAt(sweep, 'merged')];
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: metadataOf(sweep, 'merge', 'merge'),
    spec: {
      suspend: true,
      backoffLimit: 3,
      template: { metadata: { labels: labelsOf(sweep, 'merge') }, spec: sweepPod(sweep, args, [], false) },
    },
  };
}

function isText(content: Uint8Array): boolean {
  try {
    // Kubernetes takes no other text; the mark of a byte order would be lost.
    return !new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(content).startsWith('\uFEFF');
  } catch {
    return false;
  }
}
