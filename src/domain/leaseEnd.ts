import { after, earliest, type Instant, latest, type Millis } from './time.ts';
import type { Lease } from './words.ts';

/** The two ends of a lease, as far as they say when a block ends. */
export type LeaseEnds = Pick<Lease, 'expiresAt' | 'hardEndAt'>;

/** An end that a policy asked for. */
export interface AskedEnd {
  readonly endBy: Instant;
  /** Whether it stands though it cuts jobs short: only for a policy that waives the promise `ends`. */
  readonly early?: boolean;
}

/** When a lease is over: when it expires, or earlier where AWS imposes that. From here on a block only drains. */
export const leaseEnd = ({ expiresAt, hardEndAt }: LeaseEnds): Instant => earliest(expiresAt, hardEndAt);

/**
 * When a block is ended even if a job runs; nothing else decides that. A lease is no guillotine: where AWS imposes no end,
 * jobs have until its end and `overrunMs` beyond, or longer where a later end is asked for. An earlier one is heard only if
 * it may be early. What AWS imposes nobody outlasts.
 */
export function blockEnd(lease: LeaseEnds, overrunMs: Millis, asked?: AskedEnd): Instant {
  const usual = after(lease.expiresAt, overrunMs);
  const own = asked === undefined ? usual : asked.early === true ? asked.endBy : latest(asked.endBy, usual);
  return earliest(own, lease.hardEndAt);
}
