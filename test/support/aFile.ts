import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { BadInput } from '../../src/config/mistakes.ts';

/** A folder for the files of one test file, gone when its tests are done. */
export function aFolder(): {
  readonly path: string;
  /** Writes a file, and gives its path. */
  readonly file: (name: string, content: string | Uint8Array) => string;
} {
  const path = mkdtempSync(join(tmpdir(), 'spot-keeper-'));
  afterAll(() => {
    rmSync(path, { recursive: true });
  });
  return {
    path,
    file: (name, content) => {
      writeFileSync(join(path, name), content);
      return join(path, name);
    },
  };
}

/** The mistakes that a read ends with, a line each, without the folder. */
export async function mistakesOf(read: Promise<unknown>, folder: string): Promise<readonly string[]> {
  const error: unknown = await read.then(
    () => new Error('expected mistakes, and it was read'),
    (reason: unknown) => reason,
  );
  if (!(error instanceof BadInput)) throw error;
  return error.message.replaceAll(`${folder}/`, '').split('\n');
}
