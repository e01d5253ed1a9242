import { type FileHandle, open } from 'node:fs/promises';
import { pack } from './parts.ts';

/** Writes parts of a recording one after the other, behind the back of the loop. */
export interface PartWriter {
  /** How much waits to be written. */
  readonly waitingBytes: () => number;
  /** Ends the part before, if there is one, and begins another. */
  readonly begin: (path: string, header: string) => void;
  /** Adds a line to the part that was begun last. */
  readonly add: (line: string) => void;
  /** Writes everything, has the disk confirm it, and packs the last part. Whatever is added later is lost. */
  readonly close: () => Promise<void>;
}

/** What is told of the files. */
export interface PartEvents {
  /** Nothing more is written to the part; what waited is dropped. It ends with a whole line. */
  readonly failed: (path: string, error: unknown) => void;
  /** A part is complete, and packed if `error` is undefined. */
  readonly finished: (path: string, error: unknown) => void;
}

type Job = { readonly begin: string; readonly line: string } | { readonly begin?: undefined; readonly line: string };

/** A writer that has written nothing yet. */
export function partWriter(events: PartEvents): PartWriter {
  const jobs: Job[] = [];
  let waitingBytes = 0;
  let running: Promise<void> | undefined;
  let packing: Promise<void> = Promise.resolve();
  let part: { readonly path: string; readonly file: FileHandle; bytes: number } | undefined;

  const push = (job: Job): void => {
    jobs.push(job);
    waitingBytes += Buffer.byteLength(job.line);
    running ??= work().finally(() => {
      running = undefined;
    });
  };

  return {
    waitingBytes: () => waitingBytes,
    begin: (path, header) => {
      push({ begin: path, line: `${header}\n` });
    },
    add: (line) => {
      push({ line: `${line}\n` });
    },
    close: async () => {
      // What runs may be replaced by what was pushed meanwhile.
      while (running !== undefined) await running;
      await finish();
      await packing;
    },
  };

  async function work(): Promise<void> {
    // A turn of the loop is never held up by the file system: everything here happens after it.
    await Promise.resolve();
    while (jobs.length > 0) {
      const [first] = jobs;
      const next = jobs.findIndex(({ begin }, n) => n > 0 && begin !== undefined);
      const batch = jobs.splice(0, next < 0 ? jobs.length : next);
      const text = batch.map(({ line }) => line).join('');
      if (first?.begin !== undefined) await finish();
      await write(first?.begin, text);
      // Only now: what is being written waits as well, and counts against the bound.
      waitingBytes -= Buffer.byteLength(text);
    }
  }

  async function write(path: string | undefined, text: string): Promise<void> {
    try {
      if (path !== undefined) part = { path, file: await open(path, 'wx', 0o640), bytes: 0 };
      if (part === undefined) return; // it failed: what was meant for it is lost
      await part.file.appendFile(text);
      part.bytes += Buffer.byteLength(text);
    } catch (error) {
      await abandon(path ?? part?.path ?? '', error);
    }
  }

  async function abandon(path: string, error: unknown): Promise<void> {
    const failed = part;
    part = undefined;
    // Lines that wait for another part are not lost with this one.
    const next = jobs.findIndex(({ begin }) => begin !== undefined);
    for (const { line } of jobs.splice(0, next < 0 ? jobs.length : next)) waitingBytes -= Buffer.byteLength(line);
    if (failed !== undefined) {
      // The disk may refuse this too; then the torn line is cut off when the next keeper packs what is left.
      await failed.file.truncate(failed.bytes).catch(() => undefined);
      await failed.file.close().catch(() => undefined);
    }
    events.failed(path, error);
  }

  async function finish(): Promise<void> {
    if (part === undefined) return;
    const { path, file } = part;
    part = undefined;
    try {
      await file.sync();
      await file.close();
    } catch (error) {
      events.finished(path, error);
      return;
    }
    packing = packing
      .then(() => pack(path))
      .then(
        () => {
          events.finished(path, undefined);
        },
        (error: unknown) => {
          events.finished(path, error);
        },
      );
  }
}
