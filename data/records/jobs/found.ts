import type { Obj, SeenJob } from './seen.ts';
import type { Reason } from './setAside.ts';

/** Takes what a reader finds in one document. */
export interface Finds {
  /** @param record the object that tells of the job: its place is the job's. */
  readonly job: (record: Obj, seen: SeenJob) => void;
  /** Keeps the place of a record that is told of only when its document is gone. */
  readonly keep: (record: Obj) => void;
  readonly noJob: (record: Obj, reason: Reason) => void;
  /** Something that was taken for granted, said once for each file. */
  readonly assumed: (sentence: string) => void;
  /** Later pages that are not in the file, said once for each file. */
  readonly missing: (sentence: string) => void;
  /** A page that says how many rows there are on all pages of `list`, and how many it has itself. */
  readonly counted: (list: string, inAll: number, here: number) => void;
  /** Something that makes the whole file worthless, such as an error in the place of an answer. */
  readonly mistake: (record: Obj, message: string, key?: string) => void;
}

/** What the documents around a record say of it. */
export interface Context {
  readonly workflow?: unknown;
}

/**
 * One CI system's way of telling of jobs.
 *
 * @returns the system's name with what it tells of (`GitHub Actions jobs`), or undefined if the record is none of its.
 */
export type Reader = (record: Obj, finds: Finds, context: Context) => string | undefined;
