/** What EC2 asks for instances on demand, as a price list tells it. Money in USD per hour. */
export interface OnDemandList {
  readonly file: string;
  /** `AWS price list`, for people. */
  readonly form: string;
  /** `2026-01-15`; undefined where the file does not say. */
  readonly publishedOn: string | undefined;
  /** Whether it says that there is more of it. */
  readonly isCut: boolean;
  /** How many prices are known. */
  readonly length: number;
  /** Ascending; empty for a list that names none, and then holds everywhere. */
  readonly regions: readonly string[];
  /** @param product EC2's description, such as `Linux/UNIX`. */
  usdOf(instanceType: string, region: string, product: string): number | undefined;
}

/** What a file turned out to be. */
export interface ListForm {
  readonly name: string;
  readonly publishedOn: string | undefined;
  /** Left out: it is whole. */
  readonly isCut?: boolean;
}

/** What tells one product of a price list from another, as it stands there; a missing one says nothing. */
export interface ListedProduct {
  readonly instanceType: unknown;
  readonly region?: unknown;
  readonly operatingSystem?: unknown;
  readonly tenancy?: unknown;
  readonly capacityStatus?: unknown;
  readonly software?: unknown;
  readonly license?: unknown;
  readonly locationType?: unknown;
  readonly market?: unknown;
}

/** Takes products and what they cost, in any order. */
export interface PriceListTaken {
  product(sku: string, product: ListedProduct): void;
  price(sku: string, usdPerHour: number): void;
  /** A product and its price at once; of several of one product the last stands. */
  row(product: ListedProduct, usdPerHour: number): void;
  close(file: string, form: ListForm): OnDemandList;
}

export function newPriceList(): PriceListTaken {
  const products = new Map<string, string>();
  const usdBySku = new Map<string, number>();
  const usdByKey = new Map<string, number>();
  return {
    product: (sku, product) => {
      const key = keyOf(product);
      if (key !== undefined) products.set(sku, key);
    },
    price: (sku, usdPerHour) => {
      usdBySku.set(sku, usdPerHour);
    },
    row: (product, usdPerHour) => {
      const key = keyOf(product);
      if (key !== undefined && usdPerHour > 0) usdByKey.set(key, usdPerHour);
    },
    close: (file, { name: form, publishedOn, isCut = false }) => {
      for (const [sku, key] of products) {
        const usd = usdBySku.get(sku);
        if (usd !== undefined && usd > 0) usdByKey.set(key, usd);
      }
      const regions = new Set([...usdByKey.keys()].map((key) => key.split('\t')[0] ?? ''));
      return {
        ...{ file, form, publishedOn, isCut, length: usdByKey.size },
        regions: [...regions].filter((region) => region !== '').toSorted(),
        usdOf: (instanceType, region, product) => {
          const system = SYSTEMS[product] ?? systemNamed(product);
          return usdByKey.get(`${region}\t${system}\t${instanceType}`) ?? usdByKey.get(`\t${system}\t${instanceType}`);
        },
      };
    },
  };
}

/** Operating systems of the price list, by the products of spot prices. */
const SYSTEMS: Readonly<Record<string, string>> = {
  'Linux/UNIX': 'Linux',
  'Linux/UNIX (Amazon VPC)': 'Linux',
  'Red Hat Enterprise Linux': 'RHEL',
  'Red Hat Enterprise Linux (Amazon VPC)': 'RHEL',
  'SUSE Linux': 'SUSE',
  'SUSE Linux (Amazon VPC)': 'SUSE',
  'Windows (Amazon VPC)': 'Windows',
};

/** Other lists write the systems in small letters, or as the products of spot prices. */
function systemNamed(text: string): string {
  const known = ['Linux', 'Windows', 'RHEL', 'SUSE'].find((system) => system.toLowerCase() === text.toLowerCase());
  return known ?? (/^linux\/unix$/i.test(text) ? 'Linux' : /^mswin$/i.test(text) ? 'Windows' : text);
}

/** Region, system and type of what runs on shared machines without more software, bought on demand; undefined for all else. */
function keyOf(product: ListedProduct): string | undefined {
  const { instanceType, region, operatingSystem, tenancy, capacityStatus, software, license } = product;
  const is = (value: unknown, ...wanted: readonly string[]): boolean =>
    value === undefined || value === '' || (typeof value === 'string' && wanted.includes(value));
  if (typeof instanceType !== 'string' || !/^[a-z][a-z0-9-]*\.[a-z0-9-]+$/.test(instanceType)) return undefined;
  if (!is(tenancy, 'Shared') || !is(capacityStatus, 'Used') || !is(software, 'NA')) return undefined;
  if (!is(license, 'No License required') || !is(product.locationType, 'AWS Region')) return undefined;
  if (!is(product.market, 'OnDemand')) return undefined;
  const system = typeof operatingSystem === 'string' && operatingSystem !== '' ? systemNamed(operatingSystem) : 'Linux';
  return `${typeof region === 'string' ? region : ''}\t${system}\t${instanceType}`;
}
