import type { Instant, Millis } from '../../src/domain/time.ts';

/** From `at` on, one hour in this market costs `usdPerHour`, until the market's next row. */
export interface PriceRow {
  readonly at: Instant;
  readonly instanceType: string;
  readonly zone: string;
  /** EC2's product description, such as `Linux/UNIX`. */
  readonly product: string;
  readonly usdPerHour: number;
}

/** From `at` on, `instances` can run in this market at once (0: none), until the market's next row. */
export interface AvailabilityRow {
  readonly at: Instant;
  /** `*` where the recording does not say, and every type of the zone is meant. */
  readonly instanceType: string;
  /** `*` where the recording does not say. */
  readonly zone: string;
  /** Instances that can run; 1 in a recording that knows only up and down means: as many as you like. */
  readonly instances: number;
}

/** One CI job as it asked to run. Its length does not depend on where it runs. */
export interface JobRow {
  readonly job: string;
  readonly queuedAt: Instant;
  readonly durationMs: Millis;
  /** What kind of job it is, where the recording says so. */
  readonly class?: string;
}

/** Jobs of any number, as rows in the order in which they were queued. A list is one; a `JobHistory` takes a quarter of its memory. */
export interface Jobs extends Iterable<JobRow> {
  readonly length: number;
}

/** A job of a recording, which may also know when it ran. */
export interface RecordedJob extends JobRow {
  /** When it started, where the recording says so; on a machine of today, not on one of ours. */
  readonly startedAt?: Instant;
}
