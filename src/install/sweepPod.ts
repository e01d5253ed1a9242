import { OFF_BLOCKS, UNPRIVILEGED_CONTAINER, UNPRIVILEGED_POD } from './unprivileged.ts';

/** A file of a sweep as it goes into a ConfigMap. */
export interface SweepFile {
  /** Its path in its folder: `data/prices.csv`. */
  readonly path: string;
  readonly content: Uint8Array;
}

/** A sweep that runs in a cluster. */
export interface ClusterSweep {
  /** Names all its objects; another for each sweep, since a Job cannot be changed. */
  readonly name: string;
  readonly namespace: string;
  readonly image: string;
  readonly grid: SweepFile;
  /** The weeks, by name; each is a folder. */
  readonly weeks: Readonly<Record<string, readonly SweepFile[]>>;
  /** The claim of a volume that has the folders already, by their names: for weeks that no ConfigMap holds. */
  readonly weeksClaim?: string | undefined;
  readonly shards: number;
  /** How many shards run at the same time. */
  readonly parallelism: number;
  readonly memory: string;
  readonly storage: SweepStorage;
}

/** Where results are kept. All shards write there at the same time, from as many nodes as they run on. */
export interface SweepStorage {
  /** The claim. It is printed too unless it is said to be there. */
  readonly claim: string;
  readonly isThere: boolean;
  readonly size: string;
  readonly class?: string | undefined;
}

export const GRID_FOLDER = '/etc/sweep';
export const WEEKS_FOLDER = '/weeks';
export const RESULTS_FOLDER = '/results';

/** Keys of a ConfigMap have no slashes: each file has a number, and is mounted where it was. */
export const keyOf = (place: number): string => `file-${place}`;

/** What the volume of a week is called, and its ConfigMap after the name of the sweep. */
export const weekKey = (place: number): string => `week-${place}`;

/** A pod of a sweep. It needs nothing of the cluster but its volumes. */
export function sweepPod(sweep: ClusterSweep, args: readonly string[], env: readonly object[], readsWeeks: boolean) {
  const { image, memory, weeks, weeksClaim, storage } = sweep;
  const folders = weeksClaim === undefined ? Object.entries(weeks) : [];
  const mounts = [
    { name: 'grid', mountPath: GRID_FOLDER, readOnly: true },
    ...(weeksClaim === undefined ? [] : [{ name: 'weeks', mountPath: WEEKS_FOLDER, readOnly: true }]),
    ...folders.map(([name], place) => ({
      ...{ name: weekKey(place), mountPath: `${WEEKS_FOLDER}/${name}`, readOnly: true },
    })),
  ];
  const volumes = [
    { name: 'grid', configMap: { name: `${sweep.name}-grid`, items: [{ key: keyOf(0), path: 'grid.yaml' }] } },
    ...(weeksClaim === undefined
      ? []
      : [{ name: 'weeks', persistentVolumeClaim: { claimName: weeksClaim, readOnly: true } }]),
    ...folders.map(([, files], place) => ({
      name: weekKey(place),
      configMap: {
        name: `${sweep.name}-${weekKey(place)}`,
        items: files.map(({ path }, file) => ({ key: keyOf(file), path })),
      },
    })),
  ];
  return {
    restartPolicy: 'Never',
    automountServiceAccountToken: false,
    securityContext: UNPRIVILEGED_POD,
    affinity: { nodeAffinity: OFF_BLOCKS },
    containers: [
      {
        ...{ name: 'sweep', image, imagePullPolicy: 'IfNotPresent', args },
        ...(env.length === 0 ? {} : { env }),
        // Without a limit of CPU: a shard is one thread, and as fast as its node lets it be.
        resources: { requests: { cpu: '1', memory }, limits: { memory } },
        securityContext: UNPRIVILEGED_CONTAINER,
        volumeMounts: [
          ...(readsWeeks ? mounts : []),
          { name: 'results', mountPath: RESULTS_FOLDER },
          { name: 'tmp', mountPath: '/tmp' },
        ],
      },
    ],
    volumes: [
      ...(readsWeeks ? volumes : []),
      { name: 'results', persistentVolumeClaim: { claimName: storage.claim } },
      { name: 'tmp', emptyDir: { sizeLimit: '256Mi' } },
    ],
  };
}
