import { createHash } from 'node:crypto';
import { CONFIG_FOLDER, configMapOf, type KubernetesObject, metadataIn, PORT, selectorOf } from './names.ts';
import type { ManifestSettings } from './settings.ts';
import { OFF_BLOCKS, UNPRIVILEGED_CONTAINER, UNPRIVILEGED_POD } from './unprivileged.ts';

/** The pools file and the files that it names, by name: one key of the ConfigMap each. */
export type ConfigFiles = Readonly<Record<string, string>>;

/** The pools file of the keeper, with the files beside it. */
export const configMap = (files: ConfigFiles, settings: ManifestSettings): readonly KubernetesObject[] => [
  {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { ...metadataIn(settings, configMapOf(settings)), annotations: checksums(files) },
    data: files,
  },
];

/** The sums by which the pods see that a file changed: the keeper reads its files once, at its start. */
const checksums = (files: ConfigFiles): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(files).map(([name, text]) => [`checksum/${name}`, createHash('sha256').update(text).digest('hex')]),
  );

/** Two keepers, of which one leads and the other waits to take over. */
export const deploymentOf = (files: ConfigFiles, settings: ManifestSettings): readonly KubernetesObject[] => [
  {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: metadataIn(settings),
    spec: {
      replicas: 2,
      revisionHistoryLimit: 3,
      selector: { matchLabels: selectorOf(settings) },
      // One at a time: the other one leads meanwhile.
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 0, maxUnavailable: 1 } },
      template: {
        metadata: { labels: selectorOf(settings), annotations: checksums(files) },
        spec: podOf(settings),
      },
    },
  },
];

const podOf = (settings: ManifestSettings) => ({
  serviceAccountName: settings.name,
  automountServiceAccountToken: true,
  priorityClassName: 'system-cluster-critical',
  // The keeper gives its Lease back and is gone within ten seconds.
  terminationGracePeriodSeconds: 30,
  securityContext: UNPRIVILEGED_POD,
  affinity: {
    nodeAffinity: OFF_BLOCKS,
    podAntiAffinity: {
      preferredDuringSchedulingIgnoredDuringExecution: [
        {
          weight: 100,
          podAffinityTerm: {
            labelSelector: { matchLabels: selectorOf(settings) },
            topologyKey: 'kubernetes.io/hostname',
          },
        },
      ],
    },
  },
  containers: [containerOf(settings)],
  volumes: [
    { name: 'pools', configMap: { name: configMapOf(settings) } },
    { name: 'tmp', emptyDir: { sizeLimit: '64Mi' } },
  ],
});

const containerOf = ({ image, region }: ManifestSettings) => ({
  name: 'spot-keeper',
  image,
  imagePullPolicy: 'IfNotPresent',
  args: [
    ...['run', `${CONFIG_FOLDER}/pools.yaml`, '--host', '0.0.0.0', '--port', String(PORT)],
    ...['--namespace', '$(POD_NAMESPACE)'],
  ],
  env: [
    fromField('POD_NAME', 'metadata.name'),
    fromField('POD_NAMESPACE', 'metadata.namespace'),
    { name: 'LOG_LEVEL', value: 'info' },
    { name: 'AWS_REGION', value: region },
    // The node's own role is nothing for the keeper, and the network policy keeps it away from it.
    { name: 'AWS_EC2_METADATA_DISABLED', value: 'true' },
  ],
  ports: [{ name: 'http', containerPort: PORT }],
  // Slow to start counts as starting, not as dead: two minutes for the first answer.
  startupProbe: { ...probe('/healthz'), periodSeconds: 5, failureThreshold: 24 },
  livenessProbe: { ...probe('/healthz'), periodSeconds: 20, timeoutSeconds: 5, failureThreshold: 3 },
  readinessProbe: { ...probe('/readyz'), periodSeconds: 10, timeoutSeconds: 5, failureThreshold: 3 },
  resources: {
    requests: { cpu: '50m', memory: '192Mi', 'ephemeral-storage': '16Mi' },
    limits: { cpu: '1', memory: '512Mi', 'ephemeral-storage': '128Mi' },
  },
  securityContext: UNPRIVILEGED_CONTAINER,
  volumeMounts: [
    { name: 'pools', mountPath: CONFIG_FOLDER, readOnly: true },
    { name: 'tmp', mountPath: '/tmp' },
  ],
});

const fromField = (name: string, fieldPath: string) => ({ name, valueFrom: { fieldRef: { fieldPath } } });

const probe = (path: string) => ({ httpGet: { path, port: 'http' } });
