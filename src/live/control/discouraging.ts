import { after, type Instant, type Millis, seconds } from '../../domain/time.ts';
import type { Keeper } from '../../keeper/keeper.ts';
import { nextToGo } from '../../pool/giveBack.ts';
import type { Cluster, NodeOfInstance } from '../kubernetes/cluster.ts';
import { type Clock, hasCome } from '../ports/clock.ts';
import type { Telemetry } from '../ports/telemetry.ts';

/** It is looked at no more often than this: jobs that come in a row must not make a block change places each time. */
const APART_MS: Millis = seconds(5);

export interface DiscouragingPorts {
  readonly cluster: Pick<Cluster, 'nodeOf' | 'discourage'>;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
  /** The pools whose blocks bear the taint, by name. */
  readonly pools: ReadonlySet<string>;
  readonly mayMutate: () => boolean;
  readonly signal: AbortSignal;
}

/**
 * Asks pods to avoid the blocks that are the next to be given back, so that jobs go to the others and these stay idle. A wish and no
 * decision: nothing in the core knows of it.
 */
export function openDiscouraging(ports: DiscouragingPorts): { readonly saw: (keeper: Keeper) => void } {
  const { cluster, clock, telemetry, signal } = ports;
  /** The blocks that pods were asked to avoid in this life: once each, so that a block is written on twice at most. */
  const asked = new Set<string>();
  const busy = new Set<string>();
  let lookAt: Instant = 0;

  return {
    saw({ memories, blocks }) {
      const now = clock.now();
      if (ports.pools.size === 0 || now < lookAt) return;
      lookAt = after(now, APART_MS);
      for (const id of asked) if (!blocks.has(id)) asked.delete(id);
      for (const pool of ports.pools) {
        const memory = memories.get(pool);
        const onBlocks = memory?.workload?.workload?.onBlocks;
        if (memory === undefined || onBlocks === undefined) continue;
        const going = nextToGo(blocks.of(pool).root, onBlocks, memory.wanted);
        for (const [id, { state, context }] of blocks) {
          const { lease } = context;
          if (context.pool !== pool || state !== 'serving' || lease === null) continue;
          const node = cluster.nodeOf(lease.instanceId);
          if (node === undefined || node.discouraged === going.has(id)) continue;
          void write(id, { name: node.name, instanceId: lease.instanceId }, going.has(id));
        }
      }
    },
  };

  async function write(blockId: string, node: NodeOfInstance, discouraged: boolean): Promise<void> {
    // To ask no longer is always allowed, also what an earlier life has asked.
    if (busy.has(blockId) || (discouraged && asked.has(blockId)) || hasCome(signal) || !ports.mayMutate()) return;
    busy.add(blockId);
    const answer = await cluster.discourage(node, discouraged);
    busy.delete(blockId);
    if (answer.kind === 'ok' && discouraged) asked.add(blockId);
    if (answer.kind !== 'ok')
      telemetry.noted('warn', 'node not discouraged', { blockId, node: node.name, reason: answer.message });
  }
}
