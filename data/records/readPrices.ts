import { openRecords, type ReadOptions, type RecordFile } from './file.ts';
import { newInstants } from './jobs/instants.ts';
import type { Reject } from './jobs/setAside.ts';
import { priceFormOf } from './prices/form.ts';
import { fromGrid } from './prices/fromGrid.ts';
import { fromJson, fromLines } from './prices/fromJson.ts';
import { fromPython } from './prices/fromPython.ts';
import { fromTable } from './prices/fromTable.ts';
import { fromYaml } from './prices/fromYaml.ts';
import { readPlainJson } from './prices/plainJson.ts';
import { newPriceSheet, type PriceSheet, type RecordedPrices } from './prices/sheet.ts';
import { type Problems, problemsIn } from './problems.ts';
import { AT_MOST_SET_ASIDE } from './readJobs.ts';

export interface PriceReadOptions extends ReadOptions {
  /** The IANA zone by whose clock times without a zone go. */
  readonly timeZone?: string | undefined;
  /** Takes a file whose last page has a `NextToken`, so that later pages are missing; it is said among the assumptions. */
  readonly incomplete?: boolean | undefined;
  /** The largest share of rows that cannot be meant; 0.05 if left out, 0 refuses any. */
  readonly atMostSetAside?: number | undefined;
  /** Told of every row that is set aside. */
  readonly onReject?: ((reject: Reject) => void) | undefined;
}

/**
 * Reads spot prices in any of the forms in which they are recorded: what the AWS CLI, boto3 and the EC2 API tools write, and
 * tables. The form is told by the content. Rows come in the order of time, one for each market and instant; rows that cannot be
 * meant are set aside and counted.
 *
 * @throws BadInput with the mistakes in the file.
 */
export async function readPrices(path: string, options: PriceReadOptions = {}): Promise<RecordedPrices> {
  const { timeZone, incomplete = false, atMostSetAside = AT_MOST_SET_ASIDE, onReject } = options;
  const records = await openRecords(path, options);
  const rules = { incomplete, timeZone, atMost: atMostSetAside, onReject };
  const { form } = priceFormOf(records);
  const sheetFor = (problems: Problems): PriceSheet =>
    newPriceSheet(records, problems, newInstants(timeZone), onReject !== undefined);
  if (form === 'json' || form === 'json-lines') {
    const sheet = sheetFor(problemsIn(records));
    const plain = await readPlainJson(records, sheet, form === 'json-lines');
    if (plain !== undefined) return sheet.close(plain, rules);
  }
  const problems = problemsIn(records);
  const sheet = sheetFor(problems);
  return sheet.close(await readInto(sheet, records, problems), rules);
}

/** @returns the form of the file, for people. */
function readInto(sheet: PriceSheet, records: RecordFile, problems: Problems): Promise<string> {
  const found = priceFormOf(records);
  switch (found.form) {
    case 'json':
      return fromJson(records, problems, sheet);
    case 'json-lines':
      return fromLines(records, problems, sheet);
    case 'python':
      return fromPython(records, problems, sheet);
    case 'yaml':
      return fromYaml(records, problems, sheet);
    case 'grid':
      return fromGrid(records, problems, sheet);
    case 'table':
      return fromTable(records, found.delimiter, problems, sheet);
  }
}
