import { z } from 'zod';

/** A node's taint. */
export interface Taint {
  readonly key: string;
  readonly value: string;
  readonly effect: string;
}

/** What a pod says of taints; an empty text stands for a field that is left out. */
export interface Toleration {
  readonly key: string;
  readonly operator: string;
  readonly value: string;
  readonly effect: string;
}

/** Whether a taint keeps pods off that do not tolerate it: `PreferNoSchedule` only asks. */
export const isKeepingOff = ({ effect }: Taint): boolean => effect === 'NoSchedule' || effect === 'NoExecute';

/**
 * Whether a pod tolerates a taint. Without an effect it tolerates every effect of the key; without a key, and with
 * `Exists`, everything.
 * Source: Kubernetes, "Taints and Tolerations" (concepts).
 */
export const tolerates = ({ key, operator, value, effect }: Toleration, taint: Taint): boolean => {
  if (effect !== '' && effect !== taint.effect) return false;
  switch (operator) {
    case 'Exists':
      return key === '' || key === taint.key;
    case '':
    case 'Equal':
      return key === taint.key && value === taint.value;
    // What a later Kubernetes knows is taken for no.
    default:
      return false;
  }
};

const TEXT = z
  .string()
  .nullish()
  .transform((text) => text ?? '');

export const TAINT_WRITTEN = z.object({ key: z.string(), value: TEXT, effect: TEXT });
export const TOLERATION = z.object({ key: TEXT, operator: TEXT, value: TEXT, effect: TEXT });
