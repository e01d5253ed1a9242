import { isoOf } from '../../../../src/domain/time.ts';

/** A job as a week is drawn: whole seconds, which is what the coarsest exports keep. */
export interface DrawnJob {
  readonly id: number;
  readonly queuedAt: number;
  readonly startedAt: number;
  readonly endedAt: number;
  readonly workflow: string;
  readonly name: string;
}

/** One way in which a CI system, or a person, writes a week of jobs. */
export interface Shape {
  readonly file: string;
  /** Which of both instants the shape tells. */
  readonly tells: 'both' | 'started' | 'queued';
  /** Whether it has names to make classes of. */
  readonly named: boolean;
  readonly write: (jobs: readonly DrawnJob[]) => string | Uint8Array;
}

export const z = (at: number): string => isoOf(at).replace('.000Z', 'Z');
export const json = (value: unknown): string => JSON.stringify(value, undefined, 1);
export const lines = (rows: readonly unknown[]): string => rows.map((row) => `${JSON.stringify(row)}\n`).join('');
/** Pages of at most three, as an API gives them. */
export const paged = <Row>(rows: readonly Row[]): Row[][] =>
  Array.from({ length: Math.ceil(rows.length / 3) }, (_, page) => rows.slice(page * 3, page * 3 + 3));

/** Tells all there is to tell. */
export const both = { tells: 'both', named: true } as const;
