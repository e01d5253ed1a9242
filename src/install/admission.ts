import { DRAINING_TAINT, type KubernetesObject, POOL_LABEL, selectorOf } from './names.ts';
import type { ManifestSettings } from './settings.ts';

/** The annotation that tells Cluster Autoscaler that a node is none of its own. */
const AUTOSCALER_ANNOTATION = 'k8s.io/cluster-autoscaler-enabled';

/**
 * What RBAC cannot say: of a node, the keeper changes whether it takes pods, its own taint, and its own labels and
 * annotations; and only of a node that has the label of a pool. Needs Kubernetes 1.30. The keeper works without it.
 */
export function admissionPolicyOf(settings: ManifestSettings): readonly KubernetesObject[] {
  const { name, namespace } = settings;
  const metadata = { name: `${name}.nodes`, labels: selectorOf(settings) };
  return [
    {
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'ValidatingAdmissionPolicy',
      metadata,
      spec: {
        failurePolicy: 'Fail',
        matchConstraints: {
          resourceRules: [{ apiGroups: [''], apiVersions: ['v1'], resources: ['nodes'], operations: ['UPDATE'] }],
        },
        matchConditions: [
          { name: 'keeper', expression: `request.userInfo.username == 'system:serviceaccount:${namespace}:${name}'` },
        ],
        variables: [...variablesOf('object', ''), ...variablesOf('oldObject', 'Before')],
        validations: VALIDATIONS,
      },
    },
    {
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'ValidatingAdmissionPolicyBinding',
      metadata,
      spec: { policyName: metadata.name, validationActions: ['Deny'] },
    },
  ];
}

/** What a node has, by the name of a variable; a field that is absent counts as an empty one. */
const variablesOf = (object: string, suffix: string) => [
  { name: `labels${suffix}`, expression: `has(${object}.metadata.labels) ? ${object}.metadata.labels : {}` },
  {
    name: `annotations${suffix}`,
    expression: `has(${object}.metadata.annotations) ? ${object}.metadata.annotations : {}`,
  },
  {
    // Kubernetes itself follows a cordon with a taint of its own.
    name: `taints${suffix}`,
    expression: `has(${object}.spec.taints) ? ${object}.spec.taints.filter(taint, taint.key != '${DRAINING_TAINT}' && taint.key != 'node.kubernetes.io/unschedulable') : []`,
  },
];

/** Every key that one of two maps has, and that `own` does not excuse, has the same value in both. */
const sameBut = (map: string, own: string): string =>
  [
    [map, `${map}Before`],
    [`${map}Before`, map],
  ]
    .map(
      ([here = '', there = '']) =>
        `variables.${here}.all(key, ${own} || (key in variables.${there} && variables.${there}[key] == variables.${here}[key]))`,
    )
    .join(' && ');

const sameField = (field: string): string =>
  `(has(object.spec.${field}) ? has(oldObject.spec.${field}) && object.spec.${field} == oldObject.spec.${field} : !has(oldObject.spec.${field}))`;

const OURS = "key.startsWith('spot-keeper.io/')";

const VALIDATIONS = [
  { expression: `'${POOL_LABEL}' in variables.labels`, message: 'the keeper changes only nodes of its pools' },
  { expression: sameBut('labels', OURS), message: 'the keeper changes only labels of its own' },
  {
    expression: sameBut('annotations', `${OURS} || key == '${AUTOSCALER_ANNOTATION}'`),
    message: 'the keeper changes only annotations of its own',
  },
  { expression: 'variables.taints == variables.taintsBefore', message: 'the keeper changes only its own taint' },
  {
    expression: ['podCIDR', 'podCIDRs', 'providerID'].map(sameField).join(' && '),
    message: 'the keeper changes nothing else of a node',
  },
];
