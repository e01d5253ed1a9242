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
  return writeLines(path, header, lines(rows));
}

function* lines(rows: Iterable<readonly string[]>): Generator<string> {
  for (const cells of rows) yield csvLine(cells);
}

/** A line of a CSV, without its end. */
export const csvLine = (cells: readonly string[]): string => cells.map(quoted).join(',');

/** The same as `writeCsv`, of lines that are written already. */
export async function writeLines(path: string, header: readonly string[], rows: Iterable<string>): Promise<void> {
  const temporary = `${path}.${process.pid}.part`;
  try {
    const file = await open(temporary, 'w');
    try {
      let lot = `${header.join(',')}\n`;
      for (const row of rows) {
        lot += `${row}\n`;
        if (lot.length < LOT_CHARACTERS) continue;
        await file.write(lot);
        lot = '';
      }
      await file.write(lot);
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
