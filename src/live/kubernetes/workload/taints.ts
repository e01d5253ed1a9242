import { z } from 'zod';
import { type Taint, TEXT } from '../nodeTaint.ts';

/** What a pod says of taints; an empty text stands for a field that is left out. */
export interface Toleration {
  readonly key: string;
  readonly operator: string;
  readonly value: string;
  readonly effect: string;
}

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

export const TOLERATION = z.object({ key: TEXT, operator: TEXT, value: TEXT, effect: TEXT });
