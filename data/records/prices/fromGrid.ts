import type { RecordFile } from '../file.ts';
import { readLines } from '../lines.ts';
import type { Problems } from '../problems.ts';
import { tableLines } from './fromTable.ts';
import type { PriceSheet } from './sheet.ts';

/**
 * Reads the table that the AWS CLI draws with `--output table`, and any other whose cells stand between bars: rules and titles
 * are passed over.
 *
 * @returns what the table turned out to be.
 */
export async function fromGrid(records: RecordFile, problems: Problems, sheet: PriceSheet): Promise<string> {
  const lines = tableLines(problems, sheet, 'AWS CLI table');
  await readLines(records, problems, (text, line) => {
    const bars = text.trim();
    if (!bars.startsWith('|') || /^[-+|:=\s]*$/.test(bars)) return;
    const inner = withoutBars(bars);
    const cells = inner.split('|').map((cell) => cell.trim());
    // A title spans the table. A token longer than its column is drawn over several lines, of which the first is enough.
    if (cells.length === 1 || (cells[0] === '' && cells.length === 2)) return;
    const before = text.length - text.trimStart().length + (/^\|+/.exec(bars)?.[0].length ?? 0);
    lines.take(cells, (cell) => ({ line, ...(cell === undefined ? {} : { column: before + columnOf(inner, cell) }) }));
  });
  lines.end();
  return lines.form;
}

function withoutBars(bars: string): string {
  let [from, until] = [0, bars.length];
  while (bars[from] === '|') from += 1;
  while (until > from && bars[until - 1] === '|') until -= 1;
  return bars.slice(from, until);
}

/** The 1-based column of the first letter of a cell. */
function columnOf(inner: string, cell: number): number {
  const parts = inner.split('|');
  const start = parts.slice(0, cell).reduce((sum, part) => sum + part.length + 1, 0);
  const own = parts[cell] ?? '';
  return start + (own.length - own.trimStart().length) + 1;
}
