import { type ColumnNames, columnsIn, missingColumns } from './columns.ts';
import { readDelimited } from './delimited.ts';
import { openRecords, type ReadOptions, type RecordFile } from './file.ts';
import { writingOf } from './form.ts';
import { readJson } from './json.ts';
import { readJsonLines } from './lines.ts';
import type { RecordedRows } from './notes.ts';
import { newPriceSheet, type PriceField, type PriceSheet } from './priceSheet.ts';
import { type Problems, problemsIn, type Where } from './problems.ts';
import type { PriceRow } from './rows.ts';
import { timeIn } from './values.ts';

/**
 * Reads spot prices in any of the forms in which they are recorded: the JSON of `describe-spot-price-history`, CSV or TSV with
 * a header, TSV without one, JSON Lines. Rows come in the order of time, one for each market and instant.
 *
 * @throws BadInput with the mistakes in the file.
 */
export async function readPrices(path: string, options: ReadOptions = {}): Promise<RecordedRows<PriceRow>> {
  const records = await openRecords(path, options);
  const problems = problemsIn(records);
  const sheet = newPriceSheet(path, problems);
  const writing = writingOf(records);
  const form =
    writing.writing === 'json'
      ? await fromJson(records, writing.top, problems, sheet)
      : writing.writing === 'json-lines'
        ? await fromLines(records, problems, sheet)
        : await fromTable(records, writing.delimiter, problems, sheet);
  await problems.check();
  return sheet.close(form);
}

const NAMES: ColumnNames<PriceField> = {
  at: ['timestamp', 'time', 'at'],
  instanceType: ['instance_type', 'type'],
  zone: ['zone', 'availability_zone', 'availability_zone_id', 'zone_id', 'az', 'az_id'],
  product: ['product', 'product_description'],
  usdPerHour: ['usd_per_hour', 'spot_price', 'price'],
};

/** The fields that a price cannot do without. */
const NEEDED = ['at', 'instanceType', 'zone', 'usdPerHour'] as const satisfies readonly PriceField[];

/** The order of a TSV without header. */
const HEADLESS: readonly PriceField[] = ['zone', 'instanceType', 'product', 'usdPerHour', 'at'];

const A_REGION =
  'expected a column zone, found only a region: a region mixes the prices of several zones, of which none can be told apart; record them with their availability zone';

async function fromTable(
  records: RecordFile,
  delimiter: string,
  problems: Problems,
  sheet: PriceSheet,
): Promise<string> {
  let columns: Partial<Record<PriceField, number>> | undefined;
  let [width, isUsable, form] = [0, true, delimiter === '\t' ? 'TSV' : 'CSV'];
  await readDelimited(records, delimiter, problems, (cells, line) => {
    if (columns === undefined) {
      width = cells.length;
      columns = columnsIn(cells, NAMES);
      if (Object.keys(columns).length === 0 && width === HEADLESS.length && timeIn(cells[4]) !== undefined) {
        columns = Object.fromEntries(HEADLESS.map((field, index) => [field, index]));
        form = `${form} without header`;
      } else {
        isUsable = checkHeader(cells, line, columns, problems);
        return;
      }
    }
    if (!isUsable) return;
    const column = columns;
    if (cells.length !== width)
      problems.add({ line }, `expected ${width} cells as in the first line, found ${cells.length}`);
    else
      sheet.take(
        (field) => cells[column[field] ?? -1],
        (field): Where => ({ line, cell: column[field] ?? 0, delimiter }),
      );
  });
  return form;
}

function checkHeader(
  header: readonly string[],
  line: number,
  columns: Partial<Record<PriceField, number>>,
  problems: Problems,
): boolean {
  const missing = NEEDED.filter((field) => columns[field] === undefined);
  if (missing.length === 0) return true;
  const hasRegion = header.some((cell) => cell.trim().toLowerCase() === 'region');
  if (missing.includes('zone') && hasRegion) problems.add({ line, column: 1 }, A_REGION);
  else if (missing.length === NEEDED.length)
    problems.add(
      { line, column: 1 },
      `expected spot prices (JSON of describe-spot-price-history, CSV, TSV or JSON Lines) in a known form, found none: ${missingColumns(missing.map(nameOf), header)}`,
    );
  else problems.add({ line, column: 1 }, missingColumns(missing.map(nameOf), header));
  return false;
}

const nameOf = (field: PriceField): string => NAMES[field][0] ?? field;

/** The keys of the AWS CLI. */
const AWS_KEYS: Readonly<Record<PriceField, string>> = {
  at: 'Timestamp',
  instanceType: 'InstanceType',
  zone: 'AvailabilityZone',
  product: 'ProductDescription',
  usdPerHour: 'SpotPrice',
};

async function fromJson(
  records: RecordFile,
  top: 'object' | 'list',
  problems: Problems,
  sheet: PriceSheet,
): Promise<string> {
  const keys = await readJson(
    records,
    top === 'list' ? ['$.*'] : ['$.SpotPriceHistory.*'],
    problems,
    ({ value, where }) => {
      if (!isObject(value)) problems.add(where(), 'expected an object with Timestamp and SpotPrice, found none');
      // Newer answers name the zone by its ID as well; the name is what everything else goes by.
      else
        sheet.take(
          (field) =>
            value[AWS_KEYS[field]] ?? (field === 'zone' ? (value['AvailabilityZoneId'] ?? value['zone']) : undefined),
          (field) => where(AWS_KEYS[field]),
        );
    },
  );
  if (top === 'object' && !keys.includes('SpotPriceHistory'))
    problems.add(
      { offset: 0 },
      `expected the key SpotPriceHistory, as describe-spot-price-history writes it; found ${keys.join(', ') || 'none'}`,
    );
  return 'AWS CLI JSON';
}

async function fromLines(records: RecordFile, problems: Problems, sheet: PriceSheet): Promise<string> {
  await readJsonLines(records, problems, (value, line) => {
    if (!isObject(value)) {
      problems.add({ line, column: 1 }, 'expected an object, found none');
      return;
    }
    const keys = Object.keys(value);
    const columns = columnsIn(keys, NAMES);
    if (columns.zone === undefined && columns.at !== undefined && 'region' in value)
      problems.add({ line, column: 1 }, A_REGION);
    else
      sheet.take(
        (field) => value[keys[columns[field] ?? -1] ?? ''],
        () => ({ line, column: 1 }),
      );
  });
  return 'JSON Lines';
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
