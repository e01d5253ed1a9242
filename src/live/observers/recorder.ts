import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Fact } from '../../domain/facts.ts';
import { after, hours, type Instant, type Millis, minutes } from '../../domain/time.ts';
import type { Offer } from '../../domain/words.ts';
import type { Keeper } from '../../keeper/keeper.ts';
import type { Turn } from '../../keeper/run.ts';
import {
  type Condition,
  lineOfCondition,
  lineOfHeader,
  lineOfTurn,
  type RecordingHeader,
} from '../../world/recording.ts';
import type { Telemetry } from '../ports/telemetry.ts';
import { scrubbed } from './fields.ts';
import type { Observer } from './observers.ts';
import { namesIn, packLeftovers, takeName } from './parts.ts';
import { partWriter } from './partWriter.ts';
import { seenConditions } from './seenConditions.ts';

export interface RecorderSettings {
  /** Made if it is missing; belongs to this keeper alone. */
  readonly folder: string;
  readonly header: RecordingHeader;
  readonly telemetry: Telemetry;
  /**
   * Called between two turns when a part other than the first begins. The keeper remembers more than the part holds: it
   * can be replayed from its first turn if the keeper begins anew here, from an inventory as after a restart. If only an
   * inventory is asked for, the part can be read by itself, but replay departs where an older memory decided.
   */
  readonly onRotate?: (part: number) => void;
  /** A part is ended once it has as many bytes; 64 MiB if left out. */
  readonly maxBytes?: number;
  /** A part is ended once it is as old, on the keeper's clock; a day if left out. */
  readonly maxAgeMs?: Millis;
  /** How much may wait for the disk before turns are dropped; 16 MiB if left out. */
  readonly maxWaitingBytes?: number;
  /** Whether an offer's price was shown by a market; if left out, all are. */
  readonly isPriced?: (offer: Offer) => boolean;
}

/** Writes every turn, and what it tells of the world, to a folder of recordings. */
export interface Recorder extends Observer {
  /** Adds something that the cluster shows and turns do not, such as `job.queued`. It should not be long past. */
  readonly condition: (condition: Condition) => void;
  /** Ends the last part; the disk has confirmed it when the promise resolves. Turns that come later are not recorded. */
  readonly close: () => Promise<void>;
}

/** A header of a part, which says what is missing before it. Readers take it for any other header. */
export interface PartHeader extends RecordingHeader {
  /** Counts from 1 in each life of a keeper. */
  readonly part: number;
  /** Turns that were not recorded before this part, because the disk was slow or refused. */
  readonly gap?: { readonly fromAt: Instant; readonly untilAt: Instant; readonly turns: number };
}

/** How long nothing is tried after the disk has refused. */
const RETRY_MS = minutes(1);

interface Gap {
  readonly fromAt: Instant;
  readonly resumeAt: Instant;
  turns: number;
}

/**
 * Starts to record, after packing what an earlier life has left in the folder. The loop never waits for it: turns that the
 * disk does not take in time are dropped, and a part ends before a gap and another begins after it, so that every part is
 * a whole recording.
 *
 * @throws what the file system says of a folder that cannot be made or read
 */
export async function recorder(settings: RecorderSettings): Promise<Recorder> {
  const { folder, header, telemetry, onRotate = () => undefined } = settings;
  const { maxBytes = 64 * 1024 ** 2, maxAgeMs = hours(24), maxWaitingBytes = 16 * 1024 ** 2 } = settings;
  await mkdir(folder, { recursive: true });
  for (const path of await packLeftovers(folder)) telemetry.noted('info', 'recording packed', { path });
  const taken = await namesIn(folder);

  const seen = seenConditions(settings.isPriced);
  let part = 0;
  let bytes = 0;
  let endAt: Instant = 0;
  let gap: Gap | undefined;
  let lastAt: Instant = 0;
  let closed = false;
  const writer = partWriter({
    failed: (path, error) => {
      telemetry.noted('error', 'recording failed', { path, error });
      gap ??= { fromAt: lastAt, resumeAt: after(lastAt, RETRY_MS), turns: 0 };
    },
    finished: (path, error) => {
      if (error === undefined) telemetry.noted('debug', 'recording packed', { path });
      else telemetry.noted('warn', 'recording not packed', { path, error });
    },
  });

  return {
    name: 'recorder',
    turn: (turn) => {
      if (closed) return;
      lastAt = turn.fact.at;
      if (part === 0) begin(undefined);
      const conditions = seen.before(turn);
      if (gap === undefined) {
        for (const condition of conditions) add(lineOfCondition(condition));
        record(turn);
      } else gap.turns += 1;
      if (gap === undefined ? bytes >= maxBytes || lastAt >= endAt : isOver(gap)) {
        begin(gap);
        onRotate(part);
      }
    },
    condition: (condition) => {
      if (!closed && part > 0 && gap === undefined) add(lineOfCondition(condition));
    },
    close: async () => {
      closed = true;
      await writer.close();
    },
  };

  function record({ fact, effects }: Turn<Keeper>): void {
    const line = lineOfTurn(clean(fact), effects);
    if (writer.waitingBytes() + line.length <= maxWaitingBytes) {
      add(line);
      return;
    }
    gap = { fromAt: lastAt, resumeAt: lastAt, turns: 1 };
    telemetry.noted('warn', 'recording has a gap', { reason: 'the disk is slower than the turns' });
  }

  function isOver({ resumeAt }: Gap): boolean {
    return lastAt >= resumeAt && writer.waitingBytes() === 0;
  }

  function begin(before: Gap | undefined): void {
    part += 1;
    bytes = 0;
    endAt = after(lastAt, maxAgeMs);
    gap = undefined;
    const missing = before && { gap: { fromAt: before.fromAt, untilAt: lastAt, turns: before.turns } };
    const own: PartHeader = { ...header, part, ...missing };
    writer.begin(join(folder, takeName(taken, lastAt, part)), lineOfHeader(own));
    for (const condition of seen.holding(lastAt)) add(lineOfCondition(condition));
    if (before !== undefined) telemetry.noted('info', 'recording goes on', { turns: before.turns });
  }

  function add(line: string): void {
    writer.add(line);
    // Characters are counted for bytes: the bound is one of size, not of law.
    bytes += line.length + 1;
  }
}

/** The one text in a fact that AWS or Kubernetes wrote. No decision reads it, so that a cleaned turn replays alike. */
const clean = (fact: Fact): Fact => ('reason' in fact ? { ...fact, reason: scrubbed(fact.reason) } : fact);
