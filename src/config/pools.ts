import type { Millis } from '../domain/time.ts';
import type { Timeouts } from '../domain/timeouts.ts';
import type { Term } from '../domain/words.ts';
import type { PolicySlot } from '../policy/definePolicy.ts';

/** `pools.yaml`, read and checked: lengths in milliseconds, defaults filled in. */
export interface PoolsFile {
  /** Names this installation: two fleets never touch each other's instances. */
  readonly fleet: string;
  readonly pools: readonly PoolConfig[];
}

export interface PoolConfig {
  readonly name: string;
  readonly template: { readonly autoScalingGroup: string };
  readonly instanceTypes: readonly string[];
  readonly zones: readonly string[];
  readonly lease: { readonly term: Term; readonly durationMs: Millis };
  readonly policies: { readonly [Slot in PolicySlot]: PolicyChoice };
  readonly surge: number;
  readonly maxUnavailable: number;
  readonly maxBlocks: number;
  readonly launchRate: { readonly launches: number; readonly perMs: Millis };
  readonly coolingMs: Millis;
  readonly quoteMs: Millis;
  readonly surplus: 'drain' | 'keep';
  readonly timeouts: Timeouts;
}

/** A policy by name, with its options as they were written; they are read by the policy's own schema. */
export interface PolicyChoice {
  readonly policy: string;
  readonly options: Readonly<Record<string, unknown>>;
}
