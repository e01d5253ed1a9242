import { minutes, seconds } from '../../src/domain/time.ts';
import type { ClusterSettings, ExtraSettings, GroupSettings, ServicePrices } from './scenario.ts';

/** What a scenario that says nothing of it is like; `schema.ts` has the same defaults, and a test holds them together. */
export const usualService: ServicePrices = { usdPerKill: 2, usdPerHourWaited: 1, usdPerJobMinute: 0 };

/** The group, but for the type of its nodes: Cluster Autoscaler as it comes, with on-demand nodes. */
export const usualGroup: Omit<GroupSettings, 'instanceType'> = {
  maxNodes: 200,
  autoscaler: 'cluster-autoscaler',
  loop: 'timer',
  scanMs: seconds(10),
  scaleUpDelayMs: 0,
  scaleDownDelayAfterAddMs: minutes(10),
  idleMs: minutes(10),
  consolidateAfterMs: 0,
  spareJobs: 0,
  buys: 'on-demand',
};

/**
 * No disk and no address, as the prices of instances have none. What they cost is the list price of us-east-1: gp3 (AWS EBS
 * pricing), and public IPv4 addresses since February 2024 (AWS news blog, 2023-07-28).
 */
export const usualExtras: ExtraSettings = {
  diskGib: 0,
  usdPerGibMonth: 0.08,
  publicIpv4: false,
  usdPerIpv4Hour: 0.005,
};

/** The cluster: one job a node, spread. */
export const usualCluster: ClusterSettings = {
  jobsPerNode: 1,
  scheduler: 'spread',
  boot: { medianMs: seconds(70), p95Ms: seconds(160), never: 0 },
  retryKilled: true,
  holds: { constantMs: seconds(10), latencyMs: { median: 200, p99: 1_500 } },
};
