import { WRITTEN_ON_PODS } from '../live/kubernetes/marks.ts';
import { sameBut, sameField } from './admission.ts';
import { type KubernetesObject, selectorOf } from './names.ts';
import type { ManifestSettings } from './settings.ts';

/**
 * What RBAC cannot say: who may patch `pods/status` could also write labels and the status. The keeper changes two annotations
 * and nothing else of a pod. Needs Kubernetes 1.30. The keeper works without it.
 */
export function podPolicyOf(settings: ManifestSettings): readonly KubernetesObject[] {
  const { name, namespace } = settings;
  const metadata = { name: `${name}.pods`, labels: selectorOf(settings) };
  return [
    {
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'ValidatingAdmissionPolicy',
      metadata,
      spec: {
        failurePolicy: 'Fail',
        matchConstraints: {
          resourceRules: [
            { apiGroups: [''], apiVersions: ['v1'], resources: ['pods', 'pods/status'], operations: ['UPDATE'] },
          ],
        },
        matchConditions: [
          { name: 'keeper', expression: `request.userInfo.username == 'system:serviceaccount:${namespace}:${name}'` },
        ],
        variables: ['object', 'oldObject'].map((object) => ({
          name: object === 'object' ? 'annotations' : 'annotationsBefore',
          expression: `has(${object}.metadata.annotations) ? ${object}.metadata.annotations : {}`,
        })),
        validations: [
          {
            expression: sameBut('annotations', WRITTEN_ON_PODS),
            message: 'the keeper changes only annotations of its own, and how long a pod is held',
          },
          {
            expression: ['metadata.labels', 'metadata.finalizers', 'metadata.ownerReferences', 'spec', 'status']
              .map(sameField)
              .join(' && '),
            message: 'the keeper changes nothing else of a pod',
          },
        ],
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
