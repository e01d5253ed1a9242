import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { align } from '../../../data/import/align.ts';
import { instantText, overlap, WEEK_MS, weeksOnto, wholeDays } from '../../../data/import/window.ts';
import { BadInput } from '../../../src/config/mistakes.ts';
import { after, hours, type Instant } from '../../../src/domain/time.ts';

const at = (text: string): Instant => new Date(text).getTime();
const untouched = { window: { from: at('2026-03-02'), until: at('2026-03-09') }, untouched: true };
const priceWeek = { ...untouched, window: { from: at('2016-03-14'), until: at('2016-03-21') }, untouched: false };
const prices = { clock: true, span: { from: at('2016-03-13T23:59:32Z'), until: at('2016-03-20T23:54:52Z') } };
const jobs = { clock: true, span: { from: at('2020-05-18T06:00:32Z'), until: at('2020-05-24T20:11:00Z') } };
const trace = { clock: false, span: { from: 0, until: after(0, hours(152)) } };
const asItComes = { shift: true };

describe('the first recording with a clock', () => {
  it('brings its window: the whole days it covers', () => {
    expect(align('prices', prices, untouched, asItComes)).toEqual({ byMs: 0, window: priceWeek.window, sentences: [] });
    expect(align('jobs', jobs, untouched, asItComes).window).toEqual({
      from: at('2020-05-18'),
      until: at('2020-05-25'),
    });
  });

  it('may be laid on another time, and says so', () => {
    const { window, sentences } = align('prices', prices, untouched, { ...asItComes, startsAt: at('2026-03-02') });
    expect(window).toEqual(untouched.window);
    expect(sentences).toEqual(['prices recorded 2016-03-14 to 2016-03-21 were moved by 520 weeks']);
  });

  it('that covers no whole day keeps its own ends', () => {
    const afternoon = { from: at('2016-03-14T12:00:00Z'), until: at('2016-03-14T15:30:20Z') };
    expect(wholeDays(afternoon, 'at-start')).toEqual({ from: afternoon.from, until: at('2016-03-14T15:31:00Z') });
  });

  it('of more than 92 days gives its first 92', () => {
    const { from, until } = wholeDays({ from: at('2020-01-01'), until: at('2021-01-01') }, 'through-day');
    expect([instantText(from), (until - from) / hours(24)]).toEqual(['2020-01-01', 92]);
  });
});

describe('a later recording', () => {
  it('is moved by whole weeks onto the window, and says so', () => {
    expect(align('jobs', jobs, priceWeek, asItComes)).toEqual({
      byMs: -218 * WEEK_MS,
      sentences: ['jobs recorded 2020-05-18 to 2020-05-25 were moved by -218 weeks'],
    });
  });

  it('without a clock starts with the window', () => {
    expect(align('availability', trace, priceWeek, asItComes)).toEqual({
      byMs: priceWeek.window.from,
      sentences: [
        'availability recorded without a clock was laid on the time from 2016-03-14',
        'availability recorded until 2016-03-20T08:00:00Z: what was last seen holds from there on',
      ],
    });
  });

  it('that keeps its own time must lie in the window', () => {
    const refused = () => align('jobs', jobs, priceWeek, { shift: false });
    expect(refused).toThrow(BadInput);
    expect(refused).toThrow(
      "jobs: expected jobs in the scenario's window, 2016-03-14 to 2016-03-21, found them from 2020-05-18 to 2020-05-25",
    );
  });

  it('keeps its weekdays, and no other number of weeks would show more of it', () => {
    const window = fc
      .tuple(fc.integer({ min: 0, max: 20_000 }), fc.integer({ min: 1, max: 92 }))
      .map(([day, days]) => ({ from: after(0, hours(24 * day)), until: after(0, hours(24 * (day + days))) }));
    fc.assert(
      fc.property(window, window, fc.integer({ min: -200, max: 200 }), (recorded, scenario, weeks) => {
        const byMs = weeksOnto(recorded, scenario);
        expect(new Date(recorded.from + byMs).getUTCDay()).toBe(new Date(recorded.from).getUTCDay());
        const other = byMs + weeks * WEEK_MS;
        expect(overlap(recorded, byMs, scenario)).toBeGreaterThanOrEqual(overlap(recorded, other, scenario));
      }),
    );
  });
});
