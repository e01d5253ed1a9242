import type { JobHistory } from '../records/jobs/history.ts';
import type { PriceHistory } from '../records/prices/history.ts';
import type { AvailabilityRow } from '../records/rows.ts';
import type { Window } from './window.ts';

/** The kinds of data that a scenario may have recorded. */
export type Kind = 'prices' | 'availability' | 'jobs';

/** One or several files of a kind, read and joined. */
export interface Recording<Rows> {
  readonly files: readonly string[];
  /** Ascending. */
  readonly rows: Rows;
  /** From the first entry to the last. */
  readonly span: Window;
  /** Whether the entries have a date; without, instants are counted from 0. */
  readonly clock: boolean;
  /** What reading took for granted, a sentence each, without the kind: `1 means up`. */
  readonly assumptions: readonly string[];
  /** What was read, dropped and clipped, for people; a line each. */
  readonly summary: readonly string[];
}

/** Recorded data of one kind, read. */
export type Recorded =
  | { readonly kind: 'prices'; readonly recording: Recording<PriceHistory> }
  | { readonly kind: 'availability'; readonly recording: Recording<readonly AvailabilityRow[]> }
  | { readonly kind: 'jobs'; readonly recording: Recording<JobHistory> };
