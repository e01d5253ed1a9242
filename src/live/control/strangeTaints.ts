import { after, type Instant } from '../../domain/time.ts';
import type { Keeper } from '../../keeper/keeper.ts';
import type { Cluster } from '../kubernetes/cluster.ts';
import type { PoolCondition } from '../observers/present.ts';

/** Whether the nodes of a pool are free of taints of which we do not know what they mean. Not said of a pool that never had one. */
export const TAINTS_KNOWN = 'TaintsKnown';

/** Tells which pools have nodes that serve nobody for a taint that nobody has spoken for, for longer than a node may take to join. */
export interface StrangeTaints {
  readonly saw: (keeper: Keeper) => void;
  readonly conditions: () => readonly PoolCondition[];
}

export interface StrangeTaintsPorts {
  readonly cluster: Pick<Cluster, 'nodeOf'>;
  readonly now: () => Instant;
  readonly announce: (pool: string, reason: string, note: string) => void;
}

export function openStrangeTaints({ cluster, now, announce }: StrangeTaintsPorts): StrangeTaints {
  const told = new Map<string, PoolCondition>();
  return { saw, conditions: () => [...told.values()] };

  function saw({ blocks }: Keeper): void {
    for (const { state, context } of blocks.values()) {
      const { lease, pool, timeouts } = context;
      if (lease === null || state === 'gone' || state === 'terminating') continue;
      const status = told.get(pool)?.status;
      // A node that is free shows that the pool's are again, where something was said of them.
      if (state === 'serving' && context.ready) {
        if (status === 'false' && context.unusableAt > now() && isFree(lease.instanceId))
          told.set(pool, { pool, condition: TAINTS_KNOWN, status: 'true' });
        continue;
      }
      if (status === 'false' || now() < after(lease.startsAt, timeouts.joinMs)) continue;
      const node = cluster.nodeOf(lease.instanceId);
      if (node === undefined || node.strangeTaints.length === 0) continue;
      const keys = node.strangeTaints.join(', ');
      const message = `${node.name} of ${context.id} bears ${keys}, which no job tolerates and the pools file does not name: it serves nobody; list it under live.startUpTaints or live.nodeTaints`;
      told.set(pool, { pool, condition: TAINTS_KNOWN, status: 'false', reason: 'StrangeTaint', message, since: now() });
      announce(pool, 'StrangeTaint', message);
    }
  }

  function isFree(instanceId: string): boolean {
    return cluster.nodeOf(instanceId)?.strangeTaints.length === 0;
  }
}
