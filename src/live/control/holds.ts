import { BoughtFor } from '../../domain/boughtFor.ts';
import type { Effect, Hold } from '../../domain/effects.ts';
import { after, type Instant, type Millis, NEVER, seconds } from '../../domain/time.ts';
import type { Cluster } from '../kubernetes/cluster.ts';
import type { KubeFailure } from '../kubernetes/kubeFailure.ts';
import {
  autoscalerWaitsUntil,
  type DelayChange,
  heldUntil,
  released,
  type WaitingPod,
} from '../kubernetes/podDelay.ts';
import type { HoldResult } from '../observers/holdCounts.ts';
import { type Clock, hasCome, until } from '../ports/clock.ts';
import type { Telemetry } from '../ports/telemetry.ts';
import { HoldRaces } from './holdRaces.ts';
import type { Inbox } from './inbox.ts';
import { REASONS } from './untried.ts';

type HoldJobs = Extract<Effect, { readonly type: 'holdJobs' }>;

/** So many patches are on their way at once: a burst of hundreds is written within a second or two, and no server is stormed. */
const AT_ONCE = 8;

/**
 * A pod is written on at most so often by one life of the keeper, the last time to release it: held, extended once its block
 * is known, and once more for another block.
 */
const MOST_WRITES = 4;

/** A server that asked to be left alone is asked once more, after what it said but for no longer than this. */
const LONGEST_PAUSE_MS: Millis = seconds(3);
const USUAL_PAUSE_MS: Millis = seconds(1);

/**
 * A release waits so long: when a node has become ready the scheduler binds the pods that were held for it, and then nothing
 * needs to be written.
 */
const RELEASE_AFTER_MS: Millis = 800;

export interface HoldsPorts {
  readonly cluster: Pick<Cluster, 'hold'>;
  readonly clock: Clock;
  readonly inbox: Pick<Inbox, 'say'>;
  readonly telemetry: Telemetry;
  /** Whose holds are extended and released; those of other fleets are left alone. */
  readonly fleet: string;
  /** The pods that count as waiting for a pool; undefined while that is not known. */
  readonly waitingFor: (pool: string) => readonly WaitingPod[] | undefined;
  /** What became of the hold of one job. */
  readonly told: (pool: string, result: HoldResult) => void;
  readonly mayMutate: () => boolean;
  /** Nothing is written after it. What is held then ends by itself. */
  readonly signal: AbortSignal;
}

interface Write {
  readonly pod: WaitingPod;
  readonly change: DelayChange;
  /** Whether it holds the pod, or releases it. */
  readonly isHold: boolean;
}

/**
 * Brings the holds of a pool's waiting pods to the level that is asked for: the oldest are held, the others that bear a hold of
 * ours are released. What was asked for last stands; a pool is worked on once at a time, so no pod has two patches on their way.
 */
export function openHolds(ports: HoldsPorts): (effect: HoldJobs) => void {
  const { cluster, clock, inbox, telemetry, signal } = ports;
  const asked = new Map<string, HoldJobs>();
  /** The pools that are being worked on, and how to end a wait there. */
  const busy = new Map<string, AbortController>();
  /** Since when there has been something to release, by pool. */
  const releasable = new Map<string, Instant>();
  /** How often each pod was written on, by uid, as long as it waits. */
  const writes = new Map<string, Map<string, number>>();
  const races = new Map<string, HoldRaces>();
  const bought = new Map<string, BoughtFor>();

  return (effect) => {
    asked.set(effect.pool, effect);
    if (busy.has(effect.pool)) busy.get(effect.pool)?.abort();
    else void work(effect.pool);
  };

  async function work(pool: string): Promise<void> {
    try {
      for (let level = asked.get(pool); level !== undefined && !signal.aborted; level = asked.get(pool)) {
        asked.delete(pool);
        const another = new AbortController();
        busy.set(pool, another);
        const failure = await bring(level, AbortSignal.any([signal, another.signal]));
        // Where another level was asked for meanwhile, what became of this one is of no interest.
        if (failure === undefined || asked.has(pool) || hasCome(signal)) continue;
        telemetry.noted('warn', 'jobs not held', { pool, reason: failure });
        inbox.say({ type: 'jobs.unheld', pool, reason: failure });
      }
    } finally {
      busy.delete(pool);
    }
  }

  /** Why it did not come about, if it did not. Where the server asks to be left alone, once more after a pause. */
  async function bring(level: HoldJobs, ended: AbortSignal): Promise<string | undefined> {
    let failure = await tryToBring(level);
    const releaseAt = after(releasable.get(level.pool) ?? NEVER, RELEASE_AFTER_MS);
    if (typeof failure === 'object') {
      const pauseMs = Math.min(failure.retryAfterMs ?? USUAL_PAUSE_MS, LONGEST_PAUSE_MS);
      await until(clock, after(clock.now(), pauseMs), ended);
    } else if (failure === undefined && releaseAt !== NEVER) await until(clock, releaseAt, ended);
    else return failure;
    if (hasCome(ended)) return undefined;
    failure = await tryToBring(level);
    return typeof failure === 'object' ? textOf(failure) : failure;
  }

  /** Undefined where all that was to be written is, else why not; the failure itself where the server is too busy. */
  async function tryToBring(level: HoldJobs): Promise<KubeFailure | string | undefined> {
    const pods = ports.waitingFor(level.pool);
    if (pods === undefined) return 'which jobs wait is not known now';
    const counts = countsOf(level.pool, pods);
    const left = [...writesOf(level, pods, counts)];
    const race = racesOf(level.pool);
    race.look(pods, new Set(left.filter(({ isHold }) => isHold).map(({ pod }) => pod.uid)), clock.now());
    const forbiddenIn = new Set<string>();
    let failure: KubeFailure | string | undefined;
    let isOver = false;

    async function writeOneByOne(): Promise<void> {
      for (let next = left.shift(); next !== undefined && !isOver && !signal.aborted; next = left.shift()) {
        const { pod, change, isHold } = next;
        // Another level was asked for: what is left of this one is outdated.
        if (asked.has(level.pool)) return;
        if (forbiddenIn.has(pod.namespace)) continue;
        if (!ports.mayMutate()) {
          failure = REASONS['no-leadership'];
          return;
        }
        const answer = await cluster.hold(pod, change);
        if (answer.kind === 'ok') {
          counts.set(pod.uid, (counts.get(pod.uid) ?? 0) + 1);
          if (isHold) race.held(pod, clock.now());
          else race.released(pod);
        } else if (!GONE.has(answer.class)) {
          isOver ||= !OF_ONE_PLACE.has(answer.class);
          if (answer.class === 'forbidden') forbiddenIn.add(pod.namespace);
          failure = answer.class === 'throttled' ? answer : textOf(answer);
        }
      }
    }
    await Promise.all(Array.from({ length: Math.min(AT_ONCE, left.length) }, writeOneByOne));
    return failure;
  }

  /** What is to be written, in the order in which it is. */
  function writesOf(
    { pool, holds, mostMs, boughtMs = 0 }: HoldJobs,
    pods: readonly WaitingPod[],
    counts: ReadonlyMap<string, number>,
  ): readonly Write[] {
    const now = clock.now();
    const untils = eachOf(holds);
    const holding: Write[] = [];
    const releases: Write[] = [];
    const inTurn = [...pods].sort(byAge);
    const due = boughtFor(pool, inTurn, untils.length);
    for (const [place, pod] of inTurn.entries()) {
      const at = untils[place] ?? due.dueAt(pod.uid, boughtMs, now);
      const holder = { fleet: ports.fleet, pool };
      const change = at === undefined ? released(pod, ports.fleet) : heldUntil(pod, holder, { until: at, mostMs, now });
      if (change === undefined) continue;
      if (at === undefined) releases.push({ pod, change, isHold: false });
      // The last write is kept for the release.
      else if ((counts.get(pod.uid) ?? 0) < MOST_WRITES - 1) holding.push({ pod, change, isHold: true });
    }
    if (releases.length === 0) releasable.delete(pool);
    else if (!releasable.has(pool)) releasable.set(pool, now);
    const areDue = now >= after(releasable.get(pool) ?? NEVER, RELEASE_AFTER_MS);
    // A hold that comes late buys a node; a release that comes late makes a job wait a little.
    return areDue ? [...holding, ...releases] : holding;
  }

  function boughtFor(pool: string, pods: readonly WaitingPod[], held: number): BoughtFor {
    const known = bought.get(pool) ?? new BoughtFor();
    bought.set(pool, known);
    const others = pods.slice(held).map((pod) => ({ id: pod.uid, freeAt: autoscalerWaitsUntil(pod) }));
    known.look(new Set(pods.slice(0, held).map(({ uid }) => uid)), others, clock.now());
    return known;
  }

  function racesOf(pool: string): HoldRaces {
    const known =
      races.get(pool) ??
      new HoldRaces(ports.fleet, (result) => {
        ports.told(pool, result);
      });
    races.set(pool, known);
    return known;
  }

  /** Forgets the pods that wait no more. */
  function countsOf(pool: string, pods: readonly WaitingPod[]): Map<string, number> {
    const before = writes.get(pool);
    const now = new Map(pods.map(({ uid }) => [uid, before?.get(uid) ?? 0]));
    writes.set(pool, now);
    return now;
  }
}

/** Until when each is held, the oldest first. */
const eachOf = (holds: readonly Hold[]): readonly Instant[] =>
  holds.flatMap(({ jobs, until }) => Array.from({ length: jobs }, () => until));

/** Kubernetes writes whole seconds, so many are of one age: between looks those keep their order. */
const byAge = (one: WaitingPod, other: WaitingPod): number =>
  (one.createdAt ?? 0) - (other.createdAt ?? 0) || (one.uid < other.uid ? -1 : 1);

/** The pod has gone, or another bears its name by now: there is nothing to hold. */
const GONE: ReadonlySet<KubeFailure['class']> = new Set(['not-found', 'gone', 'conflict']);

/** Says nothing of pods in other namespaces, or of other pods. */
const OF_ONE_PLACE: ReadonlySet<KubeFailure['class']> = new Set(['forbidden', 'refused']);

const textOf = ({ class: kind, message }: KubeFailure): string => `${kind}: ${message}`;
