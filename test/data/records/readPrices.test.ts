import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { mergePrices } from '../../../data/records/mergePrices.ts';
import { readPrices } from '../../../data/records/readPrices.ts';
import { isoOf } from '../../../src/domain/time.ts';
import { aFolder, mistakesOf } from '../../support/aFile.ts';

const folder = aFolder();
const mistakes = (name: string, content: string): Promise<readonly string[]> =>
  mistakesOf(readPrices(folder.file(name, content)), folder.path);

const TWO_ROWS = [
  ['2020-01-01T00:00:00.000Z', 'm5.large', 'us-east-1a', 'Linux/UNIX', 0.04],
  ['2020-01-01T01:30:05.000Z', 'm5.large', 'us-east-1a', 'Linux/UNIX', 0.05],
];

/** The same two prices in every form in which they are recorded. */
const FORMS: Readonly<Record<string, string>> = {
  'aws.json': JSON.stringify({
    SpotPriceHistory: [
      {
        Timestamp: '2020-01-01T01:30:05+00:00',
        ProductDescription: 'Linux/UNIX',
        InstanceType: 'm5.large',
        SpotPrice: '0.050000',
        AvailabilityZone: 'us-east-1a',
      },
      {
        Timestamp: '2020-01-01T00:00:00.000Z',
        ProductDescription: 'Linux/UNIX',
        InstanceType: 'm5.large',
        SpotPrice: '0.040000',
        AvailabilityZone: 'us-east-1a',
      },
    ],
    NextToken: '',
  }),
  'ascending.csv': `Timestamp,AvailabilityZone,InstanceType,ProductDescription,SpotPrice
2020-01-01T00:00:00+00:00,us-east-1a,m5.large,Linux/UNIX,0.04
2020-01-01T01:30:05+00:00,us-east-1a,m5.large,Linux/UNIX,0.05
`,
  'newest-first.csv': `Timestamp,InstanceType,ProductDescription,SpotPrice,AvailabilityZone\r
2020-01-01 01:30:05+00:00,m5.large,Linux/UNIX,0.05,us-east-1a\r
2020-01-01 00:00:00+00:00,m5.large,Linux/UNIX,0.04,us-east-1a\r
`,
  'ours.csv': `\uFEFFtimestamp,instance_type,zone,product,usd_per_hour
2020-01-01T00:00:00Z,m5.large,us-east-1a,"Linux/UNIX",0.04
2020-01-01T02:30:05+01:00,m5.large,us-east-1a,Linux/UNIX,0.05`,
  'without-product.csv': `TIME,az,Instance Type,price
2020-01-01T00:00:00Z,us-east-1a,m5.large,0.04
2020-01-01T01:30:05Z,us-east-1a,m5.large,5e-2
`,
  'day.jsonl': `{"region":"us-east-1","availability_zone":"us-east-1a","instance_type":"m5.large","spot_price":0.04,"timestamp":"2020-01-01T00:00:00Z"}

{"region":"us-east-1","availability_zone":"us-east-1a","instance_type":"m5.large","spot_price":"0.05","timestamp":"2020-01-01T01:30:05Z"}
`,
};

const rowsOf = async (path: string): Promise<readonly unknown[]> =>
  (await readPrices(path)).rows.map(({ at, instanceType, zone, product, usdPerHour }) => [
    isoOf(at),
    instanceType,
    zone,
    product,
    usdPerHour,
  ]);

describe('prices', () => {
  it.each(Object.entries(FORMS))('are the same from %s, packed or not', async (name, content) => {
    expect(await rowsOf(folder.file(name, content))).toEqual(TWO_ROWS);
    expect(await rowsOf(folder.file(`${name}.gz`, gzipSync(content)))).toEqual(TWO_ROWS);
  });

  it('are read from a TSV without header, whose zones are IDs', async () => {
    const path = folder.file('day.tsv', 'use1-az4\tm5.large\tLinux/UNIX\t0.04\t2020-01-01T00:00:00Z\n');
    expect(await rowsOf(path)).toEqual([['2020-01-01T00:00:00.000Z', 'm5.large', 'use1-az4', 'Linux/UNIX', 0.04]]);
  });

  it('say what was assumed, dropped and covered', async () => {
    const { rows, notes } = await readPrices(
      folder.file(
        'tie.csv',
        'timestamp,zone,instance_type,price\n2020-01-01T00:00:00Z,us-east-1a,m5.large,1\n2020-01-01T00:00:00Z,us-east-1a,m5.large,2\n2020-01-01T00:00:00Z,us-east-1b,m5.large,3\n',
      ),
    );
    expect(rows.map(({ usdPerHour }) => usdPerHour)).toEqual([2, 3]);
    expect(notes).toMatchObject({
      read: 3,
      dropped: [{ entries: 1, reason: 'same market and instant as a later row, which stands' }],
      markets: ['m5.large/us-east-1a Linux/UNIX', 'm5.large/us-east-1b Linux/UNIX'],
      assumptions: ['without a product in 3 of 3 rows: taken for Linux/UNIX'],
    });
  });

  it('from several files are joined, the later file standing where they overlap', async () => {
    const head = 'timestamp,zone,instance_type,price\n';
    const one = await readPrices(folder.file('1.csv', `${head}2020-01-02T00:00:00Z,us-east-1a,m5.large,1\n`));
    const two = await readPrices(
      folder.file(
        '2.csv',
        `${head}2020-01-01T00:00:00Z,us-east-1a,m5.large,3\n2020-01-02T00:00:00Z,us-east-1a,m5.large,2\n`,
      ),
    );
    const { rows, repeats } = mergePrices([one, two]);
    expect(rows.map(({ usdPerHour }) => usdPerHour)).toEqual([3, 2]);
    expect(repeats).toBe(1);
    const ids = await readPrices(folder.file('3.csv', `${head}2020-01-01T00:00:00Z,use1-az1,m5.large,3\n`));
    expect(() => mergePrices([one, ids])).toThrow(/3\.csv: expected a zone name such as us-east-1a, found the zone ID/);
  });
});

describe('mistakes in prices', () => {
  it('are all told, each with its place', async () => {
    expect(
      await mistakes(
        'bad.csv',
        `timestamp,zone,product,instance_type,usd_per_hour
2020-02-30T00:00:00Z,us-east-1a,Linux/UNIX,m5.large,0.1
2020-01-01T00:00:00,us-east-1a,"Linux, or not",m5.large,-0.1

2020-01-01T00:00:00Z,us-east-1,Linux/UNIX,,NaN
2020-01-01T00:00:00Z,us-east-1a,Linux/UNIX
`,
      ),
    ).toEqual([
      'bad.csv:2:1: expected a time such as 2026-03-02T00:00:00Z, found "2020-02-30T00:00:00Z"',
      'bad.csv:3:1: expected a time with its zone, such as 2026-03-02T08:00:00Z or 2026-03-02T09:00:00+01:00, found "2020-01-01T00:00:00": say by which clock the times of this file go, with --time-zone Europe/Berlin or --time-zone UTC',
      'bad.csv:3:57: expected a price in USD per hour, 0 or more, found "-0.1"',
      'bad.csv:5:22: expected an availability zone such as us-east-1a, found "us-east-1", a region, which mixes the prices of several zones',
      'bad.csv:5:43: expected an instance type such as m5.large, found nothing',
      'bad.csv:5:44: expected a price in USD per hour, 0 or more, found "NaN"',
      'bad.csv:6: expected 5 cells as in the first line, found 3',
    ]);
  });

  it('have line and column in JSON too, whatever the bytes before them', async () => {
    const text = `{"Über": "Größe", "SpotPriceHistory": [
  {"Timestamp": "2020-01-01T00:00:00Z", "InstanceType": "m5.large", "AvailabilityZone": "us-east-1a",
   "SpotPrice": "-1"}, 7]}`;
    expect(await mistakes('bad.json', text)).toEqual([
      'bad.json:3:17: expected a price in USD per hour, 0 or more, found "-1"',
      'bad.json:3:24: expected an object with Timestamp and SpotPrice, found none',
    ]);
  });

  it('have their place also far into a file that comes in many pieces', async () => {
    const rows = Array.from({ length: 9_000 }, (_, index) => ({
      Timestamp: '2020-01-01T00:00:00Z',
      AvailabilityZone: 'us-east-1ä',
      InstanceType: 'm5.large',
      SpotPrice: index === 8_000 ? 'dear' : '1',
    }));
    const found = 'expected a price in USD per hour, 0 or more, found "dear"';
    const cells = rows.map((row) => Object.values(row).join(','));
    expect(await mistakes('long.csv', [Object.keys(rows[0]!).join(','), ...cells].join('\n'))).toEqual([
      `long.csv:8002:42: ${found}`,
    ]);
    const entries = rows.map((row) => JSON.stringify(row));
    expect(await mistakes('long.jsonl', entries.join('\n'))).toEqual([`long.jsonl:8001:1: ${found}`]);
    // The two bytes of the letter count as two columns.
    expect(await mistakes('long.json', `{"SpotPriceHistory": [\n${entries.join(',\n')}\n]}`)).toEqual([
      `long.json:8002:${entries[8_000]!.indexOf('"dear"') + 2}: ${found}`,
    ]);
  });

  it('beyond twenty are counted', async () => {
    const rows = 'x,us-east-1a,m5.large,1\n'.repeat(27);
    const found = await mistakes('many.csv', `timestamp,zone,instance_type,price\n${rows}`);
    expect(found).toHaveLength(21);
    expect(found.at(-1)).toBe('many.csv: and 7 more mistakes');
  });

  it.each([
    ['cut.json', FORMS['aws.json']!.slice(0, 100), /^cut\.json:1:101: expected more JSON, found the end of the file/],
    ['comma.json', '{"SpotPriceHistory": [\n ,, 2]}', /^comma\.json:2:2: expected JSON, found an unexpected ","/],
    ['other.json', '{"data": []}', /^other\.json:1:1: expected the key SpotPriceHistory.*; found data$/],
    ['none.json', '{"SpotPriceHistory": []}', /^none\.json: expected at least one price, found none$/],
    ['line.jsonl', '{"a": \n', /^line\.jsonl:1:\d+: expected one JSON value on the line, found text that is none/],
    ['region.csv', 'Timestamp,Region,SpotPrice\n', /^region\.csv:1:1: expected a column zone, found only a region/],
    [
      'column.csv',
      'Timestmp,AvailabilityZone,InstanceType,SpotPrice\n',
      /^column\.csv:1:1: expected a column timestamp; found Timestmp, .* \(is "Timestmp" meant to be timestamp\?\)$/,
    ],
    ['head.csv', 'timestamp,zone,instance_type,price\n', /^head\.csv: expected at least one price, found none$/],
    ['quote.csv', 'timestamp,zone,instance_type,price\n"2020,b\n', /^quote\.csv:\d+: expected a closing quote/],
    [
      'prose.txt',
      'Dear all,\nhere are prices.\n',
      /^prose\.txt:1:1: expected spot prices .* in a known form, found none/,
    ],
    [
      'zones.csv',
      'timestamp,zone,instance_type,price\n2020-01-01T00:00:00Z,use1-az1,a,1\n2020-01-01T00:00:00Z,us-east-1a,a,1\n',
      /^zones\.csv:3:22: expected a zone ID such as use1-az1, found the zone name us-east-1a/,
    ],
  ])('are clear in %s', async (name, content, message) => {
    expect((await mistakes(name, content))[0]).toMatch(message);
  });
});

describe('a file', () => {
  it.each([
    ['empty.csv', '', 'empty.csv: expected recorded data, found an empty file'],
    ['blank.csv', '\n \n', 'blank.csv: expected recorded data, found an empty file'],
    ['binary.csv', 'a,b\n\0\u0001', 'binary.csv: expected text (CSV, TSV, JSON or JSON Lines), found binary data'],
    [
      'sheet.csv',
      'PK\u0003\u0004\0\0',
      /^sheet\.csv: expected text .*, found a ZIP archive or a spreadsheet: unpack it, or save/,
    ],
    ['week.parquet', 'PAR1\0\u0015', /^week\.parquet: expected text .*, found a Parquet file: write it as CSV/],
    ['cut.csv.gz', gzipSync('timestamp,zone\n'.repeat(50)).subarray(0, 25), /^cut\.csv\.gz: expected whole gzip data/],
    ['plain.csv.gz', 'timestamp,zone', /^plain\.csv\.gz: expected gzip data, as its name says/],
  ])('that cannot be read is told: %s', async (name, content, message) => {
    const [found] = await mistakesOf(readPrices(folder.file(name, content)), folder.path);
    if (typeof message === 'string') expect(found).toBe(message);
    else expect(found).toMatch(message);
  });

  it('that is not there, or a folder, is told', async () => {
    expect(await mistakesOf(readPrices(`${folder.path}/none.csv`), folder.path)).toEqual([
      'none.csv: expected a file, found nothing of that name',
    ]);
    expect((await mistakesOf(readPrices(folder.path), folder.path))[0]).toMatch(/expected a file, found a folder/);
  });
});
