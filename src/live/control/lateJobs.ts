import { blockEnd } from '../../domain/leaseEnd.ts';
import type { Cluster } from '../kubernetes/cluster.ts';
import type { Clock } from '../ports/clock.ts';
import type { Roster } from './roster.ts';

export interface LateJobsPorts {
  readonly cluster: Pick<Cluster, 'nodeOf' | 'jobsOn'>;
  readonly clock: Pick<Clock, 'now'>;
  readonly roster: Pick<Roster, 'blockOf' | 'blockWith'>;
}

/**
 * Tells whether a job has come to an instance that is to be ended because it was seen empty: a pod that tolerates every taint is bound to a
 * closed node too, and between the list that proved it empty and the call that ends it there is a write to the ledger, and all the time
 * for which EC2 refuses. Such an instance waits for its job, up to the end of its overrun. One that is ended with jobs on it, at its end or
 * because AWS takes it, waits for none.
 */
export function openLateJobs({
  cluster,
  clock,
  roster,
}: LateJobsPorts): (blockId: string, instanceId: string) => boolean {
  /** Instances that were asked to end when their block knew of no job on them. */
  const emptied = new Set<string>();

  return (blockId, instanceId) => {
    const context = roster.blockOf(blockId)?.context;
    if (context?.lease?.instanceId !== instanceId) return false;
    if (context.jobs.length === 0 && context.jobsKnown && context.reclaimAt === null) emptied.add(instanceId);
    if (!emptied.has(instanceId) || clock.now() >= blockEnd(context.lease, context.overrunMs)) return false;
    for (const one of emptied) if (roster.blockWith(one) === undefined) emptied.delete(one);
    const node = cluster.nodeOf(instanceId);
    return node !== undefined && (cluster.jobsOn(node.name) ?? []).length > 0;
  };
}
