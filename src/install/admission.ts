import { NODE_LABEL } from '../domain/nodeLabels.ts';
import { MARK, WRITTEN } from '../live/kubernetes/marks.ts';
import { keeperPolicyOf } from './keeperPolicy.ts';
import type { KubernetesObject } from './names.ts';
import type { ManifestSettings } from './settings.ts';

/**
 * What RBAC cannot say: the keeper closes and opens only nodes that bore its label, or its mark of draining, before; it
 * labels none but nodes of EC2 that are neither of the control plane nor Karpenter's; and it changes nothing of a node but
 * what `WRITTEN` lists and whether it takes pods. Needs Kubernetes 1.30. The keeper works without it.
 */
export const admissionPolicyOf = (settings: ManifestSettings): readonly KubernetesObject[] =>
  keeperPolicyOf(settings, {
    part: 'nodes',
    resources: ['nodes'],
    variables: [...variablesOf('object', ''), ...variablesOf('oldObject', 'Before'), ...CLAIMS],
    validations: VALIDATIONS,
  });

export const textOf = (text: string): string => `'${text}'`;
const listOf = (texts: readonly string[]): string => `[${texts.map(textOf).join(', ')}]`;

/** Taints that the keeper may put on and take off, by key and effect; any other effect makes a taint another's. */
const OUR_TAINT = [
  ...WRITTEN.taints,
  // Kubernetes' own, with which a cordon is followed.
  { key: 'node.kubernetes.io/unschedulable', effects: ['NoSchedule'] },
]
  .map(({ key, effects }) => `(taint.key == ${textOf(key)} && taint.effect in ${listOf(effects)})`)
  .join(' || ');

/** What a node has, by the name of a variable; a field that is absent counts as an empty one. */
const variablesOf = (object: string, suffix: string) => [
  { name: `labels${suffix}`, expression: `has(${object}.metadata.labels) ? ${object}.metadata.labels : {}` },
  {
    name: `annotations${suffix}`,
    expression: `has(${object}.metadata.annotations) ? ${object}.metadata.annotations : {}`,
  },
  { name: `taints${suffix}`, expression: `has(${object}.spec.taints) ? ${object}.spec.taints : []` },
  { name: `closed${suffix}`, expression: `has(${object}.spec.unschedulable) && ${object}.spec.unschedulable` },
];

const POOL = textOf(NODE_LABEL.pool);

const CLAIMS = [
  {
    // By the node as it was: what one patch makes of a stranger's node is no reason to let it through.
    name: 'ours',
    expression: [
      `${POOL} in variables.labelsBefore`,
      `${textOf(MARK.drainingSince)} in variables.annotationsBefore`,
      `variables.taintsBefore.exists(taint, taint.key == ${textOf(MARK.draining)})`,
    ].join(' || '),
  },
  {
    // The label comes from the keeper, so the first patch of a node finds none; nothing that the node is born with says
    // whose it is, because user data is the group's.
    name: 'claimable',
    expression: [
      `has(oldObject.spec.providerID) && oldObject.spec.providerID.matches('(^|/)i-[^/]+$')`,
      ...['node-role.kubernetes.io/control-plane', 'node-role.kubernetes.io/master', 'karpenter.sh/nodepool'].map(
        (label) => `!(${textOf(label)} in variables.labelsBefore)`,
      ),
    ].join(' && '),
  },
];

/** Every key that one of two maps has, and that is not one of `own`, has the same value in both. */
export const sameBut = (map: string, own: readonly string[]): string =>
  [
    [map, `${map}Before`],
    [`${map}Before`, map],
  ]
    .map(
      ([here = '', there = '']) =>
        `variables.${here}.all(key, key in ${listOf(own)} || (key in variables.${there} && variables.${there}[key] == variables.${here}[key]))`,
    )
    .join(' && ');

export const sameField = (field: string): string =>
  `(has(object.${field}) ? has(oldObject.${field}) && object.${field} == oldObject.${field} : !has(oldObject.${field}))`;

const othersTaints = (taints: string): string => `variables.${taints}.filter(taint, !(${OUR_TAINT}))`;

const VALIDATIONS = [
  {
    expression: 'variables.ours || variables.claimable',
    message: 'the keeper changes only nodes of its pools',
  },
  {
    expression:
      'variables.ours || (variables.closed == variables.closedBefore && variables.taints == variables.taintsBefore)',
    message: 'the keeper closes only nodes that bore its label before',
  },
  {
    expression: `${POOL} in variables.labels || (variables.ours && !(${POOL} in variables.labelsBefore))`,
    message: 'the keeper leaves the label of its pool on a node',
  },
  { expression: sameBut('labels', WRITTEN.labels), message: 'the keeper changes only labels of its own' },
  {
    expression: sameBut('annotations', WRITTEN.annotations),
    message: 'the keeper changes only annotations of its own',
  },
  {
    expression: `${othersTaints('taints')} == ${othersTaints('taintsBefore')}`,
    message: 'the keeper changes only taints of its own, and closes a node without ending pods',
  },
  {
    expression: ['spec.podCIDR', 'spec.podCIDRs', 'spec.providerID', 'metadata.finalizers', 'metadata.ownerReferences']
      .map(sameField)
      .join(' && '),
    message: 'the keeper changes nothing else of a node',
  },
];
