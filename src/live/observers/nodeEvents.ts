import type { Ending } from '../../domain/words.ts';
import type { Cluster } from '../kubernetes/cluster.ts';
import type { Happening } from './happenings.ts';
import type { KubernetesEvents } from './kubernetesEvents.ts';

/** Tells people who look at a node that a block of ours drains there, and why. Of a block that is found draining nobody hears again. */
export function nodeEvents(cluster: Pick<Cluster, 'nodeOf'>, events: KubernetesEvents): (happening: Happening) => void {
  return (happening) => {
    if (happening.kind !== 'transition' || happening.to !== 'draining') return;
    const { block, pool, instance, jobs, ending } = happening;
    const node = instance === null ? undefined : cluster.nodeOf(instance);
    if (node === undefined || ending === null) return;
    // What bears our mark when it is found was told of by the keeper that marked it.
    if (happening.from === null && node.ours) return;
    const { reason, why, type } = REASONS[ending];
    const waitsFor = jobs === 0 ? 'no job runs here' : `${jobs} ${jobs === 1 ? 'job runs' : 'jobs run'} on until then`;
    events.announce(
      { kind: 'node', name: node.name, uid: node.uid },
      reason,
      `block ${block} of pool ${pool} drains, and its instance is ended when it is empty: ${why}; ${waitsFor}`,
      type,
    );
  };
}

const REASONS: Readonly<
  Record<Ending, { readonly reason: string; readonly why: string; readonly type: 'Normal' | 'Warning' }>
> = {
  retired: { reason: 'Draining', why: 'its lease ends soon, or it is not wanted any more', type: 'Normal' },
  expired: { reason: 'Draining', why: 'its lease has ended', type: 'Warning' },
  interrupted: { reason: 'Interrupted', why: 'AWS takes the instance back', type: 'Warning' },
  lost: { reason: 'Draining', why: 'its instance is lost', type: 'Warning' },
  // Neither of these ever had a node that served.
  refused: { reason: 'Draining', why: 'it was refused', type: 'Normal' },
  stillborn: { reason: 'Draining', why: 'it joined too late', type: 'Normal' },
};
