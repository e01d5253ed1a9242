import { performance } from 'node:perf_hooks';
import { type Instant, type Millis, minutes, seconds } from '../../../domain/time.ts';
import { type Clock, until } from '../../ports/clock.ts';
import type { Telemetry } from '../../ports/telemetry.ts';
import type { Kube } from '../kubeClient.ts';
import type { KubeFailure } from '../kubeFailure.ts';
import type { KubeObject } from '../kubeObject.ts';
import { type Followed, follow } from './follow.ts';
import { listAll } from './listing.ts';
import { openGet, textIn } from './rawApi.ts';
import { type ItemListener, type ReflectedSet, reflectedSet } from './reflectedSet.ts';

/** How patient a reflection is. */
export interface ReflectionLimits {
  /** Real time of silence after which a connection counts as dead. Longer than `watchMs`, which ends a healthy one. */
  readonly idleMs: Millis;
  /** After how much real time, give or take a sixth, the server is asked to end a watch; it sends a bookmark before that. */
  readonly watchMs: Millis;
  /**
   * Real time without an event or a bookmark after which a list takes the place of the next watch. Shorter than the shortest watch,
   * so that one that told nothing is followed by a list; a server that sends no bookmarks costs a list for each watch.
   */
  readonly silentMs: Millis;
  /** Real time without a word of the server after which what is held is no longer called fresh. */
  readonly freshMs: Millis;
  /** How often everything is listed, whatever the watch says: it may have lost events without knowing. */
  readonly listEveryMs: Millis;
  /** The least time between two starts of a watch, so that a server that closes each at once is not stormed. */
  readonly leastMs: Millis;
  /** The longest wait after failures; the first is `leastMs`, and each doubles. */
  readonly mostMs: Millis;
}

/** Lists at least every five minutes with jitter; the rest is the order of magnitude of client-go's own reflector. */
export const REFLECTION_LIMITS: ReflectionLimits = {
  idleMs: seconds(60),
  silentMs: seconds(40),
  watchMs: seconds(50),
  freshMs: seconds(90),
  listEveryMs: minutes(4),
  leastMs: seconds(1),
  mostMs: seconds(30),
};

export interface ReflectionSetup<Item> {
  readonly kube: Kube;
  /** The plural of the resource, `pods`, and the path under which all of it is listed, `/api/v1/pods`. */
  readonly resource: string;
  readonly path: string;
  /** The few fields of an object that are kept; undefined for an object that nobody wants. Throws for what is no object of the resource. */
  readonly prune: (object: KubeObject) => Item | undefined;
  readonly clock: Clock;
  /** Ends the reflection. */
  readonly signal: AbortSignal;
  readonly telemetry: Telemetry;
  readonly limits?: Partial<ReflectionLimits>;
}

/** A picture of one resource that is kept up to date. */
export interface Reflection<Item> {
  readonly items: () => readonly Item[];
  /** The newest resourceVersion seen; undefined before the first list. */
  readonly version: () => string | undefined;
  /** Whether the picture may be trusted: listed, nothing known to be missed, and the server heard of lately. */
  readonly fresh: () => boolean;
  /** Takes over an object as the server returned it for a write of ours. */
  readonly wrote: (object: KubeObject) => void;
  /** Resolves after the first list; rejects if the reflection is ended before it. */
  readonly synced: () => Promise<void>;
  readonly watchEventsSeen: () => number;
  /** Resolves when the reflection has ended, and every connection of it. */
  readonly stopped: Promise<void>;
}

/**
 * Keeps a picture of one resource by listing and watching it, until `signal` ends it. Nothing that the server does
 * ends it or makes it storm the server: each trouble costs a wait that doubles, and whatever leaves a doubt whether an
 * event was missed costs a full list, until which the picture is not fresh.
 */
export function reflect<Item>(setup: ReflectionSetup<Item>, on: ItemListener<Item>): Reflection<Item> {
  const { clock, signal, telemetry, resource } = setup;
  const limits = { ...REFLECTION_LIMITS, ...setup.limits };
  const set = reflectedSet(setup.prune, guarded(on, telemetry, resource));
  let settle: { readonly resolve: () => void; readonly reject: (why: Error) => void } | undefined;
  const synced = new Promise<void>((resolve, reject) => {
    settle = { resolve, reject };
  });
  // Nobody has to wait for the first list, and then its failure is nobody's business.
  synced.catch(() => undefined);
  const state: State = {
    ...{ listed: false, listNeeded: true, listDueAt: 0, heardAt: 0, eventsSeen: 0 },
    onListed: () => settle?.resolve(),
  };

  async function run(): Promise<void> {
    let failures = 0;
    while (!signal.aborted) {
      const startedAt = clock.now();
      const trouble = await session(setup, limits, set, state);
      const lastedMs = clock.now() - startedAt;
      if (trouble === undefined || lastedMs >= limits.mostMs) failures = 0;
      if (trouble !== undefined) {
        failures += 1;
        telemetry.noted('warn', 'watching the cluster was disturbed', { resource, failures, why: trouble.message });
      }
      const backOffMs = Math.min(limits.mostMs, limits.leastMs * 2 ** Math.max(0, failures - 1));
      const waitMs = Math.max(jittered(backOffMs) - (failures > 1 ? 0 : lastedMs), trouble?.retryAfterMs ?? 0);
      if (waitMs > 0) await until(clock, clock.now() + waitMs, signal);
    }
    settle?.reject(new Error(`${resource} are no longer watched`));
  }

  return {
    items: set.items,
    version: set.version,
    fresh: () => state.listed && !state.listNeeded && performance.now() - state.heardAt < limits.freshMs,
    wrote: set.wrote,
    synced: () => synced,
    watchEventsSeen: () => state.eventsSeen,
    stopped: run(),
  };
}

interface State extends Followed {
  listed: boolean;
  listDueAt: Instant;
  readonly onListed: () => void;
}

type Trouble = Pick<KubeFailure, 'message' | 'retryAfterMs'>;

/** One list, if one is due, and one watch until it ends. Answers what went wrong, if anything did. */
async function session<Item>(
  setup: ReflectionSetup<Item>,
  limits: ReflectionLimits,
  set: ReflectedSet<Item>,
  state: State,
): Promise<Trouble | undefined> {
  const { kube, clock, signal, resource, path } = setup;
  const silentMs = performance.now() - state.heardAt;
  // A watch that is open and tells nothing may have lost its place: a healthy one sends a bookmark before its end.
  if (state.listNeeded || clock.now() >= state.listDueAt || silentMs >= limits.silentMs) {
    const listing = await listAll(kube, { resource, path, signal, keep: set.pruned });
    if (listing.kind === 'failed') return listing;
    if (set.replace(listing.value) === 'stale') return { message: 'a list older than what was already seen' };
    state.listed = true;
    state.listNeeded = false;
    state.heardAt = performance.now();
    state.listDueAt = clock.now() + jittered(limits.listEveryMs);
    state.onListed();
  }
  const ending = new AbortController();
  const stop = AbortSignal.any([signal, ending.signal]);
  const callOff = clock.at(state.listDueAt, () => {
    ending.abort();
  });
  const query = new URLSearchParams({
    ...{ watch: 'true', allowWatchBookmarks: 'true', resourceVersion: set.version() ?? '' },
    timeoutSeconds: String(Math.ceil(jittered(limits.watchMs) / seconds(1))),
  });
  try {
    // The call ends when the answer begins. What then cuts off the stream is `stop`, not the time-out of the call. Some servers and proxies
    // begin an answer with its first event, so that a cluster in which nothing happens is no trouble.
    const opened = await kube.call(
      `watch ${resource}`,
      () => openGet(kube.config, { path: `${path}?${query.toString()}`, idleMs: limits.idleMs, signal: stop }),
      { timeoutMs: limits.idleMs },
    );
    if (opened.kind === 'failed') {
      const mayGoOn = (opened.class === 'unreachable' && opened.code !== 504) || opened.class === 'throttled';
      if (!mayGoOn) state.listNeeded = true;
      return stop.aborted ? undefined : opened;
    }
    return await follow(textIn(opened.value), set, state);
  } catch (error) {
    return stop.aborted ? undefined : { message: String(error) };
  } finally {
    callOff();
    ending.abort();
  }
}

/** Between five sixths and seven sixths: listeners that started together do not stay together. */
const jittered = (ms: Millis): Millis => ms * (5 / 6 + Math.random() / 3);

/** A listener that throws loses what it was told, and nobody else does. */
function guarded<Item>(on: ItemListener<Item>, telemetry: Telemetry, resource: string): ItemListener<Item> {
  const guard =
    <Told extends readonly unknown[]>(tell: (...told: Told) => void) =>
    (...told: Told): void => {
      try {
        tell(...told);
      } catch (error) {
        telemetry.noted('error', 'a listener to the cluster failed', { resource, why: String(error) });
      }
    };
  return { listed: guard(on.listed), changed: guard(on.changed), removed: guard(on.removed) };
}
