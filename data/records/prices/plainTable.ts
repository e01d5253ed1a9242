import { delimitedLines } from '../delimited.ts';
import type { RecordFile } from '../file.ts';
import type { Problems } from '../problems.ts';
import { newMarketBook, newPlainValues } from './plainValues.ts';
import type { PriceSheet } from './sheet.ts';
import type { TableLines } from './tableLines.ts';

const [LINE_FEED, RETURN, QUOTE] = [10, 13, 34];
/** More cells than a table of prices has; a line with more is read as text. */
const MOST_CELLS = 256;
/** A line longer than this is left to the reader of text, which says so. */
const MOST_LINE_BYTES = 1024 * 1024;

/**
 * Reads a table of prices by its bytes. A row that is written otherwise than most are is read as text; from the first cell on
 * whose quotes enclose quotes or the end of a line, the whole rest is.
 */
export async function readPlainTable(
  records: RecordFile,
  delimiter: string,
  problems: Problems,
  sheet: PriceSheet,
  lines: TableLines,
): Promise<void> {
  const [values, book] = [newPlainValues(), newMarketBook()];
  const mark = delimiter.charCodeAt(0);
  const [starts, ends, places] = [new Int32Array(MOST_CELLS), new Int32Array(MOST_CELLS), new Int32Array(6)];
  const takeCells = (cells: readonly string[], line: number): void => {
    lines.take(cells, (cell) => (cell === undefined ? { line } : { line, cell, delimiter }));
  };
  let [line, rest]: [number, Buffer] = [0, Buffer.alloc(0)];
  let asText: ReturnType<typeof delimitedLines> | undefined;
  /** Cells are text in the encoding of the file, and a character may be cut in two where a piece ends. */
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

  /** Takes the line from `from` to `until`, its end not included. @returns false: its quotes are not plain. */
  function take(b: Buffer, from: number, until: number): boolean {
    let [cells, start, isQuoted] = [0, from, false];
    const end = until > from && b[until - 1] === RETURN ? until - 1 : until;
    if (end === from) return true;
    for (let at = from; at < end; at += 1) {
      const byte = b[at];
      if (byte === mark) {
        if (cells < MOST_CELLS) {
          starts[cells] = start;
          ends[cells] = at;
        }
        cells += 1;
        start = at + 1;
      } else if (byte === QUOTE) isQuoted = true;
    }
    if (cells < MOST_CELLS) {
      starts[cells] = start;
      ends[cells] = end;
    }
    cells += 1;
    if (cells > MOST_CELLS || (isQuoted && mark !== TAB && !unquote(b, cells)))
      return isQuoted ? false : slowly(b, from, end);
    const { layout } = lines;
    return (
      (layout !== undefined && cells === layout.width && addPlain(b, layout.columns)) ||
      slowly(b, from, end, cells, isQuoted)
    );
  }

  /** Cuts quotes off. @returns false for a cell with other quotes than one at each end. */
  function unquote(b: Buffer, cells: number): boolean {
    for (let cell = 0; cell < cells; cell += 1) {
      let [from, until] = [starts[cell]!, ends[cell]!];
      if (b[from] === QUOTE) {
        if (until - from < 2 || b[until - 1] !== QUOTE) return false;
        from += 1;
        until -= 1;
      }
      for (let at = from; at < until; at += 1) if (b[at] === QUOTE) return false;
      starts[cell] = from;
      ends[cell] = until;
    }
    return true;
  }

  function addPlain(b: Buffer, columns: NonNullable<TableLines['layout']>['columns']): boolean {
    const { at: atColumn, usdPerHour: priceColumn, instanceType = -1, zone = -1, product = -1 } = columns;
    if (atColumn === undefined || priceColumn === undefined) return false;
    const at = values.instant(b, starts[atColumn]!, ends[atColumn]!);
    const usdPerHour = values.price(b, starts[priceColumn]!, ends[priceColumn]!);
    if (!(at > 0 && usdPerHour >= 0)) return false;
    setPlaces(instanceType, 0);
    setPlaces(zone, 2);
    setPlaces(product, 4);
    const market = book.find(b, places);
    if (market === undefined) return false;
    sheet.add(at, market, usdPerHour);
    return true;
  }

  function setPlaces(column: number, part: number): void {
    places[part] = column < 0 ? 0 : starts[column]!;
    places[part + 1] = column < 0 ? 0 : ends[column]!;
  }

  function slowly(b: Buffer, from: number, until: number, cells = 0, isQuoted = false): true {
    const texts = isQuoted
      ? Array.from({ length: cells }, (_, cell) => b.toString('utf8', starts[cell], ends[cell]))
      : b.toString('utf8', from, until).split(delimiter);
    if (line === 1) texts[0] = texts[0]?.replace(/^\uFEFF"?/, '').replace(/"$/, '') ?? '';
    takeCells(texts, line);
    const [market, layout] = [sheet.lastMarket, lines.layout];
    if (market === undefined || layout === undefined || cells !== layout.width) return true;
    setPlaces(layout.columns.instanceType ?? -1, 0);
    setPlaces(layout.columns.zone ?? -1, 2);
    setPlaces(layout.columns.product ?? -1, 4);
    book.learn(b, places, market);
    return true;
  }

  /** @returns false: there are too many mistakes to go on. */
  function goOn(piece: Buffer): boolean {
    if (piece.length === 0) return true;
    if (asText !== undefined) return asText.take(decoder.decode(piece, { stream: true }));
    const b: Buffer = rest.length === 0 ? piece : Buffer.concat([rest, piece]);
    let from = 0;
    for (let end = b.indexOf(LINE_FEED); end >= 0; end = b.indexOf(LINE_FEED, from)) {
      line += 1;
      if (!take(b, from, end)) {
        asText = delimitedLines(delimiter, problems, takeCells, line);
        break;
      }
      from = end + 1;
    }
    rest = from === 0 ? b : b.subarray(from);
    if (asText === undefined && rest.length > MOST_LINE_BYTES)
      asText = delimitedLines(delimiter, problems, takeCells, line + 1);
    return asText === undefined || asText.take(decoder.decode(rest, { stream: true }));
  }

  for await (const chunk of records.chunks()) {
    // A line that two chunks share is put together alone: nothing else need be copied.
    const seam = rest.length === 0 || asText !== undefined ? 0 : chunk.indexOf(LINE_FEED) + 1;
    if (!goOn(chunk.subarray(0, seam)) || !goOn(chunk.subarray(seam))) return;
  }
  if (asText === undefined && rest.length > 0) {
    line += 1;
    if (take(rest, 0, rest.length)) return;
    asText = delimitedLines(delimiter, problems, takeCells, line);
    if (!asText.take(decoder.decode(rest))) return;
  }
  if (asText?.take(decoder.decode()) === true) asText.end();
}

const TAB = 9;
