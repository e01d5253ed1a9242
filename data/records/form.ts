import type { RecordFile } from './file.ts';

/** What separates the cells of a table. */
export type Delimiter = ',' | ';' | '\t' | '|';

/** How a file is written, whatever it is about. */
export type Writing =
  | { readonly writing: 'json'; readonly top: 'object' | 'list' }
  | { readonly writing: 'json-lines' }
  | { readonly writing: 'table'; readonly delimiter: Delimiter };

/** Tells by the beginning of a file how it is written; its name decides only between JSON and JSON Lines. */
export function writingOf({ file, head }: RecordFile): Writing {
  const text = head.trimStart();
  const [first = ''] = text.split('\n', 1);
  if (text.startsWith('{') && (/\.(?:jsonl|ndjson)(?:\.gz)?$/i.test(file) || isRow(first, text.length > first.length)))
    return { writing: 'json-lines' };
  if (text.startsWith('{')) return { writing: 'json', top: 'object' };
  if (text.startsWith('[')) return { writing: 'json', top: 'list' };
  return { writing: 'table', delimiter: delimiterIn(text) };
}

/** What separates the cells of the first line: the mark of which most are outside quotes; tabs before all others. */
function delimiterIn(text: string): Delimiter {
  const [first = '', second = ''] = text.split('\n', MOST_COMMENTS).filter((line) => !isComment(line));
  // A frame, as database clients draw it.
  if (/^\+[-=+]+\+\s*$/.test(first)) return '|';
  const named = /^"?sep=([,;|\t])"?\s*$/i.exec(first)?.[1];
  const line = (named === undefined ? first : second).replaceAll(/"[^"]*"/g, '');
  if (line.includes('\t')) return '\t';
  const counts = ([',', ';', '|'] as const).map((mark) => ({ mark, count: line.split(mark).length - 1 }));
  return counts.reduce((most, one) => (one.count > most.count ? one : most)).mark;
}

/** Whether a line above a table says something of it: `# fetched …`, `#TYPE …` of PowerShell. A header may begin with `#` too. */
export const isComment = (line: string): boolean => /^(?:#\s|#TYPE )/.test(line);

/** More lines than stand above a header. */
const MOST_COMMENTS = 20;

/** Whether a line is an object of plain values, such as JSON Lines hold: a whole document on one line nests. */
function isRow(line: string, isWhole: boolean): boolean {
  if (!isWhole && !line.trimEnd().endsWith('}')) return false;
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null && Object.values(value).every((one) => typeof one !== 'object');
  } catch {
    return false;
  }
}
