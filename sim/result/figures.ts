import type { Outcome } from '../outcome.ts';

/** What a run came to in numbers: an outcome without its pictures, small enough to be kept by the thousand. */
export type Figures = Pick<Outcome, 'cost' | 'jobs' | 'classes' | 'blocks' | 'uncoveredBlockHours' | 'turns'>;

export const figuresOf = ({ cost, jobs, classes, blocks, uncoveredBlockHours, turns }: Outcome): Figures => ({
  ...{ cost, jobs },
  ...(classes === undefined ? {} : { classes }),
  ...{ blocks, uncoveredBlockHours, turns },
});
