import { type KubernetesObject, selectorOf } from './names.ts';
import type { ManifestSettings } from './settings.ts';

/** What a policy looks at, and what it demands. */
export interface KeeperPolicy {
  /** Names it, after the installation: `nodes`. */
  readonly part: string;
  readonly resources: readonly string[];
  readonly variables: readonly { readonly name: string; readonly expression: string }[];
  readonly validations: readonly { readonly expression: string; readonly message: string }[];
}

/** A ValidatingAdmissionPolicy on what the keeper's own account updates, with its binding. Needs Kubernetes 1.30. */
export function keeperPolicyOf(
  settings: ManifestSettings,
  { part, resources, variables, validations }: KeeperPolicy,
): readonly KubernetesObject[] {
  const { name, namespace } = settings;
  const metadata = { name: `${name}.${part}`, labels: selectorOf(settings) };
  return [
    {
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'ValidatingAdmissionPolicy',
      metadata,
      spec: {
        failurePolicy: 'Fail',
        matchConstraints: {
          resourceRules: [{ apiGroups: [''], apiVersions: ['v1'], resources: [...resources], operations: ['UPDATE'] }],
        },
        matchConditions: [
          { name: 'keeper', expression: `request.userInfo.username == 'system:serviceaccount:${namespace}:${name}'` },
        ],
        variables: [...variables],
        validations: [...validations],
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
