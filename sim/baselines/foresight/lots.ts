import type { Prospect } from './plan.ts';
import { lifeOf } from './plan.ts';

/**
 * Machines of one lot are alike in all that is to come. Those whose life has no set end are one lot a kind; a block, which
 * ends at its time, is a lot of its own.
 */
export interface Lots {
  trackOf(lot: number): number;
  /** The lot of a machine of a kind that is bought for a job. */
  lotOf(track: number, job: number): number;
  /** When the machines of a lot end by themselves; Infinity if they do not. */
  endsAt(lot: number): number;
}

export function lotsOf({ tracks, buysAt }: Prospect): Lots {
  const kinds = tracks.length;
  const lives = tracks.map(lifeOf);
  const trackOf = (lot: number): number => lot % kinds;
  return {
    trackOf,
    lotOf: (track, job) => (lives[track] === Infinity ? track : kinds * (job + 1) + track),
    endsAt: (lot) => (lot < kinds ? Infinity : buysAt[Math.floor(lot / kinds) - 1]! + lives[trackOf(lot)]!),
  };
}
