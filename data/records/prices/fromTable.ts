import { type Columns, columnsIn, missingColumns } from '../columns.ts';
import type { RecordFile } from '../file.ts';
import type { Problems, Where } from '../problems.ts';
import { columnsByContent } from './byContent.ts';
import { A_REGION, NAMES, NEEDED, nameOf, type PriceField } from './fields.ts';
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
  let header: string | undefined;
  let [width, isUsable, form] = [0, true, written];

  function begin(cells: readonly string[], where: Where): 'header' | 'row' {
    width = cells.length;
    columns = columnsIn(cells, NAMES);
    const isHeadless = NEEDED.some((field) => columns?.[field] === undefined);
    const byContent = isHeadless ? columnsByContent(cells) : undefined;
    if (byContent !== undefined) {
      columns = byContent;
      form = LABELS[cells[0]?.trim() ?? ''] ?? `${written} without header`;
      return 'row';
    }
    header = cells.join('\n');
    isUsable = checkHeader(cells, where, columns, problems);
    return 'header';
  }

  return {
    take: (cells, where) => {
      const [first = ''] = cells;
      if (first === 'NEXTTOKEN' || (first === 'NextToken' && cells.length === 2)) {
        const token = cells[1]?.trim() ?? '';
        sheet.page(token === 'None' ? '' : token);
        return;
      }
      if (columns === undefined) {
        if (cells.length <= 2 && /^"?sep=/i.test(first)) return;
        if (begin(cells, where()) === 'header') return;
      }
      // Files that were put together with cat have their header again.
      if (!isUsable || (header !== undefined && cells.join('\n') === header)) return;
      const column = columns ?? {};
      if (cells.length !== width)
        problems.add(where(), `expected ${width} cells as in the first line, found ${cells.length}`);
      else
        sheet.take(
          (field) => cells[column[field] ?? -1],
          (field) => where(column[field] ?? 0),
        );
    },
    get form() {
      return form;
    },
    get layout() {
      return columns === undefined || !isUsable ? undefined : { columns, width };
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
  return lines.form;
}

function checkHeader(
  header: readonly string[],
  where: Where,
  columns: Columns<PriceField>,
  problems: Problems,
): boolean {
  const missing = NEEDED.filter((field) => columns[field] === undefined);
  if (missing.length === 0) return true;
  const place = 'line' in where ? { line: where.line, column: 1 } : where;
  const hasRegion = header.some((cell) => cell.trim().toLowerCase() === 'region');
  if (missing.includes('zone') && hasRegion) problems.add(place, A_REGION);
  else if (missing.length === NEEDED.length)
    problems.add(
      place,
      `expected spot prices (JSON of describe-spot-price-history, CSV, TSV or JSON Lines) in a known form, found none: ${missingColumns(missing.map(nameOf), header)}`,
    );
  else problems.add(place, missingColumns(missing.map(nameOf), header));
  return false;
}
