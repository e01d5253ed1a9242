import { createReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { createGunzip } from 'node:zlib';
import { BadInput } from '../../src/config/mistakes.ts';

/** A file of recorded data that exists, is text, and can be read as often as needed. */
export interface RecordFile {
  readonly file: string;
  /** Its beginning, enough to tell the form; without byte order mark. */
  readonly head: string;
  /** Its bytes from the start, unpacked. @throws BadInput when the disk or the packing fails. */
  chunks(): AsyncGenerator<Buffer>;
}

export interface ReadOptions {
  /** Told as reading goes on: bytes taken from the disk so far, and in all. */
  readonly onProgress?: (bytes: number, totalBytes: number) => void;
}

const HEAD_BYTES = 64 * 1024;
const CHUNK_BYTES = 256 * 1024;

/**
 * Opens a file of recorded data; one that gzip packed is unpacked, whatever its name.
 *
 * @throws BadInput for a file that is missing, no plain file, empty, or not text.
 */
export async function openRecords(path: string, options: ReadOptions = {}): Promise<RecordFile> {
  const kind = await stat(path).catch((error: unknown) => refuse(path, `expected a file, found ${absenceOf(error)}`));
  if (kind.isDirectory()) refuse(path, 'expected a file, found a folder: name a file in it');
  if (!kind.isFile()) refuse(path, 'expected a plain file, found a device or pipe: save the data to a file first');
  const packed = path.endsWith('.gz') || (await isPacked(path));
  const first = await headOf(bytesOf(path, kind.size, packed, {}));
  const encoding = utf16In(first) ?? (isUtf8(first) ? undefined : 'windows-1252');
  const asUtf8 = (bytes: AsyncGenerator<Buffer>): AsyncGenerator<Buffer> =>
    encoding === undefined ? bytes : recoded(bytes, encoding);
  const head = encoding === undefined ? first : await headOf(asUtf8(bytesOf(path, kind.size, packed, {})));
  // NUL is valid UTF-8 and yet in no text.
  if (head.includes(0)) refuse(path, `expected text (CSV, TSV, JSON or JSON Lines), found ${binaryIn(head)}`);
  // Excel on a Mac may end lines with a carriage return alone.
  const hasReturns = !head.includes(LINE_FEED) && head.includes(RETURN);
  const asLines = (bytes: AsyncGenerator<Buffer>): AsyncGenerator<Buffer> =>
    hasReturns ? withLineFeeds(bytes) : bytes;
  const read = head.toString('utf8').replace(/^\uFEFF/, '');
  const text = hasReturns ? read.replaceAll('\r', '\n') : read;
  if (text.trim() === '' && head.length < HEAD_BYTES) refuse(path, 'expected recorded data, found an empty file');
  return { file: path, head: text, chunks: () => asLines(asUtf8(bytesOf(path, kind.size, packed, options))) };
}

/** Text that is none in UTF-8 is what Excel writes where its own country's letters are meant. */
function isUtf8(head: Buffer): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(head, { stream: true });
    return true;
  } catch {
    return false;
  }
}

type Utf16 = 'utf-16le' | 'utf-16be';

/** How a file is encoded that is not UTF-8: what Windows PowerShell and Excel write. Text without a mark has a zero in every other byte. */
function utf16In(head: Buffer): Utf16 | undefined {
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le';
  if (head[0] === 0xfe && head[1] === 0xff) return 'utf-16be';
  const zeros = [0, 0];
  const bytes = Math.min(head.length, 512);
  for (let index = 0; index < bytes; index += 1) if (head[index] === 0) zeros[index % 2] = (zeros[index % 2] ?? 0) + 1;
  const most = bytes * 0.4;
  if (bytes < 4) return undefined;
  return zeros[0] === 0 && zeros[1]! > most ? 'utf-16le' : zeros[1] === 0 && zeros[0]! > most ? 'utf-16be' : undefined;
}

/** The same text as UTF-8, so that readers know only one encoding. Lines and columns stay, bytes are those of UTF-8. */
async function* recoded(bytes: AsyncGenerator<Buffer>, encoding: Utf16 | 'windows-1252'): AsyncGenerator<Buffer> {
  const decoder = new TextDecoder(encoding);
  for await (const chunk of bytes) yield Buffer.from(decoder.decode(chunk, { stream: true }));
  yield Buffer.from(decoder.decode());
}

const [LINE_FEED, RETURN] = [10, 13];

/** The same text with other line ends, of the same length. */
async function* withLineFeeds(bytes: AsyncGenerator<Buffer>): AsyncGenerator<Buffer> {
  for await (const chunk of bytes) yield chunk.map((byte) => (byte === RETURN ? LINE_FEED : byte)) as Buffer;
}

/** Whether a file begins as gzip writes it, whatever its name. */
async function isPacked(path: string): Promise<boolean> {
  const file = await open(path).catch((error: unknown) => refuse(path, `expected a file, found ${absenceOf(error)}`));
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(2), 0, 2, 0);
    return bytesRead === 2 && buffer[0] === 0x1f && buffer[1] === 0x8b;
  } finally {
    await file.close();
  }
}

/** What binary data are, as far as their first bytes tell, with the way to the text in them. */
function binaryIn(head: Buffer): string {
  const start = head.toString('latin1', 0, 4);
  if (start === 'PAR1') return 'a Parquet file: write it as CSV (pandas: read_parquet(…).to_csv(…))';
  if (start.startsWith('PK')) return 'a ZIP archive or a spreadsheet: unpack it, or save the sheet as CSV';
  return 'binary data';
}

async function* bytesOf(
  path: string,
  size: number,
  packed: boolean,
  { onProgress }: ReadOptions,
): AsyncGenerator<Buffer> {
  const disk = createReadStream(path, { highWaterMark: CHUNK_BYTES });
  const unpacked = packed ? disk.pipe(createGunzip({ chunkSize: CHUNK_BYTES })) : disk;
  disk.on('error', (error) => unpacked.destroy(error));
  try {
    for await (const chunk of unpacked) {
      // Known: neither stream was given an encoding, so both give buffers.
      yield chunk as Buffer;
      onProgress?.(disk.bytesRead, size);
    }
  } catch (error) {
    if (error instanceof Error && 'code' in error) refuse(path, troubleOf(error, packed));
    throw error;
  } finally {
    disk.destroy();
  }
}

async function headOf(chunks: AsyncGenerator<Buffer>): Promise<Buffer> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of chunks) {
    parts.push(chunk);
    bytes += chunk.length;
    if (bytes >= HEAD_BYTES) break;
  }
  return Buffer.concat(parts).subarray(0, HEAD_BYTES);
}

function refuse(file: string, message: string): never {
  throw new BadInput([{ file, message }]);
}

function absenceOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return code === 'ENOENT' || code === 'ENOTDIR' ? 'nothing of that name' : `one that cannot be read (${code})`;
}

function troubleOf({ code, message }: Error & { readonly code?: unknown }, packed: boolean): string {
  if (!packed || !String(code).startsWith('Z_')) return `cannot be read: ${message}`;
  return code === 'Z_BUF_ERROR'
    ? 'expected whole gzip data, found an end in the middle: copy or download it again'
    : `expected gzip data, as its name says, found something else (${message})`;
}
