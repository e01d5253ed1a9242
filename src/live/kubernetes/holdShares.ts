/**
 * More lost races than this are too many: 0.5 % of them cost 3 to 10 % of the bill in simulated weeks of GitLab- and
 * Buildkite-like jobs.
 */
export const MOST_LOST_SHARE = 0.002;

/** More expired holds than this are too many: for each a block was late, and Cluster Autoscaler was free to buy beside it. */
export const MOST_EXPIRED_SHARE = 0.1;
