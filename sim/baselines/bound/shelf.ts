import type { Standing } from './standing.ts';

/** How many jobs of each class run, and for how long altogether. */
export interface Moment {
  readonly counts: readonly number[];
  lengthMs: number;
}

/** What each kind of machine costs at a moment, and how many of it can stand. */
export type Shelf = readonly Omit<Standing, 'at'>[];

/** A kind of machine as it stands on the shelf at one moment. */
export type Kind = Shelf[number] & { readonly capacity: readonly number[] };

/** A kind that is to be had, among all kinds. */
export interface Offered extends Kind {
  /** Its place among the kinds. */
  readonly at: number;
}
