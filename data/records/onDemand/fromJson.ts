import type { RecordFile } from '../file.ts';
import { readDocuments } from '../jobs/documents.ts';
import { isObj, type Obj, textIn, within } from '../jobs/seen.ts';
import { readJson } from '../json.ts';
import type { Problems } from '../problems.ts';
import type { ListForm, PriceListTaken } from './priceList.ts';

/**
 * The price list of a service in bulk: products by their number, and apart from them what they cost. Such files have hundreds
 * of megabytes, so one product is in memory at a time.
 */
export async function fromOffer(records: RecordFile, problems: Problems, taken: PriceListTaken): Promise<ListForm> {
  const code = /"offerCode"\s*:\s*"([^"]*)"/.exec(records.head)?.[1] ?? '';
  if (code !== 'AmazonEC2') {
    problems.add({ offset: 0 }, `expected the price list of AmazonEC2, found that of ${code}`);
    return { name: 'AWS price list', publishedOn: undefined };
  }
  await readJson(records, ['$.products.*', '$.terms.OnDemand.*'], problems, ({ value, list }) => {
    if (!isObj(value)) return;
    if (list === 'products') takeProduct(value, taken);
    else takeTerms(value, taken);
  });
  const publishedOn = /"publicationDate"\s*:\s*"(\d{4}-\d\d-\d\d)/.exec(records.head)?.[1];
  return { name: 'AWS price list', publishedOn };
}

/** The answer of the pricing API: a list of products with their terms, each of them text that is JSON. */
export async function fromProducts(records: RecordFile, problems: Problems, taken: PriceListTaken): Promise<ListForm> {
  let publishedOn: string | undefined;
  const take = (value: unknown): void => {
    const entry = typeof value === 'string' ? parsed(value) : value;
    if (!isObj(entry)) return;
    const list = entry['PriceList'];
    if (Array.isArray(list)) for (const one of list) take(one);
    else if (isObj(entry['product'])) {
      takeProduct(entry['product'], taken);
      const terms = within(entry, 'terms', 'OnDemand');
      const sku = textIn(entry['product']['sku']);
      if (isObj(terms) && sku !== undefined) takeTerms(terms, taken, sku);
      const date = /^\d{4}-\d\d-\d\d/.exec(textIn(entry['publicationDate']) ?? '')?.[0];
      if (date !== undefined && date > (publishedOn ?? '')) publishedOn = date;
    }
  };
  await readDocuments(records, problems, ({ value }) => {
    take(value);
  });
  return { name: 'answer of aws pricing get-products', publishedOn };
}

function takeProduct(product: Obj, taken: PriceListTaken): void {
  const { attributes, sku } = product;
  if (!isObj(attributes) || typeof sku !== 'string') return;
  taken.product(sku, {
    instanceType: attributes['instanceType'],
    region: attributes['regionCode'],
    operatingSystem: attributes['operatingSystem'],
    tenancy: attributes['tenancy'],
    capacityStatus: attributes['capacitystatus'],
    software: attributes['preInstalledSw'],
    license: attributes['licenseModel'],
    locationType: attributes['locationType'],
    market: attributes['marketoption'],
  });
}

/** @param known the product's number, where its terms do not say it. */
function takeTerms(terms: Obj, taken: PriceListTaken, known?: string): void {
  for (const term of Object.values(terms)) {
    const [sku, dimensions] = [textIn(within(term, 'sku')) ?? known, within(term, 'priceDimensions')];
    if (sku === undefined || !isObj(dimensions)) continue;
    for (const dimension of Object.values(dimensions)) {
      const usd = Number(textIn(within(dimension, 'pricePerUnit', 'USD')) ?? Number.NaN);
      if (within(dimension, 'unit') === 'Hrs' && usd > 0) taken.price(sku, usd);
    }
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
