import { columnsIn } from '../columns.ts';
import type { RecordFile } from '../file.ts';
import { readDocuments } from '../jobs/documents.ts';
import { isObj, type Obj, textIn, within } from '../jobs/seen.ts';
import { readJson } from '../json.ts';
import { readLines } from '../lines.ts';
import { amountOf } from '../prices/amounts.ts';
import type { Problems } from '../problems.ts';
import { NAMES } from './fromTable.ts';
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
  const taking = productsInto(taken);
  await readDocuments(records, problems, ({ value }) => {
    taking.take(value);
  });
  return taking.form();
}

/** The same as `--output text` prints it: a product a line. */
export async function fromText(records: RecordFile, problems: Problems, taken: PriceListTaken): Promise<ListForm> {
  const taking = productsInto(taken);
  await readLines(records, problems, (text, line) => {
    if (/^NEXTTOKEN\t(?!None\b)/.test(text)) taking.take({ NextToken: text.slice(10) });
    if (!text.startsWith('PRICELIST\t')) return;
    const value = parsed(text.slice(10));
    if (isObj(value)) taking.take(value);
    else problems.add({ line, column: 11 }, 'expected a product as JSON after PRICELIST, found text that is none');
  });
  return taking.form();
}

function productsInto(taken: PriceListTaken) {
  let publishedOn: string | undefined;
  let isCut = false;
  const take = (value: unknown): void => {
    const entry = typeof value === 'string' ? parsed(value) : value;
    if (!isObj(entry)) return;
    // Each page tells anew whether another follows.
    if ('PriceList' in entry || 'NextToken' in entry) isCut = (textIn(entry['NextToken']) ?? '') !== '';
    const list = entry['PriceList'];
    if (Array.isArray(list)) for (const one of list) take(one);
    else if (isObj(entry['product'])) {
      takeProduct(entry['product'], taken);
      const terms = within(entry, 'terms', 'OnDemand');
      const sku = textIn(entry['product']['sku']);
      if (isObj(terms) && sku !== undefined) takeTerms(terms, taken, sku);
      const date = /^\d{4}-\d\d-\d\d/.exec(textIn(entry['publicationDate']) ?? '')?.[0];
      if (date !== undefined && date > (publishedOn ?? '')) publishedOn = date;
    } else if (isObj(entry['pricing'])) takeRegions(entry, entry['pricing'], taken);
    else takeRow(entry, taken);
  };
  let products = 0;
  return {
    take: (value: unknown): void => {
      if (isObj(value) && Array.isArray(value['PriceList'])) products += 1;
      if (typeof value === 'string' || (isObj(value) && isObj(value['product']))) products += 1;
      take(value);
    },
    form: (): ListForm => ({
      name: products > 0 ? 'answer of aws pricing get-products' : 'table of on-demand prices',
      ...{ publishedOn, isCut },
    }),
  };
}

/** A type as ec2instances.info has it: prices by region and system, as text. */
function takeRegions(entry: Obj, regions: Obj, taken: PriceListTaken): void {
  for (const [region, systems] of Object.entries(regions))
    for (const [operatingSystem, prices] of isObj(systems) ? Object.entries(systems) : []) {
      const usd = amountOf(within(prices, 'ondemand'));
      if (usd !== undefined) taken.row({ instanceType: entry['instance_type'], region, operatingSystem }, usd);
    }
}

/** A row with a type and a price, or prices by type. */
function takeRow(entry: Obj, taken: PriceListTaken): void {
  const keys = Object.keys(entry);
  const columns = columnsIn(keys, NAMES);
  const valueOf = (field: keyof typeof NAMES): unknown => entry[keys[columns[field] ?? -1] ?? ''];
  const usd = amountOf(valueOf('usdPerHour'));
  if (columns.instanceType !== undefined) {
    if (usd === undefined) return;
    const [instanceType, region, operatingSystem] = [
      valueOf('instanceType'),
      valueOf('region'),
      valueOf('operatingSystem'),
    ];
    taken.row({ instanceType, region, operatingSystem }, usd);
    return;
  }
  for (const [instanceType, value] of Object.entries(entry)) {
    const price = amountOf(value);
    if (price !== undefined && instanceType.includes('.')) taken.row({ instanceType }, price);
  }
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
      // Lists of AWS in China are in yuan, as spot prices there are.
      const amounts = ['USD', 'CNY'].map((currency) => textIn(within(dimension, 'pricePerUnit', currency)));
      const usd = Number(amounts.find((amount) => amount !== undefined) ?? Number.NaN);
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
