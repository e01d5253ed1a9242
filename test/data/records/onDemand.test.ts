import { describe, expect, it } from 'vitest';
import { kindOf } from '../../../data/import/kindOf.ts';
import { onDemandPriceOf } from '../../../data/import/onDemand.ts';
import { openRecords } from '../../../data/records/file.ts';
import { readOnDemand } from '../../../data/records/onDemand/readOnDemand.ts';
import { aFolder, mistakesOf } from '../../support/aFile.ts';

const folder = aFolder();

const attributes = (type: string, others: object = {}) => ({
  ...{ servicecode: 'AmazonEC2', location: 'EU (Frankfurt)', locationType: 'AWS Region', regionCode: 'eu-central-1' },
  ...{ instanceType: type, tenancy: 'Shared', operatingSystem: 'Linux', capacitystatus: 'Used' },
  ...{ preInstalledSw: 'NA', licenseModel: 'No License required', marketoption: 'OnDemand', ...others },
});
const product = (sku: string, type: string, others: object = {}) => ({
  ...{ sku, productFamily: 'Compute Instance', attributes: attributes(type, others) },
});
const terms = (sku: string, usd: string) => ({
  [`${sku}.JRTCKXETXF`]: {
    ...{ offerTermCode: 'JRTCKXETXF', sku, effectiveDate: '2026-01-01T00:00:00Z' },
    priceDimensions: {
      [`${sku}.JRTCKXETXF.6YS6EN2CT7`]: { unit: 'Hrs', beginRange: '0', endRange: 'Inf', pricePerUnit: { USD: usd } },
    },
  },
});

/** Products of which only the first and the last are what a spot instance is compared with. */
const products = [
  ['A', 'm5.large', '0.1150000000', {}],
  ['B', 'm5.large', '0.2000000000', { tenancy: 'Dedicated' }],
  ['C', 'm5.large', '0.0000000000', { capacitystatus: 'UnusedCapacityReservation' }],
  ['D', 'm5.large', '0.9000000000', { preInstalledSw: 'SQL Std' }],
  ['E', 'm5.large', '0.3000000000', { licenseModel: 'Bring your own license' }],
  ['F', 'm5.large', '0.4000000000', { locationType: 'AWS Local Zone' }],
  ['G', 'm5.large', '0.2070000000', { operatingSystem: 'Windows' }],
] as const;

const entryOf = ([sku, type, usd, others]: (typeof products)[number]): string =>
  JSON.stringify({
    ...{ product: product(sku, type, others), serviceCode: 'AmazonEC2', publicationDate: '2026-01-15T00:00:00Z' },
    terms: { OnDemand: terms(sku, usd) },
  });

const offer = (code = 'AmazonEC2'): string =>
  JSON.stringify({
    ...{
      formatVersion: 'v1.0',
      disclaimer: 'x',
      offerCode: code,
      version: '1',
      publicationDate: '2026-01-15T00:00:00Z',
    },
    products: Object.fromEntries(products.map(([sku, type, , others]) => [sku, product(sku, type, others)])),
    terms: {
      OnDemand: Object.fromEntries(products.map(([sku, , usd]) => [sku, terms(sku, usd)])),
      Reserved: { A: terms('A', '0.0100000000') },
    },
  });

const answer = JSON.stringify({
  FormatVersion: 'aws_v1',
  PriceList: products.map(([sku, type, usd, others]) =>
    JSON.stringify({
      ...{ product: product(sku, type, others), serviceCode: 'AmazonEC2', publicationDate: '2026-01-15T00:00:00Z' },
      terms: { OnDemand: terms(sku, usd), Reserved: terms(sku, '0.01') },
    }),
  ),
});

const csv = [
  '"FormatVersion","v1.0"',
  '"Publication Date","2026-01-15T00:00:00Z"',
  '"OfferCode","AmazonEC2"',
  '"SKU","TermType","Unit","PricePerUnit","Currency","Location Type","Instance Type","Tenancy","Operating System","License Model","CapacityStatus","Pre Installed S/W","Region Code"',
  ...products.map(([sku, type, usd, others]) => {
    const of: Readonly<Record<string, unknown>> = attributes(type, others);
    const cells = [of['locationType'], type, of['tenancy'], of['operatingSystem'], of['licenseModel']];
    return [sku, 'OnDemand', 'Hrs', usd, 'USD', ...cells, of['capacitystatus'], of['preInstalledSw'], 'eu-central-1']
      .map((cell) => JSON.stringify(cell))
      .join(',');
  }),
  '"A","Reserved","Hrs","0.0100000000","USD","AWS Region","m5.large","Shared","Linux","No License required","Used","NA","eu-central-1"',
  '"Z","OnDemand","GB","0.0200000000","USD","AWS Region","","","","","","","eu-central-1"',
].join('\n');

describe('a price list of AWS', () => {
  it.each([
    ['in bulk', 'index.json', offer(), 'AWS price list'],
    ['as the pricing API answers', 'products.json', answer, 'answer of aws pricing get-products'],
    ['as CSV', 'index.csv', csv, 'AWS price list'],
  ])('%s has the price of a shared machine without more software', async (_, name, text, form) => {
    const file = folder.file(name, text);
    const list = await readOnDemand(file);
    expect(list).toMatchObject({ form, publishedOn: '2026-01-15', regions: ['eu-central-1'], length: 2 });
    expect(list.usdOf('m5.large', 'eu-central-1', 'Linux/UNIX')).toBe(0.115);
    expect(list.usdOf('m5.large', 'eu-central-1', 'Windows')).toBe(0.207);
    expect(list.usdOf('m5.large', 'eu-west-1', 'Linux/UNIX')).toBeUndefined();
    expect(list.usdOf('m5.xlarge', 'eu-central-1', 'Linux/UNIX')).toBeUndefined();
    expect(kindOf(await openRecords(file))).toBe('on-demand');
  });

  it('may be a table that a person wrote, for one region or for any; the last price of a type stands', async () => {
    const table =
      'as_of,region,instance_type,usd_per_hour\n2022-01-01,eu-west-1,m5.large,0.2\n2024-01-01,eu-west-1,m5.large,0.107\n';
    const file = folder.file('prices.csv', table);
    expect((await readOnDemand(file)).usdOf('m5.large', 'eu-west-1', 'Linux/UNIX')).toBe(0.107);
    expect(kindOf(await openRecords(file))).toBe('on-demand');
    const any = await readOnDemand(folder.file('any.csv', 'instance_type;usd_per_hour\nm5.large;0.1\n'));
    expect(any.usdOf('m5.large', 'eu-north-1', 'Linux/UNIX')).toBe(0.1);
  });

  it('of another service, or without a price, is refused', async () => {
    const refused = (name: string, text: string) => mistakesOf(readOnDemand(folder.file(name, text)), folder.path);
    expect(await refused('rds.json', offer('AmazonRDS'))).toEqual([
      'rds.json:1:1: expected the price list of AmazonEC2, found that of AmazonRDS',
    ]);
    expect((await refused('none.json', '{"PriceList": []}'))[0]).toMatch(
      /^none.json: expected on-demand prices of EC2, found none/,
    );
    expect((await refused('cut.json', offer().slice(0, -40)))[0]).toMatch(/expected/);
    expect(await refused('dear.csv', 'instance_type,usd_per_hour\nm5.large,dear\n')).toEqual([
      'dear.csv:2:10: expected a price in USD per hour, 0 or more, found "dear"',
    ]);
    expect((await refused('odd.csv', 'a,b,c\n1,2,3\n'))[0]).toMatch(
      /^odd.csv:1:1: expected columns instance_type, usd_per_hour/,
    );
  });

  it.each([
    ['as text of the AWS CLI', 'list.txt', `aws_v1\n${products.map((one) => `PRICELIST\t${entryOf(one)}\n`).join('')}`],
    ['as the list that --query prints', 'query.json', JSON.stringify(products.map(entryOf), null, 4)],
    [
      'as ec2instances.info exports it',
      'table.csv',
      'Name,API Name,Memory,Linux On Demand cost,Windows On Demand cost\nM5,m5.large,8 GiB,$0.115000 hourly,$0.2 hourly\nX,x9.large,1 GiB,unavailable,unavailable\n',
    ],
    [
      'as ec2instances.info has it',
      'instances.json',
      JSON.stringify([
        {
          instance_type: 'm5.large',
          pricing: { 'eu-central-1': { linux: { ondemand: '0.115' }, mswin: { ondemand: '0.207' } } },
        },
      ]),
    ],
    ['with decimal commas', 'comma.csv', 'instance_type;usd_per_hour\nm5.large;0,115\n'],
    ['without a header', 'two.csv', 'm5.large,0.115\n'],
    ['as JSON by type', 'types.json', '{"m5.large": 0.115, "m5.xlarge": "0.23"}'],
    ['as rows of JSON', 'rows.json', '[{"instance_type": "m5.large", "usd_per_hour": 0.115}]'],
    [
      'with systems in small letters',
      'os.csv',
      'instance_type,os,price\nm5.large,windows,0.207\nm5.large,linux,0.115\nm5.large,,\n',
    ],
  ])('%s has the price of Linux', async (_, name, text) => {
    const list = await readOnDemand(folder.file(name, text));
    expect(list.usdOf('m5.large', 'eu-central-1', 'Linux/UNIX')).toBe(0.115);
    expect(list.isCut).toBe(false);
  });

  it('that lacks its later pages says so', async () => {
    const page = (some: readonly (typeof products)[number][], token: string): string =>
      JSON.stringify({ PriceList: some.map(entryOf), NextToken: token });
    const file = folder.file('first.json', page(products.slice(0, 2), 'abc'));
    expect((await readOnDemand(file)).isCut).toBe(true);
    const place = { region: 'eu-central-1', product: 'Linux/UNIX' };
    const known = { given: {}, list: await readOnDemand(file) };
    expect(onDemandPriceOf('c5.large', place, known)?.source).toMatch(
      /for .*first.json has none of c5.large in eu-central-1 and lacks later pages/,
    );
    const whole = `${page(products.slice(0, 2), 'abc')}\n${page(products.slice(2), '')}`;
    expect((await readOnDemand(folder.file('pages.json', whole))).isCut).toBe(false);
  });

  it('is never a price by the month, and other ways of printing are told apart', async () => {
    const refused = (name: string, text: string) => mistakesOf(readOnDemand(folder.file(name, text)), folder.path);
    expect((await refused('month.csv', 'instance_type,monthly\nm5.large,70\n'))[0]).toMatch(
      /^month.csv:1:1: expected a column usd_per_hour/,
    );
    expect((await refused('month2.csv', 'API Name,Linux On Demand cost\nm5.large,$70.08 monthly\n'))[0]).toMatch(
      /^month2.csv:2:10: expected a price in USD per hour/,
    );
    expect((await refused('list.yaml', "FormatVersion: aws_v1\nPriceList:\n- '{}'\n"))[0]).toMatch(/--output json/);
    expect((await refused('list.py', "{'PriceList': ['{}']}"))[0]).toMatch(/json.dump/);
  });
});
