import { z } from 'zod';

/** A node's taint. */
export interface Taint {
  readonly key: string;
  readonly value: string;
  readonly effect: string;
}

/** Whether a taint keeps pods off that do not tolerate it: `PreferNoSchedule` only asks. */
export const isKeepingOff = ({ effect }: Taint): boolean => effect === 'NoSchedule' || effect === 'NoExecute';

/** A text that may be left out; empty then. */
export const TEXT = z
  .string()
  .nullish()
  .transform((text) => text ?? '');

/** A taint as it is written. */
export const TAINT_WRITTEN = z.object({ key: z.string(), value: TEXT, effect: TEXT });
