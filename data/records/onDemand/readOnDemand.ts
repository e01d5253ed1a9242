import { BadInput } from '../../../src/config/mistakes.ts';
import { openRecords, type ReadOptions, type RecordFile } from '../file.ts';
import { writingOf } from '../form.ts';
import { type Problems, problemsIn } from '../problems.ts';
import { fromOffer, fromProducts, fromText } from './fromJson.ts';
import { fromTable } from './fromTable.ts';
import { type ListForm, newPriceList, type OnDemandList, type PriceListTaken } from './priceList.ts';

/**
 * Reads the on-demand prices of EC2: a price list of AWS for one region or several (`AmazonEC2`, JSON or CSV), what
 * `aws pricing get-products` writes, or a table of instance types with a price in USD per hour.
 *
 * @throws BadInput with the mistakes in the file, and if there is no price in it.
 */
export async function readOnDemand(path: string, options: ReadOptions = {}): Promise<OnDemandList> {
  const records = await openRecords(path, options);
  const problems = problemsIn(records);
  const taken = newPriceList();
  const form = await readInto(taken, records, problems);
  await problems.check();
  const list = taken.close(path, form);
  if (list.length > 0) return list;
  throw new BadInput([
    {
      file: path,
      message:
        'expected on-demand prices of EC2, found none: read are the price list of AmazonEC2 for a region (index.json or index.csv), what aws pricing get-products --service-code AmazonEC2 writes, and a table with instance_type and usd_per_hour',
    },
  ]);
}

function readInto(taken: PriceListTaken, records: RecordFile, problems: Problems): Promise<ListForm> {
  const writing = writingOf(records);
  const refusal = otherOutput(records);
  if (refusal !== undefined) {
    problems.add({ line: 1, column: 1 }, refusal);
    return Promise.resolve({ name: '', publishedOn: undefined });
  }
  if (/^PRICELIST\t/m.test(records.head)) return fromText(records, problems, taken);
  if (writing.writing === 'table') return fromTable(records, writing.delimiter, problems, taken);
  return isOffer(records) ? fromOffer(records, problems, taken) : fromProducts(records, problems, taken);
}

/** What other programs print of the pricing API, which mixes JSON with their own quotes; undefined for any other file. */
function otherOutput({ head }: RecordFile): string | undefined {
  const text = head.trimStart();
  if (text.startsWith('<'))
    return 'expected a price list, found a page of HTML or XML: download index.json or index.csv, or let the AWS CLI write --output json';
  if (/^(?:FormatVersion|PriceList):/m.test(text))
    return 'expected JSON, found YAML of aws pricing get-products: let it write --output json';
  if (/^[[{]\s*'/.test(text))
    return 'expected JSON, found printed Python: write it with json.dump(response, file, default=str)';
  return undefined;
}

const isOffer = ({ head }: RecordFile): boolean => /^\s*\{[^{}[\]]{0,4000}"offerCode"\s*:/.test(head);
