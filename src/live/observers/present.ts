import type { Instant } from '../../domain/time.ts';
import type { Keeper } from '../../keeper/keeper.ts';
import type { HoldCounts } from './holdCounts.ts';

/** What stands in a pool's way, or does not: `TemplateSupported`, `Buying`. */
export interface PoolCondition {
  readonly pool: string;
  /** One of a few fixed words: this becomes a label. */
  readonly condition: string;
  readonly status: 'true' | 'false' | 'unknown';
  readonly reason?: string;
  /** For people. */
  readonly message?: string;
  readonly since?: Instant;
}

/** The present state of the process, asked for when somebody looks. Unknown is undefined, never a guess. */
export interface Present {
  readonly keeper: () => Keeper;
  /** On the keeper's clock, as are all instants here. */
  readonly now: () => Instant;
  /** Whether this process leads; undefined until the Lease was read. */
  readonly leader: () => boolean | undefined;
  /** Whether the API server was heard of lately: as long as it may be silent before a leader changes nothing any more. */
  readonly reachable: () => boolean;
  /** Since when the loop runs: only who leads and has opened the ledger has one. */
  readonly keepingSince: () => Instant | undefined;
  /** When the loop last came round; undefined before its first turn. */
  readonly lastTurnAt: () => Instant | undefined;
  /** When the last complete inventory was taken. */
  readonly inventoryAt: () => Instant | undefined;
  /** Whether nodes and pods have been listed, and are watched. */
  readonly synced: () => boolean;
  readonly conditions: () => readonly PoolCondition[];
  /** What became of a pool's holds since the process began. */
  readonly holds: (pool: string) => HoldCounts;
}
