import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readPrices } from '../../../../data/records/readPrices.ts';
import { aFolder, mistakesOf } from '../../../support/aFile.ts';
import { type DrawnPrice, SHAPES } from './shapes.ts';

const folder = aFolder();
const MONDAY = Date.UTC(2026, 1, 2);

/** Zones of every kind that has names; newest first, as EC2 answers, or in any order. */
const histories = fc
  .uniqueArray(
    fc.record({
      at: fc.integer({ min: 0, max: 7 * 86_400 }).map((second) => MONDAY + second * 1_000),
      type: fc.constantFrom('m5.large', 'u-6tb1.metal', 'c7i-flex.xlarge'),
      zone: fc.constantFrom(
        'us-east-1a',
        'us-west-2-lax-1a',
        'us-east-1-wl1-bos-wlz-1',
        'eusc-de-east-1b',
        'us-iso-east-1a',
        'us-gov-west-1c',
      ),
      usd: fc.integer({ min: 1, max: 999_999 }).map((millionths) => (millionths / 1e6).toFixed(6)),
    }),
    { selector: ({ at }) => at, minLength: 1, maxLength: 12 },
  )
  .chain((drawn) =>
    fc.constantFrom(
      drawn,
      drawn.toSorted((a, b) => b.at - a.at),
    ),
  );

const toldBy = ({ at, type, zone, usd }: DrawnPrice) => ({
  at,
  instanceType: type,
  zone,
  product: 'Linux/UNIX',
  usdPerHour: Number(usd),
});

describe.each(SHAPES)('a random price history written as $name', ({ timeZone, write }) => {
  it('is read back as the same prices', async () => {
    await fc.assert(
      fc.asyncProperty(histories, async (prices) => {
        const { rows, notes } = await readPrices(folder.file('prices', write(prices)), { timeZone });
        expect([...rows]).toEqual(prices.toSorted((a, b) => a.at - b.at).map(toldBy));
        expect(notes.read).toBe(prices.length);
      }),
      { numRuns: 20 },
    );
  });
});

describe('a price file', () => {
  const page = (token: string): string =>
    JSON.stringify({
      SpotPriceHistory: [
        {
          Timestamp: '2026-02-02T00:00:00Z',
          InstanceType: 'm5.large',
          AvailabilityZone: 'us-east-1a',
          SpotPrice: '0.1',
        },
      ],
      NextToken: token,
    });

  it('whose last page has a token is refused with the way to fetch the rest, and taken if that is wanted', async () => {
    const file = folder.file('cut.json', page('abc'));
    expect((await mistakesOf(readPrices(file), folder.path))[0]).toMatch(
      /found a NextToken at the end \(abc\).*--starting-token/,
    );
    expect((await readPrices(file, { incomplete: true })).notes.assumptions[0]).toMatch(/^incomplete: /);
    expect([...(await readPrices(folder.file('whole.json', `${page('abc')}\n${page('')}`))).rows]).toHaveLength(1);
  });

  it('with something nested in a row is refused with its place', async () => {
    const row = (price: string): string =>
      `{"AvailabilityZone":"us-east-1a","InstanceType":"m5.large","SpotPrice":${price},"Timestamp":"2026-02-02T00:00:00Z"}`;
    const file = folder.file('nested.json', `{"SpotPriceHistory":[${row('"0.1"')},${row('{"toString":1}')}]}`);
    expect(await mistakesOf(readPrices(file), folder.path)).toEqual([
      'nested.json:1:206: expected a price in USD per hour, 0 or more, found {"toString":1}',
    ]);
  });

  it('of AWS CLI text has no line passed over', async () => {
    const row = (label: string): string => `${label}\tus-east-1a\tm5.large\tLinux/UNIX\t0.1\t2026-02-02T00:00:00Z\n`;
    const text = `${row('SPOTPRICEHISTORY')}warning: something\n`;
    expect(await mistakesOf(readPrices(folder.file('odd.txt', text)), folder.path)).toEqual([
      'odd.txt:2: expected 6 cells as in the first line, found 1',
    ]);
  });

  const textPage = (hour: number, token: string): string =>
    `SPOTPRICEHISTORY\tus-east-1a\tm5.large\tLinux/UNIX\t0.1\t2026-02-02T0${hour}:00:00+00:00\n${token === '' ? '' : `NEXTTOKEN\t${token}\n`}`;
  const jsonPage = (hour: number, token: string): string => page(token).replace('T00:', `T0${hour}:`);
  const yamlPage = (hour: number, token: string): string =>
    `- NextToken: '${token}'\n  SpotPriceHistory:\n  - AvailabilityZone: us-east-1a\n    InstanceType: m5.large\n    SpotPrice: '0.1'\n    Timestamp: '2026-02-02T0${hour}:00:00+00:00'\n`;
  const pythonPage = (hour: number, token: string): string =>
    `{'SpotPriceHistory': [{'AvailabilityZone': 'us-east-1a', 'InstanceType': 'm5.large', 'SpotPrice': '0.1', 'Timestamp': datetime.datetime(2026, 2, 2, ${hour}, 0, tzinfo=tzutc())}], 'NextToken': '${token}'}\n`;
  const emptyPage = '{"SpotPriceHistory":[],"NextToken":""}\n';

  it.each([
    ['documents', (pages: readonly string[]) => pages.join('\n'), jsonPage],
    ['a list of documents', (pages: readonly string[]) => `[${pages.join(',')}]`, jsonPage],
    ['AWS CLI text', (pages: readonly string[]) => pages.join(''), textPage],
    ['AWS CLI yaml-stream', (pages: readonly string[]) => pages.join(''), yamlPage],
    ['printed boto3 answers', (pages: readonly string[]) => pages.join(''), pythonPage],
  ] as const)(
    'of several pages is whole where only pages before the last have a token: %s',
    async (_, strung, pageOf) => {
      const pages = (last: string): string => strung([pageOf(3, 'abc'), pageOf(2, 'def'), pageOf(1, last)]);
      expect([...(await readPrices(folder.file('whole', pages('')))).rows]).toHaveLength(3);
      expect((await mistakesOf(readPrices(folder.file('cut', pages('ghi'))), folder.path))[0]).toMatch(
        /expected all pages, found a NextToken at the end \(ghi\)/,
      );
    },
  );

  it('is whole where a last page without prices ends it', async () => {
    expect([...(await readPrices(folder.file('ended', `${jsonPage(1, 'abc')}\n${emptyPage}`))).rows]).toHaveLength(1);
  });

  it('has a row without a price set aside, and is refused where there are many', async () => {
    const good = Array.from(
      { length: 40 },
      (_, minute) => `2026-02-02T00:${10 + (minute % 50)}:00Z,us-east-1a,m5.large,0.1`,
    );
    const head = 'timestamp,zone,instance_type,price\n';
    const bad = '2026-02-02T01:00:00Z,us-east-1a,m5.large,NaN\n';
    const { notes } = await readPrices(folder.file('few.csv', `${head}${bad}${good.join('\n')}\n`));
    expect(notes.setAside).toEqual([{ entries: 1, reason: 'has no price', first: '2:42', isWrong: true }]);
    const found = await mistakesOf(
      readPrices(folder.file('many.csv', `${head}${bad.repeat(4)}${good.join('\n')}\n`)),
      folder.path,
    );
    expect(found[0]).toBe('many.csv:2:42: expected a price in USD per hour, 0 or more, found "NaN"');
    expect(found.at(-1)).toMatch(/expected at most 5 % of the rows not to be meant, found 4 of 44/);
    expect(
      await mistakesOf(
        readPrices(folder.file('few.csv', `${head}${bad}${good.join('\n')}\n`), { atMostSetAside: 0 }),
        folder.path,
      ),
    ).toHaveLength(2);
  });

  it('of zone IDs is never joined with names, and a region with one price of each type is taken for a zone', async () => {
    const row = (zone: string): string => `2026-02-02T00:00:00Z,${zone},m5.large,0.1\n`;
    const head = 'timestamp,zone,instance_type,price\n';
    const ids = `${head}${row('use1-az4')}${row('use1-wl1-bos-wlz1')}`;
    expect([...(await readPrices(folder.file('ids.csv', ids))).rows]).toHaveLength(2);
    expect(
      (await mistakesOf(readPrices(folder.file('both.csv', `${ids}${row('us-east-1a')}`)), folder.path))[0],
    ).toMatch(/never joined/);
    expect((await readPrices(folder.file('one.csv', head + row('eusc-de-east-1')))).notes.assumptions[0]).toMatch(
      /is a whole region/,
    );
    expect(
      (
        await mistakesOf(
          readPrices(
            folder.file('two.csv', head + row('us-east-1') + row('us-east-1').replace('00:00:00', '01:00:00')),
          ),
          folder.path,
        )
      )[0],
    ).toMatch(/mixes the prices of several zones/);
  });

  const HOUR = '2026-02-02T00:00:00Z';

  it('of Linux and Windows has them apart, whatever the column is called', async () => {
    const text = `timestamp,instance_type,az,os,price\n${HOUR},m5.large,us-east-1a,linux,0.1\n${HOUR},m5.large,us-east-1a,Windows,0.2\n`;
    const { rows } = await readPrices(folder.file('os.csv', text));
    expect([...rows].map(({ product, usdPerHour }) => [product, usdPerHour])).toEqual([
      ['Linux/UNIX', 0.1],
      ['Windows', 0.2],
    ]);
  });

  it.each([
    [
      'CSV',
      (rows: readonly (readonly string[])[]) =>
        `time,type,region,az,price\n${rows.map((row) => `${row.join(',')}\n`).join('')}`,
    ],
    [
      'JSON',
      (rows: readonly (readonly string[])[]) =>
        JSON.stringify(rows.map(([time, type, region, az, price]) => ({ time, type, region, az, price }))),
    ],
  ])('with a region and the letter of a zone has the zones of each region apart: %s', async (_, write) => {
    const rows = ['us-east-1', 'us-west-2', 'us-east-1'].map((region, hour) => [
      ...[`2026-02-02T0${hour}:00:00Z`, 'm5.large', region, 'a', `0.${hour + 1}`],
    ]);
    const found = await readPrices(folder.file('letters', write(rows)));
    expect([...found.rows].map(({ zone, usdPerHour }) => [zone, usdPerHour])).toEqual([
      ['us-east-1a', 0.1],
      ['us-west-2a', 0.2],
      ['us-east-1a', 0.3],
    ]);
    const numbered = rows.map((row) => row.map((cell, index) => (index === 3 ? '1' : cell)));
    expect((await mistakesOf(readPrices(folder.file('numbers', write(numbered))), folder.path))[0]).toMatch(
      /expected an availability zone such as us-east-1a, found "us-east-1 1"/,
    );
  });

  it('without names is refused where several numbers or times could be meant: none of them is guessed', async () => {
    const refused = (text: string) => mistakesOf(readPrices(folder.file('doubt', text)), folder.path);
    expect(await refused(`${HOUR},m5.large,us-east-1a,32.0,0.1\n`)).toEqual([
      'doubt:1: expected one price, found 2 numbers that could be it (32.0, 0.1): name the columns in a line above, such as timestamp, zone, instance_type, usd_per_hour',
    ]);
    expect(await refused(JSON.stringify([[HOUR, 'm5.large', 'us-east-1a', 0.384, 0.1]]))).toEqual([
      expect.stringMatching(/^doubt:1:2: expected one price, found 2 numbers/),
    ]);
    expect((await refused(`2026-11-01T00:00:00Z,${HOUR},m5.large,us-east-1a,0.1\n`))[0]).toMatch(
      /expected one time, found 2/,
    );
    expect((await refused(`time,type,zone,monthly_usd\n${HOUR},m5.large,us-east-1a,73.1\n`))[0]).toMatch(
      /^doubt:1:1: expected a column usd_per_hour/,
    );
  });

  it('of lists that lack a field says which keys the query is to print', async () => {
    const text = JSON.stringify([['us-east-1a', '0.1', HOUR]]);
    expect(await mistakesOf(readPrices(folder.file('three.json', text)), folder.path)).toEqual([
      'three.json:1:2: expected a time, an instance type, a zone and a price in each list, found ["us-east-1a","0.1","2026-02-02T00:00:00Z"]: let --query print Timestamp, InstanceType, AvailabilityZone and SpotPrice',
    ]);
  });

  it('of China says in which currency it is, and what was told by the look of a column', async () => {
    const text = `P,T,Z,When\n0.9,m5.large,cn-north-1a,${HOUR}\n`;
    const { notes } = await readPrices(folder.file('yuan.csv', text));
    expect(notes.assumptions.join('\n')).toMatch(/Z is zone[^]*prices of cn-north-1a in CNY/);
  });

  it('whose zones are of Wavelength has names and IDs apart', async () => {
    const head = 'timestamp,zone,instance_type,price\n';
    const row = (zone: string): string => `${HOUR},${zone},m5.large,0.1\n`;
    const names = ['eu-west-2-wl2-man-wlz1', 'us-east-1-wl1-bos-wlz-1', 'us-east-1a'].map(row).join('');
    expect([...(await readPrices(folder.file('names.csv', head + names))).rows]).toHaveLength(3);
    const both = head + row('use1-wl1-bos-wlz1') + row('us-east-1-wl1-bos-wlz-1');
    expect((await mistakesOf(readPrices(folder.file('mixed.csv', both)), folder.path))[0]).toMatch(/never joined/);
  });
});
