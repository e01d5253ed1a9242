import { open, rename, rm } from 'node:fs/promises';
import { BadInput } from '../../src/config/mistakes.ts';

/** Rows are written in lots of about this many characters: one write a row would take minutes. */
const LOT_CHARACTERS = 256 * 1024;

/**
 * Writes a whole CSV or nothing: under a temporary name first, then renamed.
 *
 * @throws BadInput when the place cannot be written to; then what was there before is still there.
 */
export function writeCsv(path: string, header: readonly string[], rows: Iterable<readonly string[]>): Promise<void> {
  return writeLots(path, lotsOf(header, rows));
}

function* lotsOf(header: readonly string[], rows: Iterable<readonly string[]>): Generator<Uint8Array> {
  let lot = `${header.join(',')}\n`;
  for (const cells of rows) {
    lot += `${csvLine(cells)}\n`;
    if (lot.length < LOT_CHARACTERS) continue;
    yield Buffer.from(lot);
    lot = '';
  }
  yield Buffer.from(lot);
}

/** A line of a CSV, without its end. */
export const csvLine = (cells: readonly string[]): string => cells.map(quoted).join(',');

/** The same as `writeCsv`, of lines that are written already, in lots of any size. */
export async function writeLots(path: string, lots: Iterable<Uint8Array>): Promise<void> {
  const temporary = `${path}.${process.pid}.part`;
  try {
    const file = await open(temporary, 'w');
    try {
      for (const lot of lots) await file.writeFile(lot);
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    // What the operating system says has a code; anything else is a fault of ours.
    if (!(error instanceof Error) || !('code' in error)) throw error;
    throw new BadInput([{ file: path, message: `cannot be written: ${error.message}` }]);
  }
}

/** `2026-03-02T00:00:00Z`, with milliseconds only where there are any. */
export const writtenTime = (iso: string): string => iso.replace('.000Z', 'Z');

const quoted = (cell: string): string => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);
