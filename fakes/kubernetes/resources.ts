/** A kind of object as the API serves it. */
export interface Resource {
  /** The plural, as it stands in paths: `nodes`. */
  readonly name: string;
  readonly kind: string;
  readonly singular: string;
  readonly shortNames: readonly string[];
  /** Empty for the core group. */
  readonly group: string;
  readonly version: string;
  readonly namespaced: boolean;
  /** Whether `status` is written through a subresource of its own and by nothing else. */
  readonly hasStatus: boolean;
  /** A PUT of an object that does not exist creates it. */
  readonly createOnUpdate: boolean;
  /** A PUT without a resourceVersion overwrites whatever is there. */
  readonly unconditionalUpdate: boolean;
}

/** Where and how a resource is served, with what most resources have in common left out. */
type Entry = Pick<Resource, 'name' | 'kind' | 'singular'> & Partial<Resource>;

const resource = (entry: Entry): Resource => ({
  shortNames: [],
  group: '',
  version: 'v1',
  namespaced: true,
  hasStatus: false,
  createOnUpdate: false,
  unconditionalUpdate: true,
  ...entry,
});

const KIND_OF = {
  roles: 'Role',
  rolebindings: 'RoleBinding',
  clusterroles: 'ClusterRole',
  clusterrolebindings: 'ClusterRoleBinding',
  validatingadmissionpolicies: 'ValidatingAdmissionPolicy',
  validatingadmissionpolicybindings: 'ValidatingAdmissionPolicyBinding',
} as const;

/**
 * The kinds of objects that the server keeps. Which of them may be created or overwritten by a PUT follows the registry
 * strategies of Kubernetes 1.34.
 */
export const RESOURCES: readonly Resource[] = [
  resource({
    name: 'nodes',
    kind: 'Node',
    singular: 'node',
    shortNames: ['no'],
    namespaced: false,
    hasStatus: true,
  }),
  resource({ name: 'pods', kind: 'Pod', singular: 'pod', shortNames: ['po'], hasStatus: true }),
  resource({
    name: 'namespaces',
    kind: 'Namespace',
    singular: 'namespace',
    shortNames: ['ns'],
    namespaced: false,
    hasStatus: true,
  }),
  resource({ name: 'configmaps', kind: 'ConfigMap', singular: 'configmap', shortNames: ['cm'] }),
  resource({ name: 'serviceaccounts', kind: 'ServiceAccount', singular: 'serviceaccount', shortNames: ['sa'] }),
  resource({ name: 'events', kind: 'Event', singular: 'event', shortNames: ['ev'], createOnUpdate: true }),
  resource({
    name: 'leases',
    kind: 'Lease',
    singular: 'lease',
    group: 'coordination.k8s.io',
    createOnUpdate: true,
    unconditionalUpdate: false,
  }),
  resource({
    name: 'poddisruptionbudgets',
    kind: 'PodDisruptionBudget',
    singular: 'poddisruptionbudget',
    shortNames: ['pdb'],
    group: 'policy',
    hasStatus: true,
    unconditionalUpdate: false,
  }),
  resource({
    name: 'daemonsets',
    kind: 'DaemonSet',
    singular: 'daemonset',
    shortNames: ['ds'],
    group: 'apps',
    hasStatus: true,
  }),
  // What an installation of the keeper is made of, and what Helm remembers of it. Nothing acts on these.
  resource({ name: 'secrets', kind: 'Secret', singular: 'secret' }),
  resource({ name: 'services', kind: 'Service', singular: 'service', shortNames: ['svc'], hasStatus: true }),
  resource({
    ...{ name: 'deployments', kind: 'Deployment', singular: 'deployment', shortNames: ['deploy'] },
    ...{ group: 'apps', hasStatus: true },
  }),
  resource({ name: 'jobs', kind: 'Job', singular: 'job', group: 'batch', hasStatus: true }),
  resource({
    ...{ name: 'persistentvolumeclaims', kind: 'PersistentVolumeClaim', singular: 'persistentvolumeclaim' },
    ...{ shortNames: ['pvc'], hasStatus: true },
  }),
  resource({
    ...{ name: 'networkpolicies', kind: 'NetworkPolicy', singular: 'networkpolicy', shortNames: ['netpol'] },
    group: 'networking.k8s.io',
  }),
  ...(['roles', 'rolebindings', 'clusterroles', 'clusterrolebindings'] as const).map((name) =>
    resource({
      ...{ name, kind: KIND_OF[name], singular: name.slice(0, -1), group: 'rbac.authorization.k8s.io' },
      ...{ namespaced: !name.startsWith('cluster'), createOnUpdate: true },
    }),
  ),
  ...(['validatingadmissionpolicies', 'validatingadmissionpolicybindings'] as const).map((name) =>
    resource({
      ...{ name, kind: KIND_OF[name], singular: KIND_OF[name].toLowerCase() },
      ...{ group: 'admissionregistration.k8s.io', namespaced: false, unconditionalUpdate: false },
    }),
  ),
];

/** Events as their newer group serves them: the same objects as core events, in other words. */
export const NEW_EVENTS: Resource = resource({
  name: 'events',
  kind: 'Event',
  singular: 'event',
  shortNames: ['ev'],
  group: 'events.k8s.io',
  createOnUpdate: true,
});

/** Everything that is served, each with its group. */
export const SERVED: readonly Resource[] = [...RESOURCES, NEW_EVENTS];

/** The resource of a plural. @throws RangeError where the server keeps no such objects */
export function resourceOf(name: string): Resource {
  const found = RESOURCES.find((one) => one.name === name);
  if (found === undefined) throw new RangeError(`the simulated cluster keeps no ${name}`);
  return found;
}

/** `v1`, `policy/v1`. */
export const apiVersionOf = ({ group, version }: Pick<Resource, 'group' | 'version'>): string =>
  group === '' ? version : `${group}/${version}`;
