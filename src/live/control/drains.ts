import { SETTLE_MS } from '../../block/rules.ts';
import type { Effect } from '../../domain/effects.ts';
import { after, type Instant, NEVER, seconds } from '../../domain/time.ts';
import type { Keeper } from '../../keeper/keeper.ts';
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
  /** What the keeper knows after a turn. Looks after every block that drains and whose node is closed, by us or by others. */
  saw(keeper: Keeper): void;
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
  /** The blocks that drain, from their cordon's acknowledgement on. */
  const followed = new Set<string>();

  return {
    perform(effect) {
      void act(effect);
    },
    changed() {
      for (const look of proofs.values()) look();
    },
    saw({ blocks }) {
      for (const [id, { state, context }] of blocks)
        if (state === 'draining' && context.cordonedAt !== null && !followed.has(id)) void follow(id);
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
        // The keeper hears that it is closed, and lets `saw` look for the proof.
        roster.show(blockId);
        return;
      }
    }
  }

  /** Once for each block, also where its cordon is asked for again. */
  async function follow(blockId: string): Promise<void> {
    followed.add(blockId);
    try {
      await until(clock, after(clock.now(), PROOF_MS), signal);
      if (hasCome(signal)) return;
      // By now the watch shows who was bound in the last moment.
      const { node, deadlineAt } = roster.blockOf(blockId)?.context ?? {};
      if (node == null || deadlineAt === undefined) return;
      if (ports.otherPods === 'evict') void cluster.evictOthers(node, { deadline: deadlineAt });
      await prove(blockId);
    } finally {
      followed.delete(blockId);
    }
  }

  /** Until the block has left, or stopped draining: list its pods, consistently, and say so when no job is there. */
  async function prove(blockId: string): Promise<void> {
    // An instance may come back under another name; pods may be bound to each that it had.
    const names = new Set<string>();
    try {
      while (!signal.aborted && isDraining(blockId)) {
        const woken = nextLook(blockId);
        const { node } = roster.blockOf(blockId)?.context ?? {};
        if (node != null) names.add(node);
        // What the watch shows is only good for waiting: a proof is a list that was asked for after the cordon.
        const mayBeEmpty = [...names].every((name) => (cluster.jobsOn(name) ?? []).length === 0);
        const proof = mayBeEmpty && !isHeld(blockId) ? await listAll(names) : 'a job runs';
        if (typeof proof === 'number') inbox.say({ type: 'node.emptied', blockId, takenAt: proof });
        await woken(after(clock.now(), proof === 'failed' ? FAILED_MS : LOOK_AGAIN_MS));
      }
    } finally {
      proofs.delete(blockId);
    }
  }

  /** When the first list was taken, if none shows a job. */
  async function listAll(names: ReadonlySet<string>): Promise<Instant | 'failed' | 'a job runs'> {
    let takenAt = NEVER;
    for (const name of names) {
      const answer = await cluster.listJobs(name);
      if (answer.kind === 'failed') return 'failed';
      if (answer.value.jobs.length > 0) return 'a job runs';
      takenAt = Math.min(takenAt, answer.value.takenAt);
    }
    return takenAt;
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
