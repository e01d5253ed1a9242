import type { OnDemandList } from '../records/onDemand/priceList.ts';
import type { PriceHistory } from '../records/prices/history.ts';
import { regionOf } from '../records/zones.ts';
import { listPriceOf } from './listPrices.ts';

/** What is known of on-demand prices, USD per hour, beside what the scenario itself says. */
export interface OnDemandKnown {
  /** Given by hand, by instance type. */
  readonly given: Readonly<Record<string, number>>;
  /** A price list that was read. */
  readonly list?: OnDemandList | undefined;
}

/** An on-demand price, and where it comes from, for people; nobody is told where what they gave comes from. */
export interface OnDemandPrice {
  readonly usdPerHour: number;
  readonly source?: string;
  /** A list price that stands here, and not one that was read. */
  readonly isBuiltIn: boolean;
}

/** Where instances are bought. */
export interface Place {
  /** Undefined: not known. */
  readonly region: string | undefined;
  /** EC2's description, such as `Linux/UNIX`. */
  readonly product: string;
}

/** The on-demand price of a type: as given, else as the list has it, else as it stands here. */
export function onDemandPriceOf(
  instanceType: string,
  { region, product }: Place,
  { given, list }: OnDemandKnown,
): OnDemandPrice | undefined {
  const own = Object.hasOwn(given, instanceType) ? given[instanceType] : undefined;
  if (own !== undefined) return { usdPerHour: own, isBuiltIn: false };
  const listed = list?.usdOf(instanceType, region ?? '', product);
  if (list !== undefined && listed !== undefined) {
    const of = [
      list.publishedOn === undefined ? '' : ` of ${list.publishedOn}`,
      list.regions.length === 0 || region === undefined ? '' : ` for ${region}`,
    ];
    return {
      usdPerHour: listed,
      source: `the price in ${list.file}, ${article(list.form)}${of.join('')}${list.isCut ? ' that lacks later pages (NextToken)' : ''}`,
      isBuiltIn: false,
    };
  }
  const known = listPriceOf(instanceType, region);
  if (known === undefined) return undefined;
  const elsewhere =
    region === undefined || known.region === region ? '' : `, not of ${region}, whose prices are not known here`;
  const notListed =
    list === undefined
      ? ''
      : `, for ${list.file} has none of ${instanceType}${region === undefined ? '' : ` in ${region}`}${list.isCut ? ' and lacks later pages (NextToken)' : ''}`;
  return {
    usdPerHour: known.usdPerHour,
    source: `the list price of ${known.region} ${known.when}${elsewhere}${notListed}`,
    isBuiltIn: true,
  };
}

/** How to give prices that nothing here has: the exact flag, and the command that makes the file for it. */
export function onDemandRemedy(instanceTypes: readonly string[], region: string | undefined): string {
  const given = instanceTypes.map((type) => `${type}=USD-PER-HOUR`).join(',');
  return `say --on-demand ${given}, or --on-demand FILE with what this prints: ${listCommand(instanceTypes, region)}`;
}

/** The command that prints on-demand prices: of one type by itself, else of all in the region. */
export function listCommand([only, ...others]: readonly string[], region: string | undefined): string {
  const match = (field: string, value: string): string => `Type=TERM_MATCH,Field=${field},Value=${value}`;
  const filters = [
    match('regionCode', region ?? 'REGION'),
    ...(only === undefined || others.length > 0 ? [] : [match('instanceType', only)]),
    match('operatingSystem', 'Linux'),
    ...[match('tenancy', 'Shared'), match('capacitystatus', 'Used')],
  ];
  return `aws pricing get-products --region us-east-1 --service-code AmazonEC2 --output json --filters ${filters.join(' ')}`;
}

const article = (noun: string): string => (/^[aeiou]/i.test(noun) ? `an ${noun}` : `a ${noun}`);

/** The region in which most markets of a recording are, and their product. */
export function placeOf({ series }: Pick<PriceHistory, 'series'>, otherwise: string): Place {
  const most = (names: readonly (string | undefined)[]): string | undefined => {
    const counts = new Map<string, number>();
    for (const name of names) if (name !== undefined) counts.set(name, (counts.get(name) ?? 0) + 1);
    return [...counts].toSorted(([a, n], [b, m]) => m - n || (a < b ? -1 : 1))[0]?.[0];
  };
  const products = new Set(series.map(({ product }) => product));
  const [only = otherwise] = products;
  return { region: most(series.map(({ zone }) => regionOf(zone))), product: products.size === 1 ? only : otherwise };
}
