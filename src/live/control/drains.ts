import { SETTLE_MS } from '../../block/rules.ts';
import type { Effect } from '../../domain/effects.ts';
import { after, type Instant, seconds } from '../../domain/time.ts';
import type { Cluster } from '../kubernetes/cluster.ts';
import { type Clock, hasCome, until } from '../ports/clock.ts';
import type { Telemetry } from '../ports/telemetry.ts';
import type { Inbox } from './inbox.ts';
import type { Roster } from './roster.ts';
import { untried } from './untried.ts';

type NodeEffect = Extract<Effect, { readonly type: 'cordonNode' | 'uncordonNode' | 'labelNode' }>;

/** A list that failed is taken again after so long. */
const FAILED_MS = seconds(5);

/** A list that proved nothing, because a job runs or nobody could tell, is taken again after so long if nothing woke it. */
const LOOK_AGAIN_MS = seconds(30);

/** After the cordon's acknowledgement a little more than a bind in flight may take. */
const PROOF_MS = SETTLE_MS + seconds(1);

/** What nodes are asked for, and the proof that a draining one is empty. */
export interface Drains {
  perform(effect: NodeEffect): void;
  /** Something changed in the cluster: a node that waits for its proof may be empty now. */
  changed(): void;
}

export interface DrainPorts {
  readonly cluster: Cluster;
  readonly clock: Clock;
  readonly inbox: Inbox;
  readonly roster: Roster;
  readonly telemetry: Telemetry;
  readonly otherPods: 'evict' | 'leave';
  readonly mayMutate: () => boolean;
  /** Ends everything that waits here. */
  readonly signal: AbortSignal;
}

/** Cordons, labels, and lists pods until an empty node is proven empty. Never evicts a job. */
export function openDrains(ports: DrainPorts): Drains {
  const { cluster, clock, inbox, roster, telemetry, signal } = ports;
  /** The blocks whose proof is being looked for, and how to look at once. */
  const proofs = new Map<string, () => void>();
  /** The blocks whose other pods are being asked to leave. */
  const evicting = new Set<string>();

  return {
    perform(effect) {
      void act(effect);
    },
    changed() {
      for (const look of proofs.values()) look();
    },
  };

  async function act(effect: NodeEffect): Promise<void> {
    if (!ports.mayMutate()) {
      inbox.say(untried(effect, 'no-leadership'));
      return;
    }
    const { blockId, node } = effect;
    switch (effect.type) {
      case 'labelNode': {
        const answer = await cluster.label(node, effect.labels);
        if (answer.kind === 'failed') failed(effect, answer.message, 'node not labelled');
        return;
      }
      case 'uncordonNode': {
        const answer = await cluster.uncordon(node);
        if (answer.kind === 'failed') failed(effect, answer.message, 'node not uncordoned');
        else roster.show(blockId);
        return;
      }
      case 'cordonNode': {
        const deadline = roster.blockOf(blockId)?.context.deadlineAt ?? clock.now();
        const answer = await cluster.cordon(node, { blockId, deadline });
        if (signal.aborted) return;
        // Nothing can start on a node that is not there, so it counts as closed, and what is left on it is listed as always.
        const isGone = answer.kind === 'failed' && answer.class === 'not-found' && isDeleted(blockId);
        if (answer.kind === 'failed' && !isGone) {
          failed(effect, answer.message, 'node not cordoned');
          return;
        }
        roster.show(blockId);
        await until(clock, after(clock.now(), PROOF_MS), signal);
        if (hasCome(signal)) return;
        // By now the watch shows who was bound in the last moment.
        if (ports.otherPods === 'evict') void evict(blockId, node, deadline);
        void prove(blockId, node);
        return;
      }
    }
  }

  /** Once at a time: a cordon that is asked for again finds the pods asked already. */
  async function evict(blockId: string, node: string, deadline: Instant): Promise<void> {
    if (evicting.has(blockId)) return;
    evicting.add(blockId);
    try {
      await cluster.evictOthers(node, { deadline });
    } finally {
      evicting.delete(blockId);
    }
  }

  /** Until the block has left, or stopped draining: list its pods, consistently, and say so when no job is there. */
  async function prove(blockId: string, node: string): Promise<void> {
    if (proofs.has(blockId)) return;
    try {
      while (!signal.aborted && isDraining(blockId)) {
        const woken = nextLook(blockId);
        const seen = cluster.jobsOn(node);
        // What the watch shows is only good for waiting: a proof is a list that was asked for after the cordon.
        const mayBeEmpty = seen === undefined || seen.length === 0;
        const answer = mayBeEmpty && !isHeld(blockId) ? await cluster.listJobs(node) : undefined;
        if (answer?.kind === 'ok' && answer.value.jobs.length === 0)
          inbox.say({ type: 'node.emptied', blockId, takenAt: answer.value.takenAt });
        await woken(after(clock.now(), answer?.kind === 'failed' ? FAILED_MS : LOOK_AGAIN_MS));
      }
    } finally {
      proofs.delete(blockId);
    }
  }

  function nextLook(blockId: string): (at: Instant) => Promise<void> {
    const now = new AbortController();
    proofs.set(blockId, () => {
      now.abort();
    });
    return (at) => until(clock, at, AbortSignal.any([signal, now.signal]));
  }

  function isDraining(blockId: string): boolean {
    return roster.blockOf(blockId)?.state === 'draining';
  }

  function isDeleted(blockId: string): boolean {
    const instanceId = roster.blockOf(blockId)?.context.lease?.instanceId;
    return instanceId !== undefined && cluster.fresh() && cluster.nodeOf(instanceId) === undefined;
  }

  /** People asked to keep the node: only its hard end is stronger. */
  function isHeld(blockId: string): boolean {
    const instanceId = roster.blockOf(blockId)?.context.lease?.instanceId;
    return instanceId !== undefined && cluster.nodeOf(instanceId)?.held === true;
  }

  function failed(effect: NodeEffect, reason: string, event: string): void {
    telemetry.noted('warn', event, { blockId: effect.blockId, node: effect.node, reason });
    inbox.say({ type: 'effect.failed', blockId: effect.blockId, effect: effect.type, reason });
  }
}
