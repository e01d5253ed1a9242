import { holdsJobs, type PoolsFile } from '../config/pools.ts';
import { type KubernetesObject, ledgerOf, metadataIn, selectorOf } from './names.ts';
import { liveOf, type ManifestSettings } from './settings.ts';

/** The namespace, held to the strictest pod security standard. */
export const namespaceOf = (settings: ManifestSettings): readonly KubernetesObject[] => [
  {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: {
      name: settings.namespace,
      labels: {
        'pod-security.kubernetes.io/enforce': 'restricted',
        'pod-security.kubernetes.io/warn': 'restricted',
        'pod-security.kubernetes.io/audit': 'restricted',
      },
    },
  },
];

/** The identity of the keeper, in the cluster and, with IRSA, in AWS. Its token is mounted by the Deployment alone. */
export const serviceAccountOf = (settings: ManifestSettings): readonly KubernetesObject[] => [
  {
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: {
      ...metadataIn(settings),
      ...(settings.identity === 'irsa'
        ? { annotations: { 'eks.amazonaws.com/role-arn': keeperRoleArn(settings) } }
        : {}),
    },
    automountServiceAccountToken: false,
  },
];

/** The ARN of the keeper's role. */
export const keeperRoleArn = ({ partition, account, keeperRole }: ManifestSettings): string =>
  `arn:${partition}:iam::${account}:role/${keeperRole}`;

/** What the keeper may do in the cluster, and nothing beyond. */
export function rbacOf(pools: PoolsFile, settings: ManifestSettings): readonly KubernetesObject[] {
  const { name, namespace } = settings;
  const subjects = [{ kind: 'ServiceAccount', name, namespace }];
  const ledger = ledgerOf(pools.fleet);
  const clusterMetadata = { name, labels: selectorOf(settings) };
  const group = 'rbac.authorization.k8s.io';
  return [
    {
      apiVersion: `${group}/v1`,
      kind: 'ClusterRole',
      metadata: clusterMetadata,
      rules: [
        rule('', 'nodes', ['get', 'list', 'watch', 'patch']),
        rule('', 'pods', ['get', 'list', 'watch']),
        // An eviction is all that ever ends a pod of others, so nothing is granted where they are left alone.
        ...(liveOf(pools).otherPods === 'evict' ? [rule('', 'pods/eviction', ['create'])] : []),
        // The Events of a node live in the namespace `default`, those of a pool in the keeper's.
        rule('events.k8s.io', 'events', ['create', 'patch']),
        rule('authorization.k8s.io', 'selfsubjectaccessreviews', ['create']),
      ],
    },
    {
      apiVersion: `${group}/v1`,
      kind: 'ClusterRoleBinding',
      metadata: clusterMetadata,
      roleRef: { apiGroup: group, kind: 'ClusterRole', name },
      subjects,
    },
    {
      apiVersion: `${group}/v1`,
      kind: 'Role',
      metadata: metadataIn(settings),
      // A create cannot be limited to a name, because the name is not known when the request is authorised.
      rules: [
        { ...rule('coordination.k8s.io', 'leases', ['get', 'update', 'patch']), resourceNames: [ledger] },
        rule('coordination.k8s.io', 'leases', ['create']),
        { ...rule('', 'configmaps', ['get', 'update', 'patch']), resourceNames: [ledger] },
        rule('', 'configmaps', ['create']),
      ],
    },
    {
      apiVersion: `${group}/v1`,
      kind: 'RoleBinding',
      metadata: metadataIn(settings),
      roleRef: { apiGroup: group, kind: 'Role', name },
      subjects,
    },
    ...(pools.pools.some(holdsJobs) ? settings.jobNamespaces.flatMap(holdingIn) : []),
  ];

  /**
   * What holds jobs: their annotations are written through the status, which takes no change of what runs in them. Nowhere
   * but where jobs run, and the admission policy keeps it from the status itself.
   */
  function holdingIn(jobNamespace: string): readonly KubernetesObject[] {
    const metadata = { name: `${name}.jobs`, namespace: jobNamespace, labels: selectorOf(settings) };
    return [
      { apiVersion: `${group}/v1`, kind: 'Role', metadata, rules: [rule('', 'pods/status', ['patch'])] },
      {
        apiVersion: `${group}/v1`,
        kind: 'RoleBinding',
        metadata,
        roleRef: { apiGroup: group, kind: 'Role', name: metadata.name },
        subjects,
      },
    ];
  }
}

const rule = (apiGroup: string, resource: string, verbs: readonly string[]) => ({
  apiGroups: [apiGroup],
  resources: [resource],
  verbs,
});
