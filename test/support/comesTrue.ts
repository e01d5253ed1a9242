import { vi } from 'vitest';
import { type Millis, minutes } from '../../src/domain/time.ts';

/**
 * For how long anything is waited for that comes by itself. No machine is too busy for that: it ends a wait for something
 * that never comes, with what was missing, before the test as a whole is ended without it.
 */
export const PATIENCE_MS: Millis = minutes(5);

/** Resolves once a check passes, however long that takes, and rejects with its last failure if it never does. */
export const comesTrue = <Found>(check: () => Found | Promise<Found>): Promise<Found> =>
  vi.waitFor(check, { timeout: PATIENCE_MS, interval: 5 });
