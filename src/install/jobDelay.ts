import { holdsJobs, type PoolsFile } from '../config/pools.ts';
import { BORN_WITH, POD_MARK } from '../live/kubernetes/marks.ts';
import { textOf } from './admission.ts';
import { type KubernetesObject, selectorOf } from './names.ts';
import type { ManifestSettings } from './settings.ts';

/**
 * Gives new pods where jobs run a short delay, and leaves one that a pod brings along. Needs Kubernetes 1.36
 * (`MutatingAdmissionPolicy` of `admissionregistration.k8s.io/v1`). Nothing where no pool holds jobs. Where it fails, the pod
 * is created without.
 */
export function jobDelayOf(pools: PoolsFile, settings: ManifestSettings): readonly KubernetesObject[] {
  if (!pools.pools.some(holdsJobs)) return [];
  const metadata = { name: `${settings.name}.job-delay`, labels: selectorOf(settings) };
  const own = `has(object.metadata.annotations) && ${textOf(POD_MARK.delay)} in object.metadata.annotations`;
  return [
    {
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'MutatingAdmissionPolicy',
      metadata,
      spec: {
        failurePolicy: 'Ignore',
        reinvocationPolicy: 'Never',
        matchConstraints: {
          namespaceSelector: {
            matchExpressions: [
              { key: 'kubernetes.io/metadata.name', operator: 'In', values: [...settings.jobNamespaces] },
            ],
          },
          resourceRules: [{ apiGroups: [''], apiVersions: ['v1'], resources: ['pods'], operations: ['CREATE'] }],
        },
        matchConditions: [{ name: 'no-delay-of-its-own', expression: `!(${own})` }],
        mutations: [
          {
            patchType: 'ApplyConfiguration',
            applyConfiguration: {
              expression: `Object{metadata: Object.metadata{annotations: {${textOf(POD_MARK.delay)}: ${textOf(BORN_WITH)}}}}`,
            },
          },
        ],
      },
    },
    {
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'MutatingAdmissionPolicyBinding',
      metadata,
      spec: { policyName: metadata.name },
    },
  ];
}
