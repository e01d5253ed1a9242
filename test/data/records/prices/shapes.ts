import { gzipSync } from 'node:zlib';

/** One price as a test draws it. */
export interface DrawnPrice {
  /** Whole seconds. */
  readonly at: number;
  readonly type: string;
  readonly zone: string;
  readonly usd: string;
}

export interface Shape {
  readonly name: string;
  /** The clock of times without a zone. */
  readonly timeZone?: string;
  readonly write: (prices: readonly DrawnPrice[]) => string | Buffer;
}

const iso = (at: number): string => new Date(at).toISOString().slice(0, 19);
const aws = ({ at, type, zone, usd }: DrawnPrice) => ({
  AvailabilityZone: zone,
  InstanceType: type,
  ProductDescription: 'Linux/UNIX',
  SpotPrice: usd,
  Timestamp: `${iso(at)}+00:00`,
});
const json = (prices: readonly DrawnPrice[]): string => JSON.stringify({ SpotPriceHistory: prices.map(aws) }, null, 4);
const lines = (prices: readonly DrawnPrice[], lineOf: (price: DrawnPrice, index: number) => string): string =>
  prices.map((price, index) => `${lineOf(price, index)}\n`).join('');
const yaml = (prices: readonly DrawnPrice[], margin: string): string =>
  lines(
    prices,
    (one) =>
      `${margin}- AvailabilityZone: ${one.zone}\n${margin}  InstanceType: ${one.type}\n${margin}  ProductDescription: Linux/UNIX\n${margin}  SpotPrice: '${one.usd}'\n${margin}  Timestamp: '${iso(one.at)}+00:00'`,
  );
const python = (at: number): string => {
  const time = new Date(at);
  const parts = [
    time.getUTCFullYear(),
    time.getUTCMonth() + 1,
    time.getUTCDate(),
    time.getUTCHours(),
    time.getUTCMinutes(),
  ];
  return `datetime.datetime(${[...parts, ...(time.getUTCSeconds() === 0 ? [] : [time.getUTCSeconds()])].join(', ')}, tzinfo=tzutc())`;
};
const HEADER = 'Timestamp,AvailabilityZone,InstanceType,ProductDescription,SpotPrice\n';

/** Every shape in which programs write spot prices. */
export const SHAPES: readonly Shape[] = [
  { name: 'AWS CLI json', write: json },
  { name: 'AWS CLI json in UTF-16', write: (prices) => Buffer.from(`\uFEFF${json(prices)}`, 'utf16le') },
  { name: 'documents one after the other', write: (prices) => prices.map((one) => json([one])).join('\n') },
  {
    name: 'AWS CLI text',
    write: (prices) =>
      lines(prices, ({ at, type, zone, usd }) =>
        ['SPOTPRICEHISTORY', zone, type, 'Linux/UNIX', usd, `${iso(at)}+00:00`].join('\t'),
      ),
  },
  {
    name: 'AWS CLI text of a query',
    write: (prices) => lines(prices, ({ at, type, zone, usd }) => [`${iso(at)}+00:00`, zone, usd, type].join('\t')),
  },
  {
    name: 'AWS CLI table',
    write: (prices) =>
      `-----------\n|  DescribeSpotPriceHistory  |\n+---------+\n||  SpotPriceHistory  ||\n+----+----+\n||  AvailabilityZone |  InstanceType |  ProductDescription |  SpotPrice |  Timestamp  ||\n+----+----+\n${lines(prices, ({ at, type, zone, usd }) => `||  ${zone} |  ${type} |  Linux/UNIX |  ${usd} |  ${iso(at)}+00:00  ||`)}+----+----+\n`,
  },
  { name: 'AWS CLI yaml', write: (prices) => `SpotPriceHistory:\n${yaml(prices, '')}` },
  {
    name: 'AWS CLI yaml-stream',
    write: (prices) =>
      prices
        .map(
          (one, page) =>
            `- ${page < prices.length - 1 ? 'NextToken: abc\n  ' : ''}SpotPriceHistory:\n${yaml([one], '  ')}`,
        )
        .join(''),
  },
  {
    name: 'printed boto3 answer',
    write: (prices) =>
      `{'SpotPriceHistory': [${prices.map((one) => `{'AvailabilityZone': '${one.zone}', 'InstanceType': '${one.type}', 'ProductDescription': 'Linux/UNIX', 'SpotPrice': '${one.usd}', 'Timestamp': ${python(one.at)}}`).join(',\n ')}], 'NextToken': '', 'ResponseMetadata': {'RetryAttempts': 0, 'Ok': True, 'More': None}}\n`,
  },
  {
    name: 'json.dump of a boto3 answer',
    write: (prices) =>
      JSON.stringify({
        SpotPriceHistory: prices.map((one) => ({ ...aws(one), Timestamp: `${iso(one.at).replace('T', ' ')}+00:00` })),
        ResponseMetadata: { HTTPStatusCode: 200, HTTPHeaders: { date: 'today' } },
      }),
  },
  {
    name: 'lists of a query',
    write: (prices) => JSON.stringify(prices.map(({ at, type, zone, usd }) => [type, zone, usd, `${iso(at)}Z`])),
  },
  {
    name: 'JSON Lines',
    write: (prices) =>
      lines(prices, ({ at, type, zone, usd }) =>
        JSON.stringify({
          region: 'x',
          availability_zone: zone,
          instance_type: type,
          spot_price: Number(usd),
          timestamp: `${iso(at)}Z`,
        }),
      ),
  },
  {
    name: 'EC2 API tools',
    write: (prices) =>
      lines(prices, ({ at, type, zone, usd }) =>
        ['SPOTINSTANCEPRICE', usd, `${iso(at - 8 * 3_600_000)}-0800`, type, 'Linux/UNIX', zone].join('\t'),
      ),
  },
  {
    name: 'CSV with a header between',
    write: (prices) =>
      prices
        .map(
          (one) =>
            HEADER +
            Object.values({ t: `${iso(one.at)}Z`, z: one.zone, i: one.type, p: 'Linux/UNIX', u: one.usd }).join(','),
        )
        .join('\n'),
  },
  {
    name: 'CSV of pandas, quoted, with CRLF',
    write: (prices) =>
      `,${HEADER.trim()}\r\n${prices.map((one, row) => `${row},"${iso(one.at).replace('T', ' ')}+00:00","${one.zone}","${one.type}","Linux/UNIX","${one.usd}"\r\n`).join('')}`,
  },
  {
    name: 'semicolons and commas',
    write: (prices) =>
      HEADER.replaceAll(',', ';') +
      lines(prices, ({ at, type, zone, usd }) =>
        [`${iso(at)}.000Z`, zone, type, 'Linux/UNIX', usd.replace('.', ',')].join(';'),
      ),
  },
  {
    name: 'times without a zone',
    timeZone: 'Etc/GMT-1',
    write: (prices) =>
      HEADER +
      lines(prices, ({ at, type, zone, usd }) =>
        [iso(at + 3_600_000).replace('T', ' '), zone, type, 'Linux/UNIX', usd].join(','),
      ),
  },
  {
    name: 'a query that renames the keys',
    write: (prices) =>
      JSON.stringify(prices.map(({ at, type, zone, usd }) => ({ Z: zone, T: type, P: usd, When: `${iso(at)}Z` }))),
  },
  {
    name: 'lists of a query, a page after the other',
    write: (prices) =>
      prices.map(({ at, type, zone, usd }) => JSON.stringify([[zone, type, usd, `${iso(at)}Z`]], null, 4)).join('\n'),
  },
  {
    name: 'lists, one a line',
    write: (prices) => lines(prices, ({ at, type, zone, usd }) => JSON.stringify([zone, type, usd, `${iso(at)}Z`])),
  },
  {
    name: 'CSV with the zone in a column region',
    write: (prices) =>
      `datetime,instance_type,os,region,price\n${lines(prices, ({ at, type, zone, usd }) => [`${iso(at).replace('T', ' ')}+00:00`, type, 'Linux/UNIX', zone, usd].join(','))}`,
  },
  {
    name: 'CSV with names that are not known, and other numbers',
    write: (prices) =>
      `seen;what;where;vcpus;on_demand_usd;now\n${lines(prices, ({ at, type, zone, usd }) => [`${iso(at)}Z`, type, zone, 8, '0.999', usd].join(';'))}`,
  },
  {
    name: 'CSV with date and time apart',
    timeZone: 'UTC',
    write: (prices) =>
      `date,time,type,az,price\n${lines(prices, ({ at, type, zone, usd }) => [...iso(at).split('T'), type, zone, `${usd} USD`].join(','))}`,
  },
  {
    name: 'CSV with a comment above and a comma at the end of each row',
    write: (prices) =>
      `#TYPE Amazon.EC2.Model.SpotPrice\n"Timestamp";"AvailabilityZone";"InstanceType";"Price"\n${lines(prices, ({ at, type, zone, usd }) => [`${iso(at)}Z`, zone, type, usd, ''].join(';'))}`,
  },
  {
    name: 'CSV with carriage returns alone',
    write: (prices) =>
      `${HEADER}${lines(prices, ({ at, type, zone, usd }) => [`${iso(at)}Z`, zone, type, 'Linux/UNIX', usd].join(','))}`.replaceAll(
        '\n',
        '\r',
      ),
  },
  { name: 'gzip without a name that says so', write: (prices) => gzipSync(json(prices)) },
  {
    name: 'seconds since 1970 with a fraction, without a header',
    write: (prices) => lines(prices, ({ at, type, zone, usd }) => `${at / 1_000}.0,${type},${zone},${usd}`),
  },
];
