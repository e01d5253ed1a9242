import { BadInput } from '../../../src/config/mistakes.ts';
import { openRecords, type ReadOptions, type RecordFile } from '../file.ts';
import { writingOf } from '../form.ts';
import { type Problems, problemsIn } from '../problems.ts';
import { fromOffer, fromProducts } from './fromJson.ts';
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
  const { name, publishedOn } = await readInto(taken, records, problems);
  await problems.check();
  const list = taken.close(path, name, publishedOn);
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
  if (writing.writing === 'table') return fromTable(records, writing.delimiter, problems, taken);
  return isOffer(records) ? fromOffer(records, problems, taken) : fromProducts(records, problems, taken);
}

const isOffer = ({ head }: RecordFile): boolean => /^\s*\{[^{}[\]]{0,4000}"offerCode"\s*:/.test(head);
