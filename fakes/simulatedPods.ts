import { createHash } from 'node:crypto';
import type { ClusterSettings } from '../sim/scenario/scenario.ts';

/** Where the simulated jobs run. */
export const RUNNER_NAMESPACE = 'ci';

/** A pod's name is a DNS label, which a recorded job's need not be. */
export const podNameOf = (job: string, start: number): string =>
  `job-${createHash('sha256').update(`${job} ${start}`).digest('hex').slice(0, 16)}`;

/** What a node has for jobs, as kubelet says it: slots are processors. */
export function allocatableOf(
  { allocatable, jobsPerNode, mostJobs }: ClusterSettings,
  instanceType: string,
): Readonly<Record<string, string>> {
  const has = allocatable?.[instanceType];
  const pods = `${mostJobs ?? 110}`;
  return has === undefined
    ? { cpu: `${jobsPerNode}`, memory: '64Gi', pods }
    : { cpu: `${Math.round(has.cpu * 1_000)}m`, memory: `${Math.round(has.memory * 1_024)}Mi`, pods };
}
