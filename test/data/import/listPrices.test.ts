import { describe, expect, it } from 'vitest';
import { listPriceOf } from '../../../data/import/listPrices.ts';
import { REGION_PRICES } from '../../../data/import/regionPrices.ts';

const usd = (type: string, region: string) => listPriceOf(type, region)?.usdPerHour;

describe('the list prices', () => {
  it('are those of AWS, in proportion to the size and to five decimals', () => {
    expect(['large', 'xlarge', '4xlarge', '16xlarge'].map((size) => usd(`m5.${size}`, 'us-east-1'))).toEqual([
      ...[0.096, 0.192, 0.768, 3.072],
    ]);
    expect(
      ['c7i-flex.large', 'c7i-flex.xlarge', 't3.micro', 'm4.10xlarge'].map((type) => usd(type, 'us-east-1')),
    ).toEqual([...[0.08479, 0.16958, 0.0104, 2]]);
    expect(usd('m5.2xlarge', 'eu-central-1')).toBe(0.46);
    expect(usd('c5.large', 'ap-northeast-1')).toBe(0.107);
    expect(usd('r5.4xlarge', 'eu-north-1')).toBe(1.072);
    expect(usd('m5.metal', 'us-east-1')).toBeUndefined();
  });

  it('say of which region they are, and are those of us-east-1 where none is known', () => {
    expect(listPriceOf('m5.2xlarge', 'us-west-2')).toMatchObject({ usdPerHour: 0.384, region: 'us-west-2' });
    expect(listPriceOf('m7i.2xlarge', 'eu-central-1')).toMatchObject({ usdPerHour: 0.4032, region: 'us-east-1' });
    expect(listPriceOf('m5.2xlarge', 'mars-north-1')).toMatchObject({ usdPerHour: 0.384, region: 'us-east-1' });
    expect(listPriceOf('constructor.large', 'us-east-1')).toBeUndefined();
    expect(listPriceOf('m5.constructor', 'constructor')).toBeUndefined();
  });

  it('say of which day those of São Paulo are, and cover M6i and C6i of most regions', () => {
    expect(listPriceOf('m5.xlarge', 'sa-east-1')).toEqual({
      usdPerHour: 0.306,
      region: 'sa-east-1',
      when: 'of September 2018',
    });
    expect(usd('c6i.2xlarge', 'eu-west-1')).toBe(0.3648);
    expect(usd('m6i.4xlarge', 'me-central-1')).toBe(0.9416);
  });

  it('differ by no more between regions than those of AWS do', () => {
    const home = REGION_PRICES['us-east-1'] ?? {};
    for (const [region, families] of Object.entries(REGION_PRICES))
      for (const [family, price] of Object.entries(families)) {
        const ratio = price / (home[family] ?? usd(`${family}.2xlarge`, 'us-east-1') ?? Number.NaN);
        // AMD in Mumbai costs two thirds of what it costs in Virginia; anything else is dearer.
        const least = region === 'ap-south-1' ? 0.6 : 1;
        // São Paulo is the dearest region.
        const most = region === 'sa-east-1' ? 1.65 : 1.4;
        expect({ region, family, isLikely: ratio >= least && ratio < most }).toEqual({
          region,
          family,
          isLikely: true,
        });
      }
  });
});
