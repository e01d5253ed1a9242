import { WRITTEN_ON_PODS } from '../live/kubernetes/marks.ts';
import { sameBut, sameField } from './admission.ts';
import { keeperPolicyOf } from './keeperPolicy.ts';
import type { KubernetesObject } from './names.ts';
import type { ManifestSettings } from './settings.ts';

/**
 * What RBAC cannot say: who may patch `pods/status` could also write labels and the status. The keeper changes two annotations
 * and nothing else of a pod. Needs Kubernetes 1.30. The keeper works without it.
 */
export const podPolicyOf = (settings: ManifestSettings): readonly KubernetesObject[] =>
  keeperPolicyOf(settings, {
    part: 'pods',
    resources: ['pods', 'pods/status'],
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
  });
