import { createReadStream, createWriteStream } from 'node:fs';
import { open, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { type Instant, isoOf } from '../../domain/time.ts';

/**
 * The name of the next part, `recording-20260302T080000.000Z-1.jsonl`: sorted by name, parts are in order of time. One that
 * is taken already, by a clock that showed the same before, is passed over. The name is taken from here on.
 */
export function takeName(taken: Set<string>, at: Instant, part: number): string {
  const stem = `recording-${isoOf(at).replaceAll(/[-:]/g, '')}-${part}`;
  let name = `${stem}.jsonl`;
  for (let again = 2; taken.has(name); again += 1) name = `${stem}-${again}.jsonl`;
  taken.add(name);
  return name;
}

/** The names of the parts in a folder, packed or not, as they were before they were packed. */
export const namesIn = async (folder: string): Promise<Set<string>> =>
  new Set((await readdir(folder)).map((name) => name.replace(/\.gz$/, '')));

const UNFINISHED = /^recording-.*\.jsonl$/;
const HALF_PACKED = /^recording-.*\.gz\.tmp$/;

/** Replaces a part that is complete by its gzipped self: at no instant is there neither. */
export async function pack(path: string): Promise<void> {
  const half = `${path}.gz.tmp`;
  await pipeline(createReadStream(path), createGzip(), createWriteStream(half, { flush: true }));
  await rename(half, `${path}.gz`);
  await rm(path);
}

/**
 * Packs what a keeper that was killed has left behind. Its last line may be torn in the middle: it is cut off, so that what
 * is left can be replayed. A folder belongs to one keeper; the part that another one writes would be packed under it.
 *
 * @returns the paths of the parts that were packed
 */
export async function packLeftovers(folder: string): Promise<readonly string[]> {
  const packed: string[] = [];
  for (const name of (await readdir(folder)).sort()) {
    const path = join(folder, name);
    if (HALF_PACKED.test(name)) await rm(path);
    if (!UNFINISHED.test(name)) continue;
    if (await cutTornLine(path)) {
      await pack(path);
      packed.push(`${path}.gz`);
    } else await rm(path); // not even its header was written whole
  }
  return packed;
}

const CHUNK = 64 * 1024;
const LINE_FEED = 0x0a;

/** Cuts a file after its last line feed; answers whether anything is left. */
async function cutTornLine(path: string): Promise<boolean> {
  const file = await open(path, 'r+');
  try {
    let { size: end } = await file.stat();
    const chunk = Buffer.alloc(CHUNK);
    while (end > 0) {
      const start = Math.max(0, end - CHUNK);
      const { bytesRead } = await file.read(chunk, 0, end - start, start);
      const last = chunk.subarray(0, bytesRead).lastIndexOf(LINE_FEED);
      if (last >= 0) {
        await file.truncate(start + last + 1);
        return true;
      }
      end = start;
    }
    return false;
  } finally {
    await file.close();
  }
}
