import type { Millis } from './time.ts';

/** How long each waiting state of a block may last before its one reaction to lateness. */
export interface Timeouts {
  /** From asking for capacity to cancelling the request. */
  readonly launchMs: Millis;
  /** From the grant to giving the instance up as stillborn. */
  readonly joinMs: Millis;
  /** How long a block that was refused everywhere keeps its slot: the back-off. */
  readonly restMs: Millis;
  /** From asking to terminate to asking again. */
  readonly terminateMs: Millis;
  /** From the cordon until pods other than jobs that would not leave leave with the instance. */
  readonly evictMs: Millis;
}
