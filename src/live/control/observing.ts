import { after, type Instant, type Millis, minutes } from '../../domain/time.ts';
import type { Keeper } from '../../keeper/keeper.ts';
import { observedBy } from '../../keeper/observedBy.ts';
import { observationsIn } from '../../pool/keptObservations.ts';
import type { Ledger } from '../kubernetes/ledger/ledger.ts';
import type { Clock } from '../ports/clock.ts';
import type { Telemetry } from '../ports/telemetry.ts';

/** What pools have seen is written down so often: what a keeper that is killed forgets. */
const WRITTEN_EVERY_MS: Millis = minutes(10);

/** A pool takes 10,000 bytes at most, and a ConfigMap holds 1 MiB, of which the intents may take 900 KiB. */
export const MOST_OBSERVED_BYTES = 100 * 1024;

/** What pools have seen, between one life of the keeper and the next. */
export interface Observing {
  /** What earlier lives have seen, by pool, for the first fact of this one. */
  readonly told: () => Readonly<Record<string, unknown>> | undefined;
  /** Hands the ledger what the pools have seen, for its next write; only once in a while, but at the end (`isLast`). */
  readonly writeDown: (options?: { readonly isLast: boolean }) => void;
}

export interface ObservingPorts {
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
  readonly keeper: () => Keeper | undefined;
}

/** Keeps what pools have seen in the ledger: along with a write of intents, or by the flush that takes out what is over. */
export function openObserving({ ledger, clock, telemetry, keeper }: ObservingPorts): Observing {
  let dueAt = after(clock.now(), WRITTEN_EVERY_MS);
  return {
    told: () => observedIn(ledger.observations, clock.now(), telemetry),
    writeDown({ isLast } = { isLast: false }) {
      const now = clock.now();
      if (!isLast && now < dueAt) return;
      const present = keeper();
      const seen = present === undefined ? undefined : observedBy(present, now);
      if (seen === undefined) return;
      dueAt = after(now, WRITTEN_EVERY_MS);
      const { text, left } = observedText(seen);
      if (left.length > 0) telemetry.noted('warn', 'what these pools have seen is not written down', { pools: left });
      ledger.observe(text);
    },
  };
}

/** The text that stands in the ledger, and the pools for which it has no room. */
export function observedText(seen: Readonly<Record<string, object>>): {
  readonly text: string;
  readonly left: readonly string[];
} {
  const fitting: Record<string, object> = {};
  const left: string[] = [];
  let bytes = 0;
  for (const [pool, kept] of Object.entries(seen)) {
    const more = Buffer.byteLength(JSON.stringify({ [pool]: kept }));
    if (bytes + more > MOST_OBSERVED_BYTES) left.push(pool);
    else {
      bytes += more;
      fitting[pool] = kept;
    }
  }
  return { text: JSON.stringify(fitting), left };
}

/** What stands in the ledger, by pool. What cannot be read is nothing known: it is told why, and written over in time. */
export function observedIn(
  text: string | undefined,
  at: Instant,
  telemetry: Telemetry,
): Readonly<Record<string, unknown>> | undefined {
  if (text === undefined) return undefined;
  const seen = recordIn(text);
  if (seen === undefined) {
    telemetry.noted('warn', 'what pools have seen cannot be read', { why: 'it is no JSON object' });
    return undefined;
  }
  for (const [pool, kept] of Object.entries(seen)) {
    const read = observationsIn(kept, at);
    if ('unread' in read) telemetry.noted('warn', 'what pools have seen cannot be read', { pool, why: read.unread });
  }
  return seen;
}

function recordIn(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const read: unknown = JSON.parse(text);
    // Known: an object that is no list has its fields by name.
    return typeof read === 'object' && read !== null && !Array.isArray(read)
      ? (read as Readonly<Record<string, unknown>>)
      : undefined;
  } catch {
    return undefined;
  }
}
