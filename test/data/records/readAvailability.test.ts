import { describe, expect, it } from 'vitest';
import { readAnyAvailability, readAvailability } from '../../../data/records/readAvailability.ts';
import { availabilityRows, priceRows, type Trace } from '../../../data/records/trace.ts';
import { isoOf, minutes } from '../../../src/domain/time.ts';
import { aFolder, mistakesOf } from '../../support/aFile.ts';

const folder = aFolder();
const trace = (fields: object): string => JSON.stringify({ metadata: { gap_seconds: 30 }, ...fields });
const readTrace = async (content: string, polarity: 'up' | 'down' = 'up'): Promise<Trace | undefined> => {
  const recorded = await readAnyAvailability(folder.file('trace.json', content), { polarity });
  return recorded.kind === 'trace' ? recorded.trace : undefined;
};
const mistakes = (name: string, content: string, polarity: 'up' | 'down' = 'up') =>
  mistakesOf(readAnyAvailability(folder.file(name, content), { polarity }), folder.path);

describe('availability', () => {
  it('of a trace is counts, with prices if it has any', async () => {
    expect(await readTrace(trace({ data: [0, 4, 1] }))).toEqual({ gapMs: 30_000, instances: [0, 4, 1] });
    expect(await readTrace(trace({ data: [0, 1], prices: [0.5, 1] }))).toEqual({
      gapMs: 30_000,
      instances: [0, 1],
      usdPerHour: [0.5, 1],
    });
  });

  it('of a trace that counts what is down is turned round, which is said', async () => {
    expect(await readTrace(trace({ data: [0, 1] }), 'down')).toMatchObject({ instances: [1, 0] });
    const { notes } = await readAnyAvailability(folder.file('down.json', trace({ data: [0, 1] })), {
      polarity: 'down',
    });
    expect(notes.assumptions[0]).toBe('0 means up, 1 down');
    expect(await mistakes('counts.json', trace({ data: [0, 3] }), 'down')).toEqual([
      'counts.json:1:42: expected 0 or 1, found 3: instances that are down cannot be turned into those that are up',
    ]);
  });

  it('with times is read in any order of rows and columns', async () => {
    const { rows, notes } = await readAvailability(
      folder.file(
        'rows.csv',
        'zone,instances,instance_type,timestamp\n*,0,m5.large,2020-01-02T00:00:00Z\n*,3,m5.large,2020-01-01T00:00:00Z\n',
      ),
    );
    expect(rows.map(({ at, instances, zone }) => [isoOf(at), instances, zone])).toEqual([
      ['2020-01-01T00:00:00.000Z', 3, '*'],
      ['2020-01-02T00:00:00.000Z', 0, '*'],
    ]);
    expect(notes.markets).toEqual(['m5.large/*']);
  });

  it('without a clock needs to be laid on one first', async () => {
    const read = readAvailability(folder.file('clockless.json', trace({ data: [1] })));
    expect((await mistakesOf(read, folder.path))[0]).toMatch(
      /^clockless\.json: expected availability with times, found a trace, .* --starts-at INSTANT$/,
    );
  });

  it.each([
    [
      'gap.json',
      JSON.stringify({ metadata: { gap_seconds: 0 }, data: [1] }),
      'gap.json:1:28: expected a length of a tick in seconds (gap_seconds), more than 0, found 0',
    ],
    ['data.json', trace({ prices: [1] }), 'data.json:1:1: expected the key data, found metadata, prices'],
    ['prices.json', trace({ data: [1, 1], prices: [1] }), 'prices.json: expected one price a tick, 2 of them, found 1'],
    [
      'tick.json',
      trace({ data: [1, -1] }),
      'tick.json:1:42: expected a whole number of instances, 0 or more, found -1',
    ],
    ['empty.json', trace({ data: [] }), 'empty.json: expected at least one tick in data, found none'],
    [
      'count.csv',
      'timestamp,instance_type,zone,instances\n2020-01-01T00:00:00Z,a,us-east-1a,some\n',
      'count.csv:2:35: expected a whole number of instances, 0 or more, found "some"',
    ],
  ])('is not read from %s, and why is told', async (name, content, message) => {
    expect(await mistakes(name, content)).toContain(message);
  });
});

describe('a trace laid on the clock', () => {
  const place = { startsAt: Date.UTC(2026, 2, 2), instanceType: 'm5.large', zone: 'us-east-1a' };
  const laid: Trace = { gapMs: minutes(1), instances: [0, 2, 2, 1, 0, 0], usdPerHour: [1, 1, 2, 2, 2, 1] };

  it('has a row for its start and each change, and none for its end, of which nothing is known', () => {
    expect(availabilityRows(laid, place).map(({ at, instances }) => [isoOf(at).slice(11, 16), instances])).toEqual([
      ['00:00', 0],
      ['00:01', 2],
      ['00:03', 1],
      ['00:04', 0],
    ]);
    expect(
      priceRows(laid, { ...place, product: 'Linux/UNIX' }).map(({ at, usdPerHour }) => [
        isoOf(at).slice(11, 16),
        usdPerHour,
      ]),
    ).toEqual([
      ['00:00', 1],
      ['00:02', 2],
      ['00:05', 1],
    ]);
  });
});
