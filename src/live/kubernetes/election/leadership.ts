import { performance } from 'node:perf_hooks';
import { setTimeout as wait } from 'node:timers/promises';
import { type Millis, seconds } from '../../../domain/time.ts';
import type { Telemetry } from '../../ports/telemetry.ts';
import type { KubeAnswer, KubeFailure } from '../kubeClient.ts';
import { type Claim, isOf, type LeaseApi, type LeaseObject, type LeaseRecord, leaseObject } from './leaseObject.ts';

/** How long things take in an election. Real time: it is about processes, whatever time the keeper keeps. */
export interface ElectionDurations {
  /** For how long a record must stand unchanged before another may take the lease. */
  readonly leaseMs: Millis;
  /** After how long without an acknowledged renewal a holder knows itself no longer leading. Shorter than `leaseMs`. */
  readonly renewMs: Millis;
  /** How often the holder renews and the others look. */
  readonly retryMs: Millis;
  /** The longest that a mutating call of the leader takes before it is cut off. Shorter than `leaseMs` less `renewMs`. */
  readonly callMs: Millis;
}

/** Every mutating call of a leader is cut off after this long, so that it has ended before another may lead. */
export const LONGEST_CALL_MS: Millis = seconds(4);

/** The usual 15, 10 and 2 seconds of Kubernetes' own controllers. */
export const ELECTION: ElectionDurations = {
  leaseMs: seconds(15),
  renewMs: seconds(10),
  retryMs: seconds(2),
  callMs: LONGEST_CALL_MS,
};

/**
 * How long after its last renewal nothing of a former leader is on its way any more: it begins no call in the last `callMs` before
 * its `renewMs` are over, each is cut off by then, and a server that has one in its hands is given `callMs` more.
 */
export const overAfterMs = ({ renewMs, callMs }: ElectionDurations): Millis => renewMs + callMs;

/** What an election goes by. */
export interface ElectionTime {
  /** Milliseconds of a monotonic clock. */
  readonly now: () => Millis;
  /** Resolves after so long, or at once when the signal fires. */
  readonly pause: (ms: Millis, signal: AbortSignal) => Promise<void>;
}

/** This process's own time: real, and never set back. */
export const REAL_TIME: ElectionTime = {
  now: () => performance.now(),
  pause: (ms, signal) => wait(ms, undefined, { signal }).catch(() => undefined),
};

/** Who wants to lead, and what it contends for. */
export interface Candidate extends Partial<ElectionTime> {
  readonly kube: LeaseApi;
  readonly namespace: string;
  /** The name of the Lease object. */
  readonly name: string;
  /** Unlike that of any other process that contends: the name of the pod. */
  readonly identity: string;
  readonly telemetry: Telemetry;
  /** Ends it all: a lease that is held is released. Abort it when the last mutating call has been answered. */
  readonly signal: AbortSignal;
  readonly durations?: Partial<ElectionDurations>;
}

/** What a candidate is told; each `leading` is followed by at most one `lost`, and a later `leading` has a later tenure. */
export interface ElectionNews {
  /**
   * `quietMs`: calls of a holder before this may still be on their way, so the first mutation waits for so long. It is what is left
   * of `overAfterMs` since the record was seen to change last: none where a lease ran out, which takes longer than that.
   */
  leading(tenure: number, quietMs: Millis): void;
  /** Not told at a stop. The candidate goes on trying to lead again. */
  lost(why: string): void;
}

export interface Leadership {
  /** Asked before every mutating call: whether that call will have ended before anybody else may lead. */
  mayMutate(): boolean;
  /**
   * Whether the API server answered about the lease lately: within `renewMs` less `callMs`, after which a leader that hears
   * nothing changes nothing any more. False before the first answer.
   */
  reachable(): boolean;
  /** `leaseTransitions` while leading. */
  readonly tenure: number | undefined;
  /** Who holds the lease as far as is known; undefined until the lease was seen, empty where nobody does. */
  readonly holder: string | undefined;
  /** Resolves once the signal was heard and the lease, if it was held, is free for the next. Never rejects for a failed call. */
  released(): Promise<void>;
}

/**
 * Contends for a Lease until the signal, by the algorithm of Kubernetes' own controllers: writes carry the
 * resourceVersion, and whether a holder is dead is judged by the own monotonic clock since its record last changed.
 * This is a courtesy, no fence: a process that was paused may wake up and send one more call. The ledger is the fence.
 */
export function lead(candidate: Candidate, on: ElectionNews): Leadership {
  const { identity, telemetry, signal, now = REAL_TIME.now, pause = REAL_TIME.pause } = candidate;
  const durations = { ...ELECTION, ...candidate.durations };
  const { leaseMs, renewMs, retryMs, callMs } = durations;
  const lease = heardThrough(leaseObject(candidate));

  /** What is held: since when by the monotonic clock the last acknowledged renewal counts, and over what the next is written. */
  let held: { readonly claim: Claim; readonly record: LeaseRecord; readonly renewedAt: Millis } | undefined;
  /** What was last seen, and since when it has stood unchanged. */
  let seen: { readonly record: LeaseRecord; readonly since: Millis } | undefined;
  /** The last claim sent, acknowledged or not: what the API server shows of it is our own. */
  let sent: Claim | undefined;
  let failing: string | undefined;
  /** When the last call was sent that the API server answered. */
  let heardAt: Millis | undefined;

  const stopped = (): boolean => signal.aborted;

  /** Notes when the API server was last asked something that it answered. */
  function heardThrough(object: LeaseObject): LeaseObject {
    async function heard(asked: () => Promise<KubeAnswer<LeaseRecord>>): Promise<KubeAnswer<LeaseRecord>> {
      const askedAt = now();
      const answer = await asked();
      if (answer.kind === 'ok' || answer.class === 'conflict' || answer.class === 'not-found') heardAt = askedAt;
      return answer;
    }
    return {
      read: (timeoutMs) => heard(() => object.read(timeoutMs)),
      write: (over, claim, timeoutMs) => heard(() => object.write(over, claim, timeoutMs)),
    };
  }

  /** Tries once to take the lease. */
  async function acquire(): Promise<KubeFailure | undefined> {
    const found = await lease.read(callMs);
    if (found.kind === 'failed' && found.class !== 'not-found') return found;
    const before = seen;
    const record = found.kind === 'ok' ? found.value : undefined;
    if (record !== undefined && record.words !== before?.record.words) seen = { record, since: now() };
    const isFresh = record === undefined ? before !== undefined : record.holder !== '';
    // A record that is seen for the first time may have been renewed a moment ago, and one that was deleted until a moment ago.
    const changedAt = record === undefined ? now() : (seen?.since ?? now());
    const quietMs = isFresh ? Math.max(0, changedAt + overAfterMs(durations) - now()) : 0;
    if (stopped() || (record !== undefined && !isFree(record, before === undefined))) return undefined;

    const lastTerm = (record ?? before?.record)?.tenure ?? -1;
    const claim: Claim = { holder: identity, durationMs: leaseMs, tenure: lastTerm + 1, acquiredAt: Date.now() };
    // Counted from before the call: nobody saw the record change earlier than that.
    const sentAt = now();
    sent = claim;
    const written = await lease.write(record, claim, callMs);
    if (written.kind === 'failed') return written.class === 'conflict' ? undefined : written;
    held = { claim, record: written.value, renewedAt: sentAt };
    seen = { record: written.value, since: now() };
    // The lease of a candidate that was stopped meanwhile is released at once.
    if (!stopped()) {
      telemetry.noted('info', 'leading', { tenure: claim.tenure, quietMs });
      on.leading(claim.tenure, quietMs);
    }
    return undefined;
  }

  function isFree(record: LeaseRecord, first: boolean): boolean {
    // A claim of this process that it has lost sight of, or of the process that had this identity before it.
    if (record.holder === '' || isOf(record, sent) || (first && record.holder === identity)) return true;
    return seen !== undefined && now() - seen.since >= Math.max(leaseMs, record.durationMs);
  }

  /** How long until the lease of a holder that stays silent is free, from which moment it is looked at as usual. */
  function freeInMs(): Millis {
    const leftMs = seen === undefined ? 0 : seen.since + Math.max(leaseMs, seen.record.durationMs) - now();
    return leftMs > 0 ? leftMs : leaseMs;
  }

  /** Tries once to keep the lease. */
  async function renew({ claim, record, renewedAt }: NonNullable<typeof held>): Promise<KubeFailure | undefined> {
    const leftMs = renewedAt + renewMs - now();
    // One that was paused past its deadline does not renew as if nothing had been.
    if (leftMs <= 0) {
      // What it wrote last counts as any holder's record would: if it still stands, its own calls are as old as that.
      seen = { record, since: renewedAt };
      lose(`no renewal for ${renewMs} ms${failing === undefined ? '' : `: ${failing}`}`);
      return undefined;
    }
    const timeoutMs = Math.ceil(Math.min(callMs, leftMs));
    const sentAt = now();
    const written = await lease.write(record, claim, timeoutMs);
    if (written.kind === 'ok') {
      held = { claim, record: written.value, renewedAt: sentAt };
      return undefined;
    }
    if (written.class !== 'conflict' && written.class !== 'not-found') return written;
    // Somebody else took it, or an earlier renewal arrived although its answer did not.
    const found = await lease.read(timeoutMs);
    if (found.kind === 'ok' && isOf(found.value, claim)) held = { claim, record: found.value, renewedAt };
    else if (found.kind === 'ok') {
      seen = { record: found.value, since: now() };
      lose(`${found.value.holder === '' ? 'nobody' : found.value.holder} holds the lease`);
    } else if (found.class === 'not-found') lose('the lease was deleted');
    else return found;
    return undefined;
  }

  function lose(why: string): void {
    held = undefined;
    telemetry.noted('warn', 'leadership lost', { why });
    if (!stopped()) on.lost(why);
  }

  async function release(): Promise<void> {
    if (held === undefined) return;
    const { claim } = held;
    let over = held.record;
    held = undefined;
    // Twice, because the last renewal may have arrived unacknowledged.
    for (let tries = 0; tries < 2; tries += 1) {
      const written = await lease.write(over, { ...claim, holder: '', durationMs: seconds(1) }, callMs);
      if (written.kind === 'ok') return;
      const found = await lease.read(callMs);
      if (found.kind === 'failed' || !isOf(found.value, claim)) return;
      over = found.value;
    }
  }

  async function contend(): Promise<void> {
    while (!stopped()) {
      const failure = await (held === undefined ? acquire() : renew(held));
      if (failure !== undefined && failing === undefined)
        telemetry.noted('warn', 'the lease cannot be reached', { class: failure.class, message: failure.message });
      failing = failure?.message;
      // Candidates spread out, so that they do not all ask at once; a holder keeps its pace, and wakes for its deadline.
      const waitMs = Math.max(retryMs * (held === undefined ? 1 + Math.random() / 2 : 1), failure?.retryAfterMs ?? 0);
      const deadlineMs = held === undefined ? freeInMs() : held.renewedAt + renewMs - now();
      await pause(Math.max(0, Math.min(waitMs, deadlineMs)), signal);
    }
    await release();
  }
  const ended = contend();

  return {
    mayMutate: () => held !== undefined && !stopped() && now() - held.renewedAt < renewMs - callMs,
    reachable: () => heardAt !== undefined && now() - heardAt < renewMs - callMs,
    get tenure() {
      return held?.claim.tenure;
    },
    get holder() {
      return held === undefined ? seen?.record.holder : identity;
    },
    released: () => ended,
  };
}
