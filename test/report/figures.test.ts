import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { billingText, hoursText, instantText, lengthText, percentText, plain, usdText } from '../../report/figures.ts';
import { hours, minutes, seconds } from '../../src/domain/time.ts';
import { MONDAY } from './anOutcome.ts';

describe('a figure', () => {
  it.each([
    [0, '0s'],
    [250, '250ms'],
    [999.6, '1s'],
    [seconds(12), '12s'],
    [seconds(59.7), '1m00s'],
    [seconds(220), '3m40s'],
    [minutes(59) + seconds(59.9), '1h00m'],
    [minutes(65), '1h05m'],
    [hours(23) + minutes(59.8), '1d00h'],
    [hours(51), '2d03h'],
  ])('writes a length of %d ms as %s', (lengthMs, text) => {
    expect(lengthText(lengthMs)).toBe(text);
  });

  it('writes money with cents and thousands, and nothing without a sign', () => {
    expect([1_234.5, 0, -0.001, -12.345, 1e6].map(usdText)).toEqual([
      '1,234.50',
      '0.00',
      '0.00',
      '-12.35',
      '1,000,000.00',
    ]);
  });

  it('writes shares, hours and instants', () => {
    expect(percentText(0.1234)).toBe('12.3 %');
    expect(percentText(-0.0001)).toBe('0.0 %');
    expect(hoursText(1_234.56)).toBe('1,234.6');
    expect(instantText(MONDAY + hours(8))).toBe('Mon 2026-03-02 08:00');
  });

  it('says the billing rule in words, and shows one that it does not know', () => {
    expect(billingText('hour-start')).toMatch(/^hour-start: whole started hours/);
    expect(billingText('by-the-moon')).toBe('by-the-moon');
  });
});

describe('foreign text', () => {
  it('cannot drive a terminal or turn the reading direction', () => {
    expect(plain('a\u001b[31mred\u0007 \u202ebackwards\r\n  end\t.')).toBe(
      'a\ufffd[31mred\ufffd \ufffdbackwards end .',
    );
  });

  it('is one line of harmless characters, whatever it was', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/u.test(plain(text))).toBe(false);
      }),
    );
  });
});
