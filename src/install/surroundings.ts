import { type KubernetesObject, metadataIn, PORT, selectorOf } from './names.ts';
import type { ManifestSettings } from './settings.ts';

/** Where metrics and the read-only API are found. Every pod answers for itself, so there is no address to balance behind. */
export const serviceOf = (settings: ManifestSettings): readonly KubernetesObject[] => [
  {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: metadataIn(settings),
    spec: {
      clusterIP: 'None',
      selector: selectorOf(settings),
      ports: [{ name: 'http', port: PORT, targetPort: 'http' }],
    },
  },
];

/** One of the two keepers stays while nodes are drained. */
export const disruptionBudgetOf = (settings: ManifestSettings): readonly KubernetesObject[] => [
  {
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: metadataIn(settings),
    spec: {
      maxUnavailable: 1,
      selector: { matchLabels: selectorOf(settings) },
      // A keeper that is not ready keeps nothing, and must not hold up the drain of its node.
      unhealthyPodEvictionPolicy: 'AlwaysAllow',
    },
  },
];

/**
 * In: metrics, from one namespace. Out: names, TLS, and the Pod Identity agent of EKS; not the instance metadata service,
 * whose credentials are the node's. The addresses are AWS's own (EC2 and EKS user guides).
 */
export const networkPolicyOf = (settings: ManifestSettings): readonly KubernetesObject[] => [
  {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: metadataIn(settings),
    spec: {
      podSelector: { matchLabels: selectorOf(settings) },
      policyTypes: ['Ingress', 'Egress'],
      ingress: [
        {
          from: [
            { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': settings.monitoringNamespace } } },
          ],
          ports: [{ protocol: 'TCP', port: 'http' }],
        },
      ],
      egress: [
        {
          ports: [
            { protocol: 'UDP', port: 53 },
            { protocol: 'TCP', port: 53 },
          ],
        },
        {
          to: [
            { ipBlock: { cidr: '0.0.0.0/0', except: ['169.254.169.254/32'] } },
            { ipBlock: { cidr: '::/0', except: ['fd00:ec2::254/128'] } },
          ],
          // The second is where API servers listen that are not behind a load balancer.
          ports: [
            { protocol: 'TCP', port: 443 },
            { protocol: 'TCP', port: 6443 },
          ],
        },
        {
          to: [{ ipBlock: { cidr: '169.254.170.23/32' } }, { ipBlock: { cidr: 'fd00:ec2::23/128' } }],
          ports: [{ protocol: 'TCP', port: 80 }],
        },
      ],
    },
  },
];
