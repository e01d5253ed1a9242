import { DEFAULT_LIVE, isRouted, JOB_PRESETS, type JobPattern, type PoolsFile } from '../../config/pools.ts';
import { matchesPattern } from '../../live/kubernetes/jobs.ts';
import { MARK } from '../../live/kubernetes/marks.ts';
import type { ClusterFound, PodFound } from '../lookAtCluster.ts';
import { counted } from '../words.ts';
import { checking, type Finding } from './finding.ts';

/** Whether the patterns find the jobs that there are: a pattern that matches nothing may be one with a mistake. */
export function jobFindings(file: PoolsFile, { pods }: ClusterFound): readonly Finding[] {
  const { jobs: patterns } = file.live ?? DEFAULT_LIVE;
  const jobs = pods.filter(({ role }) => role.kind === 'job');
  const check = checking('jobs');
  // Nobody who keeps to all presets runs all of those systems.
  const isDefault = JOB_PRESETS.every((preset) => patterns.includes(preset));
  const all =
    jobs.length > 0
      ? check.ok(`${counted(jobs.length, 'job pod')} on ${counted(new Set(jobs.map(({ node }) => node)).size, 'node')}`)
      : check.unknown(
          'no pod on any node is a job now, so nobody can tell whether jobs are recognised',
          'look again while builds run',
        );
  const unmatched = isDefault || jobs.length === 0 ? [] : patterns.filter((pattern) => !matchesAny(pattern, pods));
  return [
    all,
    ...unmatched.map((pattern) =>
      checking('jobs', textOf(pattern)).warn(
        'matches no pod on any node now',
        'compare it with the labels of a job pod; leave it if none of its jobs runs now',
      ),
    ),
    ...manners(pods, jobs),
    ...file.pools.filter(isRouted).map(({ name }) => routingFinding(name, jobs)),
  ];
}

/** Only jobs that tolerate its taint are meant for a pool with `routing: tolerating`. */
function routingFinding(pool: string, jobs: readonly PodFound[]): Finding {
  const check = checking('routing', pool);
  const routed = jobs.filter(({ tolerates }) => tolerates.includes(MARK.routing)).length;
  const found = `${routed} of ${counted(jobs.length, 'job pod')} on nodes ${routed === 1 ? 'tolerates' : 'tolerate'} ${MARK.routing}`;
  if (jobs.length === 0) return check.unknown('no job pod is on any node now', 'look again while builds run');
  return routed > 0
    ? check.ok(found)
    : check.warn(
        `${found}: no job goes to the blocks of the pool`,
        `give the pods of the runner sets that are to use it the toleration ${MARK.routing}=${pool}, or say routing: all`,
      );
}

const matchesAny = (pattern: JobPattern, pods: readonly PodFound[]): boolean => pods.some(matchesPattern(pattern));

const textOf = (pattern: JobPattern): string =>
  typeof pattern === 'string'
    ? pattern
    : Object.entries(pattern)
        .filter(([, value]) => value !== undefined)
        .map(([field, value]) => `${field} ${value ?? ''}`)
        .join(', ');

/** How job pods ask to be treated by others. */
function manners(pods: readonly PodFound[], jobs: readonly PodFound[]): readonly Finding[] {
  const tied = pods.filter(({ needsBlock }) => needsBlock);
  const exposed = jobs.filter(
    ({ annotations }) => annotations['cluster-autoscaler.kubernetes.io/safe-to-evict'] !== 'false',
  );
  return [
    ...(tied.length === 0
      ? []
      : [
          checking('jobs', 'affinity').fail(
            `${counted(tied.length, 'pod')} can run on blocks only, such as ${nameOf(tied)}: without a block they wait`,
            'prefer blocks (preferredDuringScheduling), and never require them',
          ),
        ]),
    ...(exposed.length === 0
      ? []
      : [
          checking('jobs', 'safe-to-evict').warn(
            `${counted(exposed.length, 'job pod')} may be evicted by Cluster Autoscaler from its own nodes, such as ${nameOf(exposed)}`,
            'put cluster-autoscaler.kubernetes.io/safe-to-evict: "false" on job pods',
          ),
        ]),
  ];
}

const nameOf = ([first]: readonly PodFound[]): string =>
  first === undefined ? '' : `${first.namespace}/${first.name}`;
