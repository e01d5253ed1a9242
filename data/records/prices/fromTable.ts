import { type Columns, columnsIn, missingColumns } from '../columns.ts';
import type { RecordFile } from '../file.ts';
import { isComment } from '../form.ts';
import type { Problems, Where } from '../problems.ts';
import { columnsByContent, completedColumns, toldSentence } from './byContent.ts';
import { A_REGION, NAMES, NEEDED, nameOf, type PriceField } from './fields.ts';
import { type Parts, partsIn } from './parts.ts';
import { readPlainTable } from './plainTable.ts';
import type { PriceSheet } from './sheet.ts';
import type { TableLines } from './tableLines.ts';

/** What the AWS CLI and the EC2 API tools write before each price. */
const LABELS: Readonly<Record<string, string>> = {
  SPOTPRICEHISTORY: 'AWS CLI text',
  SPOTINSTANCEPRICE: 'EC2 API tools text',
};

/** A table with a header, in any order of columns; or without one, the columns then told by what they hold. */
export function tableLines(problems: Problems, sheet: PriceSheet, written: string): TableLines {
  let columns: Columns<PriceField> | undefined;
  /** A header whose names do not tell all: the first row may. */
  let untold: { readonly names: readonly string[]; readonly where: Where } | undefined;
  let header: string | undefined;
  let parts: Parts | undefined;
  let [width, isUsable, form] = [0, true, written];

  function begin(cells: readonly string[], where: Where): 'header' | 'row' {
    width = cells.length;
    columns = columnsIn(cells, NAMES);
    if (NEEDED.every((field) => columns?.[field] !== undefined)) parts = partsIn(cells, columns);
    else {
      const told = columnsByContent(cells);
      if (told?.doubt !== undefined) {
        isUsable = false;
        problems.add(where, told.doubt);
        return 'row';
      }
      if (told !== undefined) {
        columns = told.columns;
        form = LABELS[cells[0]?.trim() ?? ''] ?? `${written} without header`;
        return 'row';
      }
      untold = { names: cells, where };
    }
    header = cells.join('\n');
    return 'header';
  }

  /** Decides what the columns are that the header does not tell. @param row the first one; undefined: there is none */
  function settle(names: readonly string[], where: Where, row: readonly string[] | undefined): void {
    const named = columns ?? {};
    const all = row === undefined ? undefined : completedColumns(names, row, named);
    untold = undefined;
    if (all === undefined) {
      isUsable = false;
      refuseHeader(names, where, named, problems);
    } else {
      columns = all;
      parts = partsIn(names, all);
      sheet.assume(toldSentence(names, named, all));
    }
  }

  return {
    take: (found, where) => {
      const [first = ''] = found;
      if (first === 'NEXTTOKEN' || (first === 'NextToken' && found.length === 2)) {
        const token = found[1]?.trim() ?? '';
        sheet.page(token === 'None' ? '' : token);
        return;
      }
      if (columns === undefined) {
        if ((found.length <= 2 && /^"?sep=/i.test(first)) || isComment(first)) return;
        if (begin(found, where()) === 'header') return;
      }
      if (untold !== undefined) settle(untold.names, untold.where, found);
      // Files that were put together with cat have their header again.
      if (!isUsable || (header !== undefined && found.join('\n') === header)) return;
      const cells =
        found.length > width && found.slice(width).every((cell) => cell.trim() === '') ? found.slice(0, width) : found;
      const [column, joined] = [columns ?? {}, parts];
      const cellAt = (index: number): string | undefined => cells[index];
      if (cells.length !== width)
        problems.add(where(), `expected ${width} cells as in the first line, found ${cells.length}`);
      else
        sheet.take(
          (field) => joined?.valueOf(field, cellAt) ?? cells[column[field] ?? -1],
          (field) => where(column[field] ?? 0),
          joined?.isJoined(cellAt) === true,
        );
    },
    end: () => {
      if (untold !== undefined) settle(untold.names, untold.where, undefined);
    },
    get form() {
      return form;
    },
    get layout() {
      return columns === undefined || untold !== undefined || !isUsable ? undefined : { columns, width };
    },
  };
}

/** @returns what the table turned out to be. */
export async function fromTable(
  records: RecordFile,
  delimiter: string,
  problems: Problems,
  sheet: PriceSheet,
): Promise<string> {
  const lines = tableLines(problems, sheet, delimiter === '\t' ? 'TSV' : 'CSV');
  await readPlainTable(records, delimiter, problems, sheet, lines);
  lines.end();
  return lines.form;
}

function refuseHeader(header: readonly string[], where: Where, columns: Columns<PriceField>, problems: Problems): void {
  const missing = NEEDED.filter((field) => columns[field] === undefined);
  const place = 'line' in where ? { line: where.line, column: 1 } : where;
  const hasRegion = header.some((cell) => cell.trim().toLowerCase() === 'region');
  if (missing.includes('zone') && hasRegion) problems.add(place, A_REGION);
  else if (missing.length === NEEDED.length)
    problems.add(
      place,
      `expected spot prices (JSON of describe-spot-price-history, CSV, TSV or JSON Lines) in a known form, found none: ${missingColumns(missing.map(nameOf), header)}`,
    );
  else problems.add(place, missingColumns(missing.map(nameOf), header));
}
