import { describe, expect, it } from 'vitest';
import { median } from '../../bench/cpu.ts';
import { against, alone, lineOf, missing, rounded } from '../../bench/figure.ts';
import { statedLimits, worseThan } from '../../bench/limits.ts';

describe('A figure', () => {
  it('is a value, its floor and their ratio', () => {
    expect(against('week', 'ms', 12, 3)).toEqual({ name: 'week', value: 12, unit: 'ms', floor: 3, ratio: 4 });
    expect(lineOf(against('week', 'ms', 12, 3)).split(/\s{2,}/)).toEqual(['week', '12.0 ms', 'floor 3.00', '4.00 x']);
    expect(lineOf(alone('worlds', 'a second', 12_345)).split(/\s{2,}/)).toEqual(['worlds', '12,345 a second']);
  });

  it('that could not be measured says why, and is null in JSON', () => {
    const figure = missing('week/vs-simpy', 'ms', 'there is no SimPy');
    expect(lineOf(figure)).toMatch(/not measured.*there is no SimPy$/);
    expect(JSON.parse(JSON.stringify(rounded(figure)))).toMatchObject({ value: null, floor: null, ratio: null });
    expect(rounded(against('week', 'ms', 1, 0)).ratio).toBeNull();
  });
});

describe('The limits', () => {
  const limits = { week: { most: 4 }, sweep: { least: 1.5 } };

  it('hold ratios, and say what is worse', () => {
    expect(worseThan(limits, [against('week', 'ms', 4, 1), against('sweep', 'weeks/s', 3, 2)])).toEqual([]);
    expect(worseThan(limits, [against('week', 'ms', 4.1, 1), against('sweep', 'weeks/s', 2.8, 2)])).toEqual([
      'week: at most 4 x, found 4.10 x',
      'sweep: at least 1.5 x, found 1.40 x',
    ]);
  });

  it('let pass what could not be measured here, and not what was forgotten', () => {
    expect(worseThan(limits, [missing('week', 'ms', 'of want'), against('sweep', 'weeks/s', 3, 2)])).toEqual([]);
    expect(worseThan(limits, [alone('week', 'ms', 1)])).toEqual([
      'week: it has a limit, and no ratio',
      'sweep: it has a limit, and was not measured',
    ]);
  });

  it('that are stated each say most or least', async () => {
    for (const limit of Object.values(await statedLimits())) expect(Object.keys(limit)).toHaveLength(1);
  });
});

it('The median is the middle one', () => {
  expect([median([3, 1, 2]), median([4, 1, 2, 3]), median([])]).toEqual([2, 2, Number.NaN]);
});
