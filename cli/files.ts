import { accessSync, constants, mkdirSync, statSync } from 'node:fs';
import { cp, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, relative, resolve } from 'node:path';
import { BadInput } from '../src/config/mistakes.ts';

/**
 * Writes a whole file or nothing: under a temporary name first, then renamed.
 *
 * @throws BadInput when the place cannot be written to.
 */
export async function writeWhole(path: string, content: string | Uint8Array): Promise<void> {
  const temporary = `${path}.${process.pid}.part`;
  try {
    makeFolder(resolve(dirname(path)));
    await writeFile(temporary, content);
    await rename(temporary, path);
  } catch (error) {
    // Where nothing could be written there may be nothing that could be removed.
    await rm(temporary, { force: true }).catch(() => undefined);
    throw new BadInput([{ file: path, message: `cannot be written: ${reasonOf(error)}` }]);
  }
}

/**
 * Writes lines to a file as they come, and all of them or nothing.
 *
 * @throws BadInput when the place cannot be written to, and what the lines throw.
 */
export async function writeLines(path: string, lines: AsyncIterable<string>): Promise<void> {
  const temporary = `${path}.${process.pid}.part`;
  try {
    makeFolder(resolve(dirname(path)));
    await writeFile(temporary, lines);
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    if (error instanceof BadInput) throw error;
    throw new BadInput([{ file: path, message: `cannot be written: ${reasonOf(error)}` }]);
  }
}

/**
 * Copies a folder to a place where there is none or an empty one: whole or not at all.
 *
 * @throws BadInput when the place cannot be written to.
 */
export async function keepFolder(from: string, to: string): Promise<void> {
  const temporary = `${resolve(to)}.${process.pid}.part`;
  try {
    makeFolder(dirname(temporary));
    await cp(from, temporary, { recursive: true });
    await rename(temporary, to);
  } catch (error) {
    await rm(temporary, { recursive: true, force: true }).catch(() => undefined);
    throw new BadInput([{ file: to, message: `cannot be written: ${reasonOf(error)}` }]);
  }
}

/** Step by step: Node 20's own `recursive` never returns for a folder that cannot be made in some places, such as /proc. */
function makeFolder(path: string): void {
  if (isFolder(path) === true || path === dirname(path)) return;
  makeFolder(dirname(path));
  try {
    mkdirSync(path);
  } catch (error) {
    // Another process may have made it meanwhile.
    if (isFolder(path) !== true) throw error;
  }
}

/**
 * Looks, before long work begins, whether files can be written where they are to go. Makes nothing.
 *
 * @throws BadInput for every path whose folder, or the nearest one that there is above it, cannot be written to.
 */
export function expectWritable(paths: readonly (string | undefined)[]): void {
  const mistakes = paths.flatMap((path) => {
    if (path === undefined) return [];
    if (path === '') return [{ file: 'a path', message: 'expected the name of a file, found nothing' }];
    const why = whyNotWritable(path);
    return why === undefined ? [] : [{ file: path, message: `cannot be written: ${why}` }];
  });
  if (mistakes.length > 0) throw new BadInput(mistakes);
}

function whyNotWritable(path: string): string | undefined {
  if (isFolder(path) === true) return 'expected the name of a file, found a folder';
  let folder = resolve(dirname(path));
  while (isFolder(folder) === undefined && folder !== dirname(folder)) folder = dirname(folder);
  if (isFolder(folder) !== true) return `${relative('', folder)} is no folder`;
  try {
    accessSync(folder, constants.W_OK);
    return undefined;
  } catch (error) {
    return reasonOf(error);
  }
}

/** Whether something is a folder; undefined where there is nothing. */
function isFolder(path: string): boolean | undefined {
  try {
    return statSync(path).isDirectory();
  } catch {
    // Below a file there is nothing, and the file is found one step higher.
    return undefined;
  }
}

/** What the operating system said, in words. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const words = 'code' in error ? WORDS.get(String(error.code)) : undefined;
  return words ?? error.message;
}

const WORDS: ReadonlyMap<string, string> = new Map([
  ['ENOENT', 'there is no such file'],
  ['ENOTDIR', 'a part of the path is no folder'],
  ['EISDIR', 'it is a folder'],
  ['EACCES', 'there is no permission'],
  ['EROFS', 'the disk is read-only'],
  ['ENOSPC', 'the disk is full'],
]);
