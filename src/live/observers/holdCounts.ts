/**
 * What became of a hold of one job.
 *
 * - `held`: written before the delay that stood on the pod had ended. The race was won.
 * - `lost`: meant to be written in time, and not: Cluster Autoscaler was free to buy a node for the pod.
 * - `late`: its delay had ended already when a block was bought for it, or it is held for the node that the autoscaler has bought. No race.
 * - `released`: taken off again while the job waited, because no block is on its way for it any more.
 * - `expired`: over by itself, and the job still waited.
 */
export const HOLD_RESULTS = ['held', 'lost', 'late', 'released', 'expired'] as const;

export type HoldResult = (typeof HOLD_RESULTS)[number];

/** How many holds came to what since the process began. */
export type HoldCounts = Readonly<Record<HoldResult, number>>;

export const NO_HOLDS: HoldCounts = { held: 0, lost: 0, late: 0, released: 0, expired: 0 };

/** The share of races that were lost; undefined where there were none. */
export const lostShare = ({ held, lost }: HoldCounts): number | undefined =>
  held + lost === 0 ? undefined : lost / (held + lost);
