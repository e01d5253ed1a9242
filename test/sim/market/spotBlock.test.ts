import { describe, expect, it } from 'vitest';
import { spotBlockPrice, weekendEdges } from '../../../sim/market/spotBlock.ts';
import { hours, type Instant, minutes } from '../../../src/domain/time.ts';

const at = (iso: string): Instant => new Date(iso).getTime();
const RULE = { shareAt1h: 0.55, sharePerHour: 0.03, weekendPoints: 0 };
const MONDAY = at('2026-03-02T09:00:00Z');

describe('the price of a spot block', () => {
  it('rises with its hours from 55 to 70 % of on-demand', () => {
    expect([1, 2, 3, 4, 5, 6].map((count) => spotBlockPrice(1, hours(count), MONDAY, RULE))).toEqual([
      0.55, 0.58, 0.61, 0.64, 0.67, 0.7,
    ]);
    expect(spotBlockPrice(0.384, hours(4), MONDAY, RULE)).toBe(0.24576);
  });

  it('is lower by its points on Saturday and Sunday, UTC', () => {
    const rule = { ...RULE, weekendPoints: 5 };
    const prices = ['2026-03-06T23:59:59Z', '2026-03-07T00:00:00Z', '2026-03-08T23:59:59Z', '2026-03-09T00:00:00Z'];
    expect(prices.map((iso) => spotBlockPrice(1, hours(1), at(iso), rule))).toEqual([0.55, 0.5, 0.5, 0.55]);
    expect(weekendEdges(at('2026-03-06T00:00:00Z'), at('2026-03-14T00:00:00Z'))).toEqual([
      at('2026-03-07T00:00:00Z'),
      at('2026-03-09T00:00:00Z'),
    ]);
  });

  it('does not exist for a duration that EC2 did not sell', () => {
    for (const durationMs of [minutes(30), minutes(90), hours(7), 0])
      expect(spotBlockPrice(1, durationMs, MONDAY, RULE)).toBeUndefined();
  });
});
