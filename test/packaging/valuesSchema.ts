import { z } from 'zod';

const map = (description: string) => z.record(z.string(), z.string()).optional().describe(description);
const tree = (description: string) => z.record(z.string(), z.unknown()).optional().describe(description);
const list = (description: string) => z.array(z.record(z.string(), z.unknown())).optional().describe(description);
const name = (description: string) =>
  z
    .string()
    .regex(/^(?:[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?)?$/)
    .optional()
    .describe(description);
const enabled = (description: string) => z.boolean().optional().describe(description);

/** The values of the chart; `values.schema.json`, which Helm holds values to, is made from it. */
export const valuesSchema = z
  .strictObject({
    pools: z.string().min(1).describe('The pools file, as text'),
    policyFiles: z
      .record(z.string().regex(/^[\w-][\w.-]{0,50}$/), z.string())
      .optional()
      .describe('Files that the pools file names, by name'),
    region: z.string().optional().describe('The region of the zones of the pools'),
    nameOverride: name('In place of the name of the chart'),
    fullnameOverride: name('In place of the name of the release and the chart'),
    image: z
      .strictObject({
        repository: z.string().min(1).optional().describe('Registry and name'),
        tag: z
          .string()
          .regex(/^[\w.-]*$/)
          .refine((tag) => tag !== 'latest')
          .meta({ description: 'The release of the chart if empty; never latest', not: { const: 'latest' } })
          .optional(),
        digest: z
          .string()
          .regex(/^(?:sha256:[0-9a-f]{64})?$/)
          .optional()
          .describe('Goes before the tag'),
        pullPolicy: z.enum(['IfNotPresent', 'Always', 'Never']).optional().describe('When the image is pulled'),
      })
      .optional(),
    imagePullSecrets: list('Secrets of the registry, by name'),
    replicas: z.int().min(1).max(5).optional().describe('Keepers, of which one leads'),
    serviceAccount: z
      .strictObject({
        create: enabled('Whether the chart makes it'),
        name: name('The name of the release if empty'),
        annotations: map('With IRSA: eks.amazonaws.com/role-arn'),
      })
      .optional(),
    rbac: z.strictObject({ create: enabled('Whether the chart makes roles and bindings') }).optional(),
    logLevel: z.enum(['debug', 'info', 'warn', 'error']).optional().describe('The least that is logged'),
    extraArgs: z.array(z.string()).optional().describe('More flags of spot-keeper run'),
    extraEnv: list('More environment variables'),
    podLabels: map('More labels of the pods'),
    podAnnotations: map('More annotations of the pods'),
    podSecurityContext: tree('Security of the pods'),
    securityContext: tree('Security of the container'),
    resources: tree('Requests and limits'),
    priorityClassName: name('The priority of the pods'),
    nodeSelector: map('Where the pods may run'),
    affinity: tree('In place of: off the blocks, and on two nodes'),
    tolerations: list('Taints that the pods tolerate'),
    topologySpreadConstraints: list('How the pods are spread'),
    podDisruptionBudget: z.strictObject({ enabled: enabled('One keeper stays while nodes are drained') }).optional(),
    networkPolicy: z
      .strictObject({
        enabled: enabled('Metrics in; names, TLS and Pod Identity out'),
        monitoringNamespace: name('Where metrics are read from'),
      })
      .optional(),
    jobNamespaces: z
      .array(z.string().regex(/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/))
      .optional()
      .describe('The namespaces of job pods, needed where a pool holds jobs'),
    jobDelay: z
      .strictObject({
        enabled: enabled('Pods of jobs are created with a short delay; needs Kubernetes 1.36'),
        webhook: z
          .strictObject({
            enabled: enabled('A webhook of the keeper does it on older clusters'),
            certManager: enabled('Its certificate comes from cert-manager, and not from Helm'),
          })
          .optional(),
      })
      .optional(),
    admissionPolicy: z
      .strictObject({ enabled: enabled('Holds the keeper to its own marks on nodes and pods') })
      .optional(),
    serviceMonitor: z
      .strictObject({
        enabled: enabled('Needs the Prometheus operator'),
        interval: z
          .string()
          .regex(/^\d+[smh]$/)
          .optional()
          .describe('How often metrics are read'),
        labels: map('By which Prometheus finds it'),
      })
      .optional(),
    prometheusRule: z
      .strictObject({
        enabled: enabled('Needs the Prometheus operator'),
        labels: map('By which Prometheus finds it'),
      })
      .optional(),
    // Helm itself puts this in for charts that are part of others.
    global: z.unknown().optional(),
  })
  .describe('Values of the chart spot-keeper');
