import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { after, hours, type Instant, type Millis, minutes, NEVER } from '../../domain/time.ts';
import { type Condition, lineOfCondition, lineOfHeader, type RecordingHeader } from '../../world/recording.ts';
import { namesIn, packLeftovers, takeName } from '../observers/parts.ts';
import { partWriter } from '../observers/partWriter.ts';
import type { PartHeader } from '../observers/recorder.ts';
import type { Clock } from '../ports/clock.ts';
import type { Telemetry } from '../ports/telemetry.ts';
import { holding, type Kept, keptIn } from './kept.ts';

/** A folder of recordings that hold conditions alone. */
export interface Diary {
  /** What holds by what was written so far; at first, what an earlier life has left. */
  readonly kept: Kept;
  readonly write: (condition: Condition) => void;
  /** Writes everything, has the disk confirm it, and packs the last part. */
  readonly close: () => Promise<void>;
}

export interface DiarySettings {
  /** Made if it is missing; belongs to one recorder alone. */
  readonly folder: string;
  readonly header: RecordingHeader;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
  /** A part is ended once it has as many bytes; 64 MiB if left out. */
  readonly maxBytes?: number;
  /** A part is ended once it is as old; a day if left out. */
  readonly maxAgeMs?: Millis;
}

/** How long nothing is tried after the disk has refused. */
const RETRY_MS = minutes(1);

/** What is kept in memory for a disk that refuses: far more than a day's jobs. */
const MOST_WAITING = 200_000;

/**
 * Opens the folder, goes on from what an earlier life has left in it, and packs that.
 *
 * @throws what the file system says of a folder that cannot be made or read
 */
export async function openDiary(settings: DiarySettings): Promise<Diary> {
  const { folder, header, clock, telemetry, maxBytes = 64 * 1024 ** 2, maxAgeMs = hours(24) } = settings;
  await mkdir(folder, { recursive: true });
  const keep = await keptIn(folder);
  for (const path of await packLeftovers(folder)) telemetry.noted('info', 'recording packed', { path });
  const taken = await namesIn(folder);

  let part = 0;
  let bytes = 0;
  let endAt: Instant = NEVER;
  /** Lines that a refusing disk has not taken, and when it is tried again. */
  let refused: { readonly againAt: Instant; readonly lines: string[] } | undefined;
  const writer = partWriter({
    failed: (path, error) => {
      telemetry.noted('error', 'recording failed', { path, error });
      refused ??= { againAt: after(clock.now(), RETRY_MS), lines: [] };
    },
    finished: (path, error) => {
      if (error !== undefined) telemetry.noted('warn', 'recording not packed', { path, error });
    },
  });
  begin();

  return {
    kept: keep.now,
    write: (condition) => {
      const line = lineOfCondition(condition);
      if (refused === undefined) add(line);
      else if (refused.lines.length < MOST_WAITING) refused.lines.push(line);
      keep.add(condition);
      const now = clock.now();
      if (refused === undefined ? bytes >= maxBytes || now >= endAt : now >= refused.againAt) begin();
    },
    close: () => writer.close(),
  };

  function begin(): void {
    const now = clock.now();
    const waiting = refused?.lines ?? [];
    refused = undefined;
    part += 1;
    bytes = 0;
    endAt = after(now, maxAgeMs);
    const own: PartHeader = { ...header, part };
    writer.begin(join(folder, takeName(taken, now, part)), lineOfHeader(own));
    for (const condition of holding(keep.now)) add(lineOfCondition(condition));
    for (const line of waiting) add(line);
  }

  function add(line: string): void {
    writer.add(line);
    // Characters are counted for bytes: the bound is one of size, not of law.
    bytes += line.length + 1;
  }
}
