import { stringify } from 'yaml';
import type { PoolsFile } from '../config/pools.ts';
import { namespaceOf, rbacOf, serviceAccountOf } from './access.ts';
import { admissionPolicyOf } from './admission.ts';
import { type ConfigFiles, configMap, deploymentOf } from './deployment.ts';
import { iamPolicyOf, spotBlockPolicyOf } from './iam.ts';
import { jobDelayOf } from './jobDelay.ts';
import type { KubernetesObject } from './names.ts';
import { podPolicyOf } from './podPolicy.ts';
import { queueTemplateOf } from './queue.ts';
import { queueTerraformOf } from './queueTerraform.ts';
import type { ManifestSettings } from './settings.ts';
import { disruptionBudgetOf, networkPolicyOf, serviceOf } from './surroundings.ts';

/** What documents are made from. */
export interface ManifestInput {
  readonly pools: PoolsFile;
  /** The text of the pools file as `pools.yaml`, and of the files that it names. */
  readonly files: ConfigFiles;
  readonly settings: ManifestSettings;
}

type Objects = (input: ManifestInput) => readonly KubernetesObject[];

/** The parts that are Kubernetes objects, in the order in which they can be applied. */
const OBJECTS = {
  namespace: ({ settings }) => namespaceOf(settings),
  'service-account': ({ settings }) => serviceAccountOf(settings),
  rbac: ({ pools, settings }) => rbacOf(pools, settings),
  config: ({ files, settings }) => configMap(files, settings),
  service: ({ settings }) => serviceOf(settings),
  'disruption-budget': ({ settings }) => disruptionBudgetOf(settings),
  'network-policy': ({ settings }) => networkPolicyOf(settings),
  deployment: ({ files, settings }) => deploymentOf(files, settings),
  admission: ({ settings }) => [...admissionPolicyOf(settings), ...podPolicyOf(settings)],
  'job-delay': ({ pools, settings }) => jobDelayOf(pools, settings),
} as const satisfies Readonly<Record<string, Objects>>;

/** The parts that are documents of other kinds: each is printed alone. */
const DOCUMENTS = {
  iam: ({ pools, settings }) => json(iamPolicyOf(pools, settings)),
  'iam-spot-block': ({ pools, settings }) => json(spotBlockPolicyOf(pools, settings)),
  queue: ({ settings }) => yaml(queueTemplateOf(settings)),
  'queue-terraform': ({ settings }) => queueTerraformOf(settings),
} as const satisfies Readonly<Record<string, (input: ManifestInput) => string>>;

export type ObjectPart = keyof typeof OBJECTS;
export type DocumentPart = keyof typeof DOCUMENTS;

// Known: the keys of a literal are its own.
export const OBJECT_PARTS = Object.keys(OBJECTS) as readonly ObjectPart[];
export const DOCUMENT_PARTS = Object.keys(DOCUMENTS) as readonly DocumentPart[];

/** What an installation needs; admission policies are left to those who want them, since old clusters do not know them. */
export const DEFAULT_PARTS: readonly ObjectPart[] = OBJECT_PARTS.filter(
  (part) => part !== 'admission' && part !== 'job-delay',
);

/** The Kubernetes objects of some parts, in the order in which they can be applied. */
export const objectsOf = (parts: readonly ObjectPart[], input: ManifestInput): readonly KubernetesObject[] =>
  OBJECT_PARTS.filter((part) => parts.includes(part)).flatMap((part) => OBJECTS[part](input));

/** The objects of some parts as one YAML stream. */
export const objectsText = (parts: readonly ObjectPart[], input: ManifestInput): string =>
  objectsOf(parts, input).map(objectText).join('---\n');

/** One object as a YAML document. */
export const objectText = (object: KubernetesObject): string => yaml(object);

/** A document that is no Kubernetes object: an IAM policy in JSON, CloudFormation in YAML, or Terraform. */
export const documentText = (part: DocumentPart, input: ManifestInput): string => DOCUMENTS[part](input);

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

/** Lines are never folded and nothing is an anchor, so that what is printed can be compared with what is applied. */
const yaml = (value: unknown): string => stringify(value, { lineWidth: 0, aliasDuplicateObjects: false });
