import type { Failure } from '../calls/answer.ts';

/** A part of a template: read, or read and found to be of no use to a keeper, or not read. */
export type Reading<Part> =
  | { readonly kind: 'read'; readonly part: Part; readonly warnings: readonly string[] }
  /** Every problem names its remedy. */
  | { readonly kind: 'unsupported'; readonly problems: readonly string[] }
  | Unread;

export interface Unread {
  readonly kind: 'unknown';
  readonly why: string;
  /** AWS answered that there is no such group: one such answer proves nothing, several do. */
  readonly missing?: true;
}

export const unread = (why: string): Unread => ({ kind: 'unknown', why });

/** What a failed call says of the part: settled where AWS understood the question and will answer the same again. */
export function failedReading(failure: Failure, what: string, remedy: string): Unread | Reading<never> {
  const said = `${failure.code}: ${failure.message}`;
  const isSettled = failure.class === 'config' || failure.class === 'not-found' || failure.class === 'subnet';
  return isSettled
    ? { kind: 'unsupported', problems: [`${what} cannot be read (${said}); ${remedy}`] }
    : unread(`${what} could not be read (${said})`);
}
