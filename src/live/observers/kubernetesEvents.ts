import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import {
  EventsV1Event,
  EventsV1EventSeries,
  PatchStrategy,
  setHeaderOptions,
  V1MicroTime,
  V1ObjectMeta,
  V1ObjectReference,
} from '@kubernetes/client-node';
import { NODE_LABEL } from '../../domain/nodeLabels.ts';
import { after, type Instant, type Millis, minutes, seconds } from '../../domain/time.ts';
import type { Kube } from '../kubernetes/kubeClient.ts';
import { ledgerNameOf } from '../kubernetes/ledger/ledgerObject.ts';
import type { Clock } from '../ports/clock.ts';
import type { Telemetry } from '../ports/telemetry.ts';
import { noteOf, reasonOf } from './eventText.ts';

/** Says on each Event which fleet it is about. */
const FLEET_LABEL = 'spot-keeper.io/fleet';

/** What an event is about. */
export type EventSubject =
  | { readonly kind: 'pool'; readonly pool: string }
  | { readonly kind: 'node'; readonly name: string; readonly uid: string };

export interface KubernetesEvents {
  /**
   * Tells people who look at the object; returns at once, and what cannot be told is dropped. A subject's reason that
   * comes again is counted in a series, which keeps the first note and is written at most every two minutes.
   */
  readonly announce: (subject: EventSubject, reason: string, note: string, type?: 'Normal' | 'Warning') => void;
}

/** One event as it stands in the cluster, and what has come to it since. */
interface Series {
  readonly event: EventsV1Event;
  count: number;
  lastAt: Instant;
  sentAt: Instant;
  /** Whether something was counted that the cluster does not know yet. */
  behind: boolean;
}

/** What repeats within this time is counted only. Karpenter has chosen the same. */
const QUIET_MS: Millis = minutes(2);

/** A series that was silent for this long is over, and the next is an event of its own. So does Kubernetes' own recorder. */
const SERIES_ENDS_MS: Millis = minutes(6);

/** So many calls at once, and one more every few seconds: a bad hour must not fill the cluster's store. */
const BURST = 25;
const REFILL_MS: Millis = seconds(10);

/** Calls that wait for one another; what comes on top is dropped. */
const MOST_WAITING = 100;

/**
 * Kubernetes Events about pools and nodes, as best effort. A pool is no object of the cluster, so that its events are
 * about the ConfigMap that holds the fleet's ledger, with the pool's name in the note and in a label.
 */
export function kubernetesEvents({
  kube,
  namespace,
  fleet,
  clock,
  telemetry,
  // In a pod this is the pod's name.
  instance = hostname(),
  signal,
}: {
  readonly kube: Kube;
  readonly namespace: string;
  readonly fleet: string;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
  readonly instance?: string;
  /** Ends it: nothing more is told, and no count is waited for. */
  readonly signal?: AbortSignal;
}): KubernetesEvents {
  const running = new Map<string, Series>();
  const waiting: (() => Promise<unknown>)[] = [];
  let sending = false;
  let dropping = false;
  let allowance = { calls: BURST, at: clock.now() };
  let ledgerUid: string | undefined;

  function announce(
    subject: EventSubject,
    reasonText: string,
    note: string,
    type: 'Normal' | 'Warning' = 'Normal',
  ): void {
    if (signal?.aborted === true) return;
    const now = clock.now();
    for (const [key, series] of running)
      if (now - series.lastAt > SERIES_ENDS_MS && !series.behind) running.delete(key);
    const reason = reasonOf(reasonText);
    const key = JSON.stringify([subject.kind === 'pool' ? subject.pool : [subject.name, subject.uid], reason]);
    const series = running.get(key);
    if (series !== undefined) {
      repeat(series, now);
      return;
    }
    const event = eventOf(subject, { reason, note, type, now });
    const begun: Series = { event, count: 1, lastAt: now, sentAt: now, behind: false };
    if (send(now, () => create(event, subject))) running.set(key, begun);
  }

  function repeat(series: Series, now: Instant): void {
    series.count += 1;
    series.lastAt = now;
    if (series.behind) return;
    series.behind = true;
    const callOff = clock.at(after(series.sentAt, QUIET_MS), () => {
      signal?.removeEventListener('abort', callOff);
      const at = clock.now();
      series.behind = false;
      series.sentAt = at;
      // A dropped update is made good by the next: it carries the whole count.
      send(at, () => update(series));
    });
    signal?.addEventListener('abort', callOff, { once: true });
  }

  /** Takes a call into the queue, if the allowance and the queue have room for it. */
  function send(now: Instant, call: () => Promise<unknown>): boolean {
    const calls = Math.min(BURST, allowance.calls + Math.max(0, now - allowance.at) / REFILL_MS);
    const taken = calls >= 1 && waiting.length < MOST_WAITING;
    allowance = { calls: taken ? calls - 1 : calls, at: now };
    if (!taken && !dropping) telemetry.noted('warn', 'kubernetes events are dropped');
    dropping = !taken;
    if (taken) {
      waiting.push(call);
      if (!sending) void sendAll();
    }
    return taken;
  }

  /** One call at a time, in order. */
  async function sendAll(): Promise<void> {
    sending = true;
    for (let call = waiting.shift(); call !== undefined; call = waiting.shift()) await call();
    sending = false;
  }

  async function create(event: EventsV1Event, subject: EventSubject): Promise<void> {
    if (subject.kind === 'pool') {
      ledgerUid ??= await uidOfLedger();
      if (event.regarding !== undefined && ledgerUid !== undefined) event.regarding.uid = ledgerUid;
    }
    const options = { namespace: event.metadata?.namespace ?? namespace, body: event };
    await kube.call('create events', () => kube.events.createNamespacedEvent(options));
  }

  async function update({ event, count, lastAt }: Series): Promise<void> {
    const series = Object.assign(new EventsV1EventSeries(), { count, lastObservedTime: new V1MicroTime(lastAt) });
    const place = { namespace: event.metadata?.namespace ?? namespace, name: event.metadata?.name ?? '' };
    const patched = await kube.call('patch events', () =>
      kube.events.patchNamespacedEvent(
        { ...place, body: { series } },
        setHeaderOptions('Content-Type', PatchStrategy.MergePatch),
      ),
    );
    // The cluster forgets events after an hour or so: the series goes on in a new one.
    if (patched.kind === 'failed' && patched.class === 'not-found')
      await kube.call('create events', () =>
        kube.events.createNamespacedEvent({ namespace: place.namespace, body: Object.assign(event, { series }) }),
      );
  }

  /** Without it `kubectl describe` does not find the events of the object. */
  async function uidOfLedger(): Promise<string | undefined> {
    const found = await kube.call('get configmaps', () =>
      kube.core.readNamespacedConfigMap({ namespace, name: ledgerNameOf(fleet) }),
    );
    return found.kind === 'ok' ? found.value.metadata?.uid : undefined;
  }

  function eventOf(
    subject: EventSubject,
    { reason, note, type, now }: { reason: string; note: string; type: 'Normal' | 'Warning'; now: Instant },
  ): EventsV1Event {
    const regarding = Object.assign(
      new V1ObjectReference(),
      subject.kind === 'pool'
        ? { apiVersion: 'v1', kind: 'ConfigMap', namespace, name: ledgerNameOf(fleet) }
        : { apiVersion: 'v1', kind: 'Node', name: subject.name, uid: subject.uid },
    );
    const metadata = Object.assign(new V1ObjectMeta(), {
      // Below the 253 characters of a name, whatever the length of the subject's.
      name: `${regarding.name.slice(0, 200)}.${randomUUID().slice(0, 13)}`,
      // Events about objects without a namespace belong there.
      namespace: subject.kind === 'pool' ? namespace : 'default',
      labels: { [FLEET_LABEL]: fleet, ...(subject.kind === 'pool' && { [NODE_LABEL.pool]: subject.pool }) },
    });
    return Object.assign(new EventsV1Event(), {
      metadata,
      regarding,
      reason,
      action: reason,
      note: noteOf(subject.kind === 'pool' ? `pool ${subject.pool}: ${note}` : note),
      type,
      eventTime: new V1MicroTime(now),
      reportingController: 'spot-keeper.io/keeper',
      reportingInstance: instance.slice(0, 128),
    });
  }

  return { announce };
}
