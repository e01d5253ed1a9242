import type { Millis } from '../../domain/time.ts';

/** One call to an API, as it came out. */
export interface Called {
  readonly api: 'ec2' | 'autoscaling' | 'sqs' | 'kubernetes';
  /** The operation: `DescribeInstances`, `patch nodes`. Never a name or an id: this becomes a label. */
  readonly action: string;
  /** `ok`, or the class of the failure. */
  readonly outcome: string;
  /** In real time. */
  readonly durationMs: Millis;
}

export type NoteLevel = 'debug' | 'info' | 'warn' | 'error';

/** What the live parts tell whoever watches. They never read anything back. */
export interface Telemetry {
  called(call: Called): void;
  /** Something worth a line in the log. `event` is a short fixed phrase; what varies goes into `data`, never secrets or user data. */
  noted(level: NoteLevel, event: string, data?: Readonly<Record<string, unknown>>): void;
}

/** The note of a message of the interruption queue that is dealt with; its `outcome` becomes a label of a metric. */
export const QUEUE_MESSAGE = 'queue message';

export const silent: Telemetry = { called: () => undefined, noted: () => undefined };
