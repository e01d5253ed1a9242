import fc from 'fast-check';
import { expect, it } from 'vitest';
import { readPrices } from '../../../../data/records/readPrices.ts';
import { isoOf } from '../../../../src/domain/time.ts';
import { aFolder } from '../../../support/aFile.ts';

const folder = aFolder();
const FROM = Date.UTC(2024, 2, 4);

/** Ways of writing one and the same row, by its place in the file. */
const SHAPES: readonly ((place: number) => string)[] = [
  (place) =>
    `{"AvailabilityZone": "us-east-1a", "InstanceType": "m5.large", "ProductDescription": "Linux/UNIX", "SpotPrice": "${priceAt(place)}", "Timestamp": "${isoOf(FROM + place * 1_000)}"}`,
  (place) =>
    `{"AvailabilityZone": "us-east-1a", "InstanceType": "m5.large", "ProductDescription": "Linux/UNIX", "SpotPrice": ${priceAt(place)}, "Timestamp": "${isoOf(FROM + place * 1_000)}"}`,
  (place) =>
    `{"Timestamp":"${isoOf(FROM + place * 1_000)}","SpotPrice":"${priceAt(place)}","InstanceType":"m5.large","AvailabilityZone":"us-east-1a","ProductDescription":"Linux/UNIX"}`,
  (place) =>
    `{"Timestamp":"${isoOf(FROM + place * 1_000)}","SpotPrice":"${priceAt(place)}","InstanceType":"m5.large","AvailabilityZone":"us-east-1a"}`,
  (place) =>
    `{"Timestamp":"${isoOf(FROM + place * 1_000)}","Note":"}\\" odd ,","SpotPrice":"${priceAt(place)}","InstanceType":"m5\\u002elarge","AvailabilityZone":"us-east-1a","ProductDescription":"Linux/UNIX"}`,
  (place) =>
    `{"a":"${place}","Timestamp":"${isoOf(FROM + place * 1_000)}","SpotPrice":"${priceAt(place)}","InstanceType":"m5.large","AvailabilityZone":"us-east-1a","ProductDescription":"Linux/UNIX","NextToken":"x"}`,
  // Two keys that are as long, in either order.
  (place) =>
    `{"Timestamp":"${isoOf(FROM + place * 1_000)}","SpotPrice":"${priceAt(place)}","Guesswork":"1","InstanceType":"m5.large","AvailabilityZone":"us-east-1a","ProductDescription":"Linux/UNIX"}`,
  (place) =>
    `{"Timestamp":"${isoOf(FROM + place * 1_000)}","Guesswork":"1","SpotPrice":"${priceAt(place)}","InstanceType":"m5.large","AvailabilityZone":"us-east-1a","ProductDescription":"Linux/UNIX"}`,
];

const priceAt = (place: number): string => (0.01 + (place % 97) / 1_000).toFixed(6);

it('Rows of JSON that are written one way and then another are the same prices, in files of many pieces too', async () => {
  let files = 0;
  const someRuns = fc.array(fc.tuple(fc.nat(SHAPES.length - 1), fc.constantFrom(1, 2, 3, 40, 900)), {
    minLength: 1,
    maxLength: 8,
  });
  const alikeRuns: [shape: number, count: number][] = [
    [6, 2],
    [7, 2],
  ];
  await fc.assert(
    fc.asyncProperty(someRuns, fc.constantFrom(', ', ',\n    '), async (runs, between) => {
      const rows: string[] = [];
      for (const [shape, count] of runs)
        for (let row = 0; row < count; row += 1) rows.push(SHAPES[shape]!(rows.length));
      files += 1;
      const path = folder.file(`${files}.json`, `{"SpotPriceHistory": [${rows.join(between)}], "NextToken": ""}`);
      const found = (await readPrices(path)).rows.map(({ at, instanceType, zone, product, usdPerHour }) =>
        [at, instanceType, zone, product, usdPerHour].join(' '),
      );
      const expected = rows.map((_, place) =>
        [FROM + place * 1_000, 'm5.large', 'us-east-1a', 'Linux/UNIX', Number(priceAt(place))].join(' '),
      );
      expect(found).toEqual(expected);
    }),
    // Of rows in all shapes a wrong guess is seldom taken: mostly it reads nonsense, and the file is then read anew.
    { numRuns: 60, examples: [[alikeRuns, ', ']] },
  );
});
