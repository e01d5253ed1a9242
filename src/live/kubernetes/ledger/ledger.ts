import { randomUUID } from 'node:crypto';
import type { Telemetry } from '../../ports/telemetry.ts';
import type { Kube, KubeAnswer, KubeFailure } from '../kubeClient.ts';
import { type LedgerDocument, ledgerObject, type StoredLedger, textOf } from './ledgerObject.ts';
import { type IntentEntry, type LedgerState, UNWRITTEN, withIntents, withoutIntents } from './ledgerState.ts';

/** What became of a write: it stands in the ledger, another keeper writes there now, or it is not known to stand there. */
export type Written = 'written' | { readonly fenced: true } | KubeFailure;

/**
 * The intents of one leader, in a Kubernetes object written with optimistic concurrency. That write is the fence: once
 * another leader has opened the ledger, nothing can be written through this one any more.
 */
export interface Ledger {
  /** What the ledger says: all that is acknowledged, less what was settled since. */
  readonly state: LedgerState;
  /**
   * Writes what is about to be done; only `written` allows doing it. All entries of a call are written, or none. After a
   * failure an entry may stand in the ledger until the next write, which is no harm: nothing was done.
   */
  intend(entries: readonly IntentEntry[]): Promise<Written>;
  /** These launches (by token) and terminations (by instance id) are over. Written with the next intent, or by `flush`. */
  settle(keys: readonly string[]): void;
  /** What pools have seen, as it was found or last handed over; undefined where it was never written. */
  readonly observations: string | undefined;
  /** Hands over what pools have seen, a text of bounded size. Written with the next intent, or by `flush`. */
  observe(observations: string): void;
  /** Writes what was settled or handed over and is not written yet. */
  flush(): Promise<Written>;
}

export interface LedgerPlace {
  readonly kube: Kube;
  readonly namespace: string;
  readonly fleet: string;
  readonly telemetry: Telemetry;
  /** Who opens it; stands in the object. */
  readonly writer: { readonly identity: string; readonly term: number };
  /** Whether the opener still leads; asked after each reading and right before the write that shuts others out. */
  readonly mayOpen: () => boolean;
}

/** A ConfigMap holds 1 MiB. Far more than a fleet ever needs, so whoever comes here looks for what is never settled. */
export const LARGE_LEDGER_BYTES = 512 * 1024;
export const FULL_LEDGER_BYTES = 900 * 1024;

/** A write is read again and repeated this often; what still fails is for the caller's next turn. */
const ROUNDS = 4;

/**
 * Opens a fleet's ledger for a new leader: creates it if it is absent, and writes the opener's name into it, from which
 * moment whoever had it open is fenced. Fails with `malformed` and a remedy for a ledger that cannot be read, with
 * `conflict` where the opener no longer leads or others kept writing.
 */
export async function openLedger(place: LedgerPlace): Promise<KubeAnswer<Ledger>> {
  const object = ledgerObject(place);
  const writer = { ...place.writer, opening: randomUUID() };
  let failure: KubeFailure = { kind: 'failed', class: 'conflict', message: 'others kept writing to the ledger' };
  for (let round = 0; round < ROUNDS; round += 1) {
    const found = await object.read();
    if (found.kind === 'failed' && found.class !== 'not-found') return found;
    const over = found.kind === 'ok' ? found.value : undefined;
    // An opening whose answer was lost.
    if (over?.document.writer.opening === writer.opening) return { kind: 'ok', value: ledgerOver(over, place) };
    // Between this reading and the write nobody else can open it unseen: the write would conflict.
    if (!place.mayOpen())
      return { kind: 'failed', class: 'conflict', message: 'no longer leading: the ledger stays as it is' };
    const opened = await object.write(
      over,
      textOf(place.fleet, { writer, write: 0, state: over?.document.state ?? UNWRITTEN }),
    );
    if (opened.kind === 'ok') return { kind: 'ok', value: ledgerOver(opened.value, place) };
    if (isDecided(opened)) return opened;
    failure = opened.class === 'conflict' ? failure : opened;
  }
  return { kind: 'failed', class: failure.class, message: failure.message };
}

interface Waiting {
  readonly entries: readonly IntentEntry[];
  readonly answer: (written: Written) => void;
}

function ledgerOver(opened: StoredLedger, { kube, namespace, fleet, telemetry }: LedgerPlace): Ledger {
  const object = ledgerObject({ kube, namespace, fleet });
  const { writer } = opened.document;
  /** The object that the next write goes over. */
  let stored = opened;
  /** Whether a write may have arrived since `stored` was read. */
  let uncertain = false;
  let state = opened.document.state;
  /** The state that the object is known to say; where `state` is another, something was settled since. */
  let acknowledged = state;
  let { observations } = opened;
  let observationsAcknowledged = observations;
  let writes = opened.document.write;
  let fenced = false;
  let large = false;
  let waiting: Waiting[] = [];
  let writing = false;

  /** Writes until nobody waits. One write at a time: what comes meanwhile goes into the next. */
  async function writeAll(): Promise<void> {
    writing = true;
    while (waiting.length > 0) {
      const batch = waiting;
      waiting = [];
      const before = state;
      let next = before;
      const taken: Waiting[] = [];
      for (const one of batch) {
        const added = fit(next, one.entries);
        if ('kind' in added) one.answer(added);
        else {
          next = added.state;
          taken.push(one);
        }
      }
      if (taken.length === 0) continue;
      const written = await write(next);
      if (written === 'written') {
        acknowledged = next;
        state = state === before ? next : settledMeanwhile(before, next);
      }
      for (const { answer } of taken) answer(written);
    }
    writing = false;
  }

  /** What was written, without what was settled while it was on its way. */
  const settledMeanwhile = (before: LedgerState, written: LedgerState): LedgerState =>
    withoutIntents(
      written,
      [...Object.keys(before.launches), ...Object.keys(before.terminations)].filter(
        (key) => !Object.hasOwn(state.launches, key) && !Object.hasOwn(state.terminations, key),
      ),
    );

  /** The state with these entries, or why they cannot be taken. */
  function fit(base: LedgerState, entries: readonly IntentEntry[]): { readonly state: LedgerState } | KubeFailure {
    const added = withIntents(base, entries);
    if ('refused' in added) return { kind: 'failed', class: 'refused', message: added.refused };
    if (added.state === base) return added;
    const bytes = Buffer.byteLength(textOf(fleet, { writer, write: writes, state: added.state }));
    if (bytes > FULL_LEDGER_BYTES)
      return {
        kind: 'failed',
        class: 'refused',
        message: `the ledger is full: ${bytes} of ${FULL_LEDGER_BYTES} bytes`,
      };
    if (bytes > LARGE_LEDGER_BYTES && !large) telemetry.noted('warn', 'the ledger is large', { bytes });
    large = bytes > LARGE_LEDGER_BYTES;
    return added;
  }

  /** Brings the object to say `next`. What a write without an answer has come to is read, never assumed. */
  async function write(next: LedgerState): Promise<Written> {
    if (fenced) return { fenced };
    writes += 1;
    const document: LedgerDocument = { writer, write: writes, state: next };
    const text = textOf(fleet, document);
    const along = observations;
    const done = (): Written => {
      observationsAcknowledged = along;
      return 'written';
    };
    let failure: KubeFailure | undefined;
    for (let round = 0; round < ROUNDS; round += 1) {
      if (uncertain) {
        const found = await object.read();
        if (found.kind === 'failed') return found.class === 'not-found' ? fence('nobody') : found;
        if (found.value.document.writer.opening !== writer.opening) return fence(found.value.document.writer.identity);
        stored = found.value;
        uncertain = false;
        if (stored.document.write === writes) return done();
      }
      const put = await object.write(stored, text, along);
      if (put.kind === 'ok') {
        stored = put.value;
        return done();
      }
      // An object that was deleted may have had another writer before: only a new opening makes it again.
      if (put.class === 'not-found') return fence('nobody');
      if (isDecided(put)) return put;
      uncertain = true;
      failure = put;
    }
    return failure ?? { kind: 'failed', class: 'conflict', message: 'the ledger changed with every write' };
  }

  function fence(by: string): Written {
    fenced = true;
    telemetry.noted('warn', 'fenced: another keeper writes the ledger', { by });
    return { fenced };
  }

  const intend = (entries: readonly IntentEntry[]): Promise<Written> =>
    new Promise((answer) => {
      waiting.push({ entries, answer });
      if (!writing) void writeAll();
    });

  return {
    get state() {
      return state;
    },
    intend,
    settle: (keys) => {
      state = withoutIntents(state, keys);
    },
    get observations() {
      return observations;
    },
    observe: (seen) => {
      observations = seen;
    },
    flush: () =>
      state === acknowledged && observations === observationsAcknowledged ? Promise.resolve('written') : intend([]),
  };
}

/** Whether a failed write has certainly changed nothing and would fail again. */
const isDecided = ({ class: kind }: KubeFailure): boolean =>
  kind === 'throttled' || kind === 'forbidden' || kind === 'refused';
