import type { HoldResult } from './holdCounts.ts';

/** What people are told of the hold of a job: Kubernetes Events on its pool, of which those of one reason are a series. */
export const HOLD_EVENTS: Readonly<
  Record<HoldResult, { readonly reason: string; readonly note: string; readonly type: 'Normal' | 'Warning' }>
> = {
  held: { reason: 'JobHeld', note: 'a waiting job is held for a block on its way', type: 'Normal' },
  late: {
    reason: 'JobHeldLate',
    note: 'a job that has waited for longer than its delay is held, for a block on its way or for the node that may have been bought for it',
    type: 'Normal',
  },
  released: {
    reason: 'JobReleased',
    note: 'a job is held no longer, for no block is on its way for it any more',
    type: 'Normal',
  },
  expired: {
    reason: 'HoldExpired',
    note: 'the hold of a job has ended and the job still waits: its block is late, or another job has taken its place',
    type: 'Warning',
  },
  lost: {
    reason: 'HoldLost',
    note: 'a job was to be held and was not in time, so that Cluster Autoscaler may have bought a node for it',
    type: 'Warning',
  },
};
