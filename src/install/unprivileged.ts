import { NODE_LABEL } from '../domain/nodeLabels.ts';

/** A pod whose user is not root, and which makes only the system calls that containers usually make. */
export const UNPRIVILEGED_POD = {
  runAsNonRoot: true,
  runAsUser: 65532,
  runAsGroup: 65532,
  fsGroup: 65532,
  seccompProfile: { type: 'RuntimeDefault' },
} as const;

/** The same of its container. */
export const UNPRIVILEGED_CONTAINER = {
  allowPrivilegeEscalation: false,
  readOnlyRootFilesystem: true,
  capabilities: { drop: ['ALL'] },
} as const;

/** Off blocks: these are for jobs of CI, and a keeper on a block of its own would drain itself. */
export const OFF_BLOCKS = {
  requiredDuringSchedulingIgnoredDuringExecution: {
    nodeSelectorTerms: [{ matchExpressions: [{ key: NODE_LABEL.pool, operator: 'DoesNotExist' }] }],
  },
} as const;
