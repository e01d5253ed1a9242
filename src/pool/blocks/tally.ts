import type { Instant } from '../../domain/time.ts';

/** What some blocks come to: one alone, those of a branch, or all of a pool. Each number counts blocks, or says what they cost; each instant is the first. */
export interface Tally {
  /** Those that have not gone. */
  readonly living: number;
  /** How many slots they take: one where several live in the same. */
  readonly slots: number;
  /** Those that went in the last turn. */
  readonly gone: number;
  /** Those of which more has to be found than the block itself says (`settle.ts`). */
  readonly unsettled: number;
  /** Those that count for what is wanted: they serve and stay, or are on their way. */
  readonly supply: number;
  /** Of those, the ones that serve. */
  readonly serving: number;
  /** Those that take new jobs, be it that a successor is due. */
  readonly inService: number;
  /** Of the supply, those without a job. */
  readonly idle: number;
  /** Of the supply, those without an instance. */
  readonly unleased: number;
  /** Of the supply, those whose price is known. */
  readonly priced: number;
  /** What an hour of all these costs, in millionths of a dollar, whole ones: sums do not hang on the order. */
  readonly microUsdPerHour: number;
  readonly draining: number;
  /** Those that could be let go. */
  readonly goable: number;
  /** Those that drain by another end than their policy asks for. */
  readonly toEnd: number;
  /** Which parts of the pool's moment answers hang on, as bits (`reads.ts`). */
  readonly reads: number;
  /** When time alone moves a block. */
  readonly nextAt: Instant;
  /** When the pool has to be asked again. */
  readonly turnsAt: Instant;
  /** When something has to be found anew. */
  readonly settleAt: Instant;
  /** When a block is due to drain; past it, one waits to. */
  readonly drainAt: Instant;
  /** When people are to be told that a block will be ended with a job on it. */
  readonly tellAt: Instant;
}
