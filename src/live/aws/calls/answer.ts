import type { Instant } from '../../../domain/time.ts';

/** What went wrong with a call to AWS, sorted by what to do about it. */
export type FailureClass =
  | 'capacity'
  | 'subnet'
  | 'quota'
  | 'throttle'
  /** A call that changes something got no answer, or none that can be read: it may have worked. */
  | 'unknown-outcome'
  /** A read got no answer, or none that can be read; or a call was never sent. Nothing changed. */
  | 'unavailable'
  | 'config'
  | 'auth'
  | 'clock'
  | 'idempotency'
  | 'not-found'
  | 'unsupported-term'
  /** `DryRunOperation`: the call would have been allowed. */
  | 'dry-run-allowed';

export interface Failure {
  readonly kind: 'failed';
  readonly class: FailureClass;
  /** The error code that the API gave, or the name of the error. */
  readonly code: string;
  readonly message: string;
  /** When the API said that asking again makes sense. */
  readonly retryAt?: Instant;
}

/** The answer of a call: what was asked for, or why not. Never a guess. */
export type Answer<Value> = { readonly kind: 'ok'; readonly value: Value } | Failure;
