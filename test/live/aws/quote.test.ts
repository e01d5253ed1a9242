import { describe, expect, it } from 'vitest';
import { UNPRICED_USD_PER_HOUR } from '../../../src/domain/words.ts';
import { awsCaller } from '../../../src/live/aws/calls/call.ts';
import { blockShareOf, type QuoteQuestion, quote } from '../../../src/live/aws/quote.ts';
import { silent } from '../../../src/live/ports/telemetry.ts';
import { hours } from '../../support/lengths.ts';
import { aJumpingClock } from './aJumpingClock.ts';
import { MONDAY } from './anInstanceXml.ts';
import { answered, aScriptedAws, type Reply } from './aScriptedAws.ts';

const SPOT = { term: 'spot', durationMs: hours(4) } as const;

describe('a quote of spot', () => {
  it('has the latest price of each market, in the order of the question', async () => {
    const { offers, asked } = await quoted([
      prices(['m5.large', 'us-east-1b', '0.0310', -9], ['c5.large', 'us-east-1a', '0.0300', -5]),
      prices(['m5.large', 'us-east-1b', '0.0350', -1], ['m5.large', 'us-east-1b', '0.0320', -3]),
    ]);
    expect(offers).toEqual([
      { instanceType: 'm5.large', zone: 'us-east-1b', usdPerHour: 0.035, ...SPOT },
      { instanceType: 'c5.large', zone: 'us-east-1a', usdPerHour: 0.03, ...SPOT },
    ]);
    expect(asked[0]!.fields).toMatchObject({
      'ProductDescription.1': 'Linux/UNIX',
      'InstanceType.2': 'c5.large',
      'Filter.1.Name': 'availability-zone',
      'Filter.1.Value.1': 'us-east-1a',
      StartTime: expect.stringMatching(/^2026-03-02T08:00:00/) as unknown,
    });
  });

  it('takes no price of another zone, type or system, and none that is no price', async () => {
    const { offers } = await quoted([
      prices(
        ['m5.large', 'us-east-1z', '0.001', -1],
        ['p5.large', 'us-east-1a', '0.001', -1],
        ['m5.large', 'us-east-1a', '0.001', -1, 'Windows'],
        ['m5.large', 'us-east-1a', 'cheap', -1],
        ['m5.large', 'us-east-1a', '0.000', -1],
        ['m5.large', 'us-east-1a', '-1', -1],
        ['m5.large', 'us-east-1b', '0.036', -2, 'Linux/UNIX (Amazon VPC)'],
      ),
    ]);
    expect(offers).toMatchObject([{ instanceType: 'm5.large', zone: 'us-east-1b', usdPerHour: 0.036 }]);
  });

  it('offers every market dearly where an endpoint knows no prices', async () => {
    const { offers, answer } = await quoted([prices()]);
    expect(answer).toMatchObject({ kind: 'known', unpriced: true });
    expect(offers).toHaveLength(4);
    expect(new Set(offers.map(({ usdPerHour }) => usdPerHour))).toEqual(new Set([UNPRICED_USD_PER_HOUR]));
  });

  it.each<[string, Reply]>([
    ['an empty body', { body: '' }],
    ['a page of a proxy', { body: '<html/>' }],
    ['a document without a list', answered('DescribeSpotPriceHistory', '')],
    ['rows without fields', answered('DescribeSpotPriceHistory', '<spotPriceHistorySet><item/></spotPriceHistorySet>')],
    ['prices that are none', prices(['m5.large', 'us-east-1a', 'cheap', -1])],
    ['a reset', 'reset'],
  ])('is unknown after %s', async (_, reply) => {
    expect((await quoted([reply])).answer.kind).toBe('unknown');
  });

  it('is unknown when a page is missing, and reads a row whose date is none as no row', async () => {
    const first = prices(['m5.large', 'us-east-1a', '0.03', -1]);
    expect((await quoted([first, 'reset'])).answer.kind).toBe('unknown');
    const dateless = `<item><instanceType>c5.large</instanceType><availabilityZone>us-east-1a</availabilityZone>
      <spotPrice>0.01</spotPrice><productDescription>Linux/UNIX</productDescription><timestamp>soon</timestamp></item>`;
    const { offers } = await quoted([prices(['m5.large', 'us-east-1a', '0.03', -1]), rows(dateless)]);
    expect(offers).toHaveLength(1);
  });
});

describe('a quote of other terms', () => {
  const onDemandUsdPerHour = { 'm5.large': 0.1 };

  it('of on-demand has the prices that it is given, and asks nobody', async () => {
    const { offers, asked } = await quoted([], { lease: { ...SPOT, term: 'on-demand' }, onDemandUsdPerHour });
    expect(offers.map(({ instanceType, zone, usdPerHour }) => [instanceType, zone, usdPerHour])).toEqual([
      ['m5.large', 'us-east-1a', 0.1],
      ['m5.large', 'us-east-1b', 0.1],
    ]);
    expect(asked).toEqual([]);
  });

  it('of any term knows what the cheapest type costs on demand, of those that have a price', async () => {
    const prices = { onDemandUsdPerHour: { 'm5.large': 0.1, 'c5.large': 0.08, 'r5.large': 0.01 } };
    const instanceTypes = ['m5.large', 'c5.large', 'a1.large'];
    const { answer } = await quoted([], { instanceTypes, lease: { ...SPOT, term: 'on-demand' }, ...prices });
    expect(answer).toMatchObject({ onDemandUsdPerHour: 0.08 });
    const unknown = await quoted([rows('')], { onDemandUsdPerHour: {} });
    expect(unknown.answer).not.toHaveProperty('onDemandUsdPerHour');
  });

  it('of a spot block has a share of them', async () => {
    const { offers } = await quoted([], { lease: { ...SPOT, term: 'spot-block' }, onDemandUsdPerHour });
    expect(offers).toHaveLength(2);
    expect(offers[0]!.usdPerHour).toBeCloseTo(0.064, 9);
  });

  it.each(['on-demand', 'spot-block'] as const)('of %s without any price is dear', async (term) => {
    const { answer, offers } = await quoted([], { lease: { ...SPOT, term }, onDemandUsdPerHour: { 'm5.large': 0 } });
    expect(answer).toMatchObject({ unpriced: true });
    expect(offers).toMatchObject(offers.map(() => ({ usdPerHour: UNPRICED_USD_PER_HOUR, term })));
  });

  it('knows what share of on-demand a spot block cost', () => {
    expect(blockShareOf(hours(1), MONDAY)).toBeCloseTo(0.55, 9);
    expect(blockShareOf(hours(6), MONDAY)).toBeCloseTo(0.7, 9);
    expect(blockShareOf(hours(3), MONDAY)).toBeCloseTo(0.61, 9);
    expect(blockShareOf(hours(6), MONDAY - hours(24))).toBeCloseTo(0.65, 9);
  });
});

async function quoted(pages: readonly Reply[], question: Partial<QuoteQuestion> = {}) {
  const clock = aJumpingClock(MONDAY);
  const { aws, asked } = await aScriptedAws(({ fields }) => {
    const page = Number(fields['NextToken'] ?? 0);
    const reply = pages[page]!;
    if (typeof reply === 'string' || page === pages.length - 1) return reply;
    return { ...reply, body: reply.body.replace('</requestId>', `</requestId><nextToken>${page + 1}</nextToken>`) };
  });
  const answer = await quote(
    { aws, caller: awsCaller({ telemetry: silent, clock }), clock },
    {
      instanceTypes: ['m5.large', 'c5.large'],
      zones: ['us-east-1a', 'us-east-1b'],
      lease: SPOT,
      onDemandUsdPerHour: {},
      ...question,
    },
  );
  return { answer, asked, offers: answer.kind === 'known' ? answer.offers : [] };
}

type Row = readonly [instanceType: string, zone: string, price: string, hoursFromNow: number, product?: string];

function prices(...list: readonly Row[]): Exclude<Reply, string> {
  return rows(
    ...list.map(
      ([instanceType, zone, price, hoursFromNow, product = 'Linux/UNIX']) =>
        `<item><instanceType>${instanceType}</instanceType><availabilityZone>${zone}</availabilityZone>` +
        `<spotPrice>${price}</spotPrice><productDescription>${product}</productDescription>` +
        `<timestamp>${new Date(MONDAY + hours(hoursFromNow)).toISOString()}</timestamp></item>`,
    ),
  );
}

function rows(...items: readonly string[]): Exclude<Reply, string> {
  // `answered` makes a document.
  return answered(
    'DescribeSpotPriceHistory',
    `<spotPriceHistorySet>${items.join('')}</spotPriceHistorySet>`,
  ) as Exclude<Reply, string>;
}
