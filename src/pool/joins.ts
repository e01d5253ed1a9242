import { ALWAYS, after, hours, type Instant, type Millis } from '../domain/time.ts';

/** So many instances in a row that never joined say that the template's nodes do not join. */
export const FEW_JOINS = 3;

/** How long buying then stops before one block is tried, and how long that may grow. */
export const FIRST_PROBE_MS: Millis = hours(1);
export const LONGEST_PROBE_MS: Millis = hours(24);

/** Whether the instances of the present version of the template join, as far as the pool has seen. */
export interface Joins {
  /** Instances in a row that never joined. */
  readonly failed: number;
  /** How long buying stops; 0 while it does not. */
  readonly restMs: Millis;
  /** When a block may be tried again. */
  readonly until: Instant;
  /** A block was tried and its outcome is not known. */
  readonly probing: boolean;
  /** The version of the template, where a change of it was heard of. */
  readonly template: string | null;
  /** Since when it is the version: older instances say nothing of it. */
  readonly since: Instant;
}

export const noJoins: Joins = {
  failed: 0,
  restMs: 0,
  until: ALWAYS,
  probing: false,
  template: null,
  since: ALWAYS,
};

/** Whether nothing is bought but a probe now and then. */
export const isBroken = ({ failed }: Joins): boolean => failed >= FEW_JOINS;

/** An instance that was launched at `launchedAt` has never joined. */
export function afterStillborn(joins: Joins, launchedAt: Instant, at: Instant): Joins {
  if (launchedAt < joins.since) return joins;
  const failed = joins.failed + 1;
  if (failed < FEW_JOINS) return { ...joins, failed };
  // Those that were launched together are no probes: only the outcome of one makes the next rest longer.
  const longer = joins.probing ? Math.min(2 * joins.restMs, LONGEST_PROBE_MS) : joins.restMs;
  const restMs = Math.max(longer, FIRST_PROBE_MS);
  return { ...joins, failed, restMs, until: after(at, restMs), probing: false };
}

/** An instance that was launched at `launchedAt` has joined. */
export const afterJoined = (joins: Joins, launchedAt: Instant): Joins =>
  launchedAt < joins.since || (joins.failed === 0 && !joins.probing)
    ? joins
    : { ...noJoins, template: joins.template, since: joins.since };

/** A probe was opened: the next one has to wait for what becomes of it, or as long again. */
export const afterProbe = (joins: Joins, at: Instant): Joins => ({
  ...joins,
  until: after(at, joins.restMs),
  probing: true,
});

/** The template has another version, of which nothing is known yet. */
export const newVersion = (template: string, since: Instant): Joins => ({ ...noJoins, template, since });
