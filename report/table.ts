/** A column of a table: its heading, a line for each `\n` in it, and whether its cells are numbers (set to the right). */
export interface Column {
  readonly heading: string;
  readonly align?: 'left' | 'right';
}

/**
 * Rows under headings, columns some blanks apart, without borders: it reads alike in a terminal, a pipe and a diff.
 * Without any heading, the line of headings is left out.
 */
export function table(columns: readonly Column[], rows: readonly (readonly string[])[], gap = 2): string {
  const headings = columns.map(({ heading }) => heading.split('\n'));
  const height = Math.max(0, ...headings.map((lines) => lines.length));
  const heads = Array.from({ length: height }, (_, line) =>
    // Headings stand on the rows: a short one leaves its upper lines empty.
    headings.map((lines) => lines[line - (height - lines.length)] ?? ''),
  ).filter((cells) => cells.some((cell) => cell !== ''));
  const widths = columns.map((_, index) =>
    Math.max(0, ...[...heads, ...rows].map((row) => lengthOf(row[index] ?? ''))),
  );
  const lineOf = (cells: readonly string[]): string =>
    columns
      .map(({ align = 'left' }, index) => {
        const cell = cells[index] ?? '';
        const blanks = ' '.repeat(Math.max(0, (widths[index] ?? 0) - lengthOf(cell)));
        return align === 'right' ? blanks + cell : cell + blanks;
      })
      .join(' '.repeat(gap))
      .trimEnd();
  return [...heads, ...rows].map(lineOf).join('\n');
}

/** Characters, not UTF-16 units. */
const lengthOf = (text: string): number => Array.from(text).length;
