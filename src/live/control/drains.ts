import { SETTLE_MS } from '../../block/rules.ts';
import type { Effect } from '../../domain/effects.ts';
import { after, earliest, type Instant, NEVER, seconds } from '../../domain/time.ts';
import { placeOf } from '../../domain/words.ts';
import type { Keeper } from '../../keeper/keeper.ts';
import type { Cluster, NodeOfInstance } from '../kubernetes/cluster.ts';
import type { KubeAnswer } from '../kubernetes/kubeClient.ts';
import type { SeenPod } from '../kubernetes/pods.ts';
import { type Clock, hasCome, until } from '../ports/clock.ts';
import type { Telemetry } from '../ports/telemetry.ts';
import type { Inbox } from './inbox.ts';
import { openLeaving } from './leaving.ts';
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

/** What consistent lists of a block's pods showed. */
interface Listed {
  readonly takenAt: Instant;
  /** How many. */
  readonly jobs: number;
  /** Other pods that are to leave, and are there. */
  readonly leaving: readonly SeenPod[];
}

export interface DrainPorts {
  readonly cluster: Cluster;
  readonly clock: Clock;
  readonly inbox: Inbox;
  readonly roster: Roster;
  readonly telemetry: Telemetry;
  /** Whether the blocks of a pool take only jobs that tolerate its taint. */
  readonly isRouted: (pool: string) => boolean;
  /** Tells people about a pool. */
  readonly announce: (pool: string, reason: string, note: string) => void;
  readonly mayMutate: () => boolean;
  /** Ends everything that waits here. */
  readonly signal: AbortSignal;
}

/**
 * Cordons, labels, and lists pods until an empty node is proven empty. Jobs run to their end. Other pods are asked to leave for as long as
 * the block drains, within their budgets and grace, and not a moment longer; what is still there is said with the proof, and the
 * block decides how long it waits for that.
 */
export function openDrains(ports: DrainPorts): Drains {
  const { cluster, clock, inbox, roster, telemetry, signal } = ports;
  /** The blocks whose proof is being looked for, and how to look at once. */
  const proofs = new Map<string, () => void>();
  /** The blocks that drain, from their cordon's acknowledgement on. */
  const followed = new Set<string>();
  /** Why the pods of a block's node could not be listed, as it was last told. */
  const unlisted = new Map<string, string>();
  /** The pools whose nodes may not be cordoned, as it was told; until one is. */
  const forbidden = new Set<string>();

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
    const { blockId } = effect;
    const node = nodeOf(blockId, effect.node);
    if (node === undefined) {
      failed(effect, 'the block has no instance any more', 'node left alone');
      return;
    }
    switch (effect.type) {
      case 'labelNode': {
        const answer = await cluster.label(node, effect.labels);
        // What a node may bear that was never a block's, its admission policy says: the label goes first.
        const done = answer.kind === 'ok' ? await routed(blockId, node) : answer;
        if (done.kind === 'failed') failed(effect, done.message, 'node not labelled');
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
        // Nothing can start on a node that is not there, so it counts as closed, and what is left on it is listed as always. Its name may
        // be that of another node by now.
        const isGone =
          answer.kind === 'failed' && ['not-found', 'conflict'].includes(answer.class) && isDeleted(blockId);
        if (answer.kind === 'failed' && !isGone) {
          failed(effect, answer.message, 'node not cordoned');
          if (answer.class === 'forbidden') tellForbidden(blockId, answer.message);
          return;
        }
        forbidden.delete(placeOf(blockId)?.pool ?? '');
        // The keeper hears that it is closed, and lets `saw` look for the proof.
        roster.show(blockId);
        return;
      }
    }
  }

  function routed(blockId: string, node: NodeOfInstance): Promise<KubeAnswer<undefined>> {
    const pool = placeOf(blockId)?.pool ?? '';
    return ports.isRouted(pool) ? cluster.route(node, pool) : Promise.resolve({ kind: 'ok', value: undefined });
  }

  /** Once for each block, also where its cordon is asked for again. */
  async function follow(blockId: string): Promise<void> {
    followed.add(blockId);
    try {
      await until(clock, after(clock.now(), PROOF_MS), signal);
      if (hasCome(signal)) return;
      // By now the watch shows who was bound in the last moment.
      if (roster.blockOf(blockId)?.context.node == null) return;
      await prove(blockId);
    } finally {
      followed.delete(blockId);
    }
  }

  /** Until the block has left, or stopped draining: list its pods, consistently, ask others to leave, and say so when no job is there. */
  async function prove(blockId: string): Promise<void> {
    // An instance may come back under another name; pods may be bound to each that it had.
    const names = new Set<string>();
    const leaving = openLeaving(blockId, { cluster, clock, telemetry, mayAsk });
    try {
      while (mayGoOn(blockId)) {
        const woken = nextLook(blockId);
        const { node } = roster.blockOf(blockId)?.context ?? {};
        if (node != null) names.add(node);
        const now = clock.now();
        let lookAt = after(now, LOOK_AGAIN_MS);
        if (isWorthAList(blockId, names) && !isHeld(blockId)) {
          const list = await listAll(blockId, names);
          if (list === undefined) lookAt = after(now, FAILED_MS);
          else {
            if (list.jobs === 0) sayEmptied(blockId, list);
            if (list.leaving.length > 0)
              lookAt = earliest(lookAt, await leaving.ask(list.leaving), nextFor(blockId, list));
            else await leaving.ask([]);
          }
        }
        await woken(lookAt);
      }
    } finally {
      proofs.delete(blockId);
      unlisted.delete(blockId);
      tellOf(blockId, leaving.told());
    }

    function mayAsk(): boolean {
      return mayGoOn(blockId) && ports.mayMutate() && !isHeld(blockId);
    }
  }

  function mayGoOn(blockId: string): boolean {
    return !signal.aborted && isDraining(blockId);
  }

  /** What the watch shows is only good for waiting: a proof is a list that was asked for after the cordon. */
  function isWorthAList(blockId: string, names: ReadonlySet<string>): boolean {
    const all = [...names];
    return (
      all.every((name) => (cluster.jobsOn(name) ?? []).length === 0) ||
      all.some((name) => leavingFrom(blockId, name).length > 0)
    );
  }

  function sayEmptied(blockId: string, { takenAt, leaving }: Listed): void {
    const names = leaving.map(({ namespace, name }) => `${namespace}/${name}`);
    inbox.say({ type: 'node.emptied', blockId, takenAt, ...(names.length > 0 && { leaving: names }) });
  }

  /** While only other pods are in the way, each that leaves, and the end of their time, matters at once. */
  function nextFor(blockId: string, { jobs }: Listed): Instant {
    const { cordonedAt, timeouts } = roster.blockOf(blockId)?.context ?? {};
    if (jobs > 0 || cordonedAt == null || timeouts === undefined) return NEVER;
    const until = after(cordonedAt, timeouts.evictMs);
    const soon = after(clock.now(), FAILED_MS);
    return until > clock.now() ? earliest(until, soon) : soon;
  }

  /** What stays on a block that ends is named, and why. */
  function tellOf(blockId: string, staying: readonly string[]): void {
    if (staying.length === 0 || signal.aborted || roster.blockOf(blockId)?.state === 'draining') return;
    const pool = placeOf(blockId)?.pool ?? '';
    const what = staying.length === 1 ? '1 pod that did not leave' : `${staying.length} pods that did not leave`;
    ports.announce(pool, 'PodsStay', `block ${blockId} ends with ${what}: ${staying.join(', ')}`);
  }

  /** Jobs go on to land on a node that cannot be closed, and its block cannot wait for its last one: people have to act before its end. */
  function tellForbidden(blockId: string, reason: string): void {
    const pool = placeOf(blockId)?.pool ?? '';
    if (forbidden.has(pool)) return;
    forbidden.add(pool);
    const note = `the node of block ${blockId} may not be cordoned (${reason}): new jobs go on to land there and end with the block; \`spot-keeper doctor\` names the missing right`;
    ports.announce(pool, 'CordonForbidden', note);
  }

  /** Without a list nothing proves a node empty, and its instance goes on to cost. The same reason is told once a drain. */
  function tellUnlisted(blockId: string, node: string, reason: string): void {
    if (signal.aborted || unlisted.get(blockId) === reason) return;
    unlisted.set(blockId, reason);
    telemetry.noted('warn', 'pods of a draining node not listed', { blockId, node, reason });
  }

  /** What lists show that are all asked for now; undefined where one of them cannot be had. Dated by the first. */
  async function listAll(blockId: string, names: ReadonlySet<string>): Promise<Listed | undefined> {
    let takenAt = NEVER;
    let jobs = 0;
    const leaving: SeenPod[] = [];
    for (const name of names) {
      const node = nodeOf(blockId, name);
      const answer = node === undefined ? undefined : await cluster.listJobs(node);
      if (answer?.kind === 'failed') tellUnlisted(blockId, name, answer.message);
      if (answer?.kind !== 'ok') return undefined;
      jobs += answer.value.jobs.length;
      leaving.push(...answer.value.leaving);
      takenAt = Math.min(takenAt, answer.value.takenAt);
    }
    return { takenAt, jobs, leaving };
  }

  function nextLook(blockId: string): (at: Instant) => Promise<void> {
    const now = new AbortController();
    proofs.set(blockId, () => {
      now.abort();
    });
    return (at) => until(clock, at, AbortSignal.any([signal, now.signal]));
  }

  /** A node of that name, as far as the instance of the block is under it; undefined where the block has none. */
  function nodeOf(blockId: string, name: string): NodeOfInstance | undefined {
    const instanceId = roster.blockOf(blockId)?.context.lease?.instanceId;
    return instanceId === undefined ? undefined : { name, instanceId };
  }

  function leavingFrom(blockId: string, name: string): readonly SeenPod[] {
    const node = nodeOf(blockId, name);
    return node === undefined ? [] : cluster.leavingFrom(node);
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
