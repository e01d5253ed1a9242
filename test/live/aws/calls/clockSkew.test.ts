import { describe, expect, it } from 'vitest';
import { skewOf } from '../../../../src/live/aws/calls/clockSkew.ts';
import { hours, seconds } from '../../../support/lengths.ts';

describe('how far two clocks are apart', () => {
  it.each([
    ['within the call', hours(1), hours(1), hours(1) + 400, 0],
    ['within a call that was paused for hours', hours(2), hours(1), hours(4), 0],
    ['in the second that began before the call', hours(1) - 900, hours(1), hours(1) + 1, 0],
    ['hours later', hours(4), hours(1), hours(1) + 5, hours(3) - 5],
    ['hours earlier', hours(1), hours(4), hours(4) + 5, seconds(1) - hours(3)],
  ])('is told by a date %s', (_, date, sentAt, heardAt, skew) => {
    expect(skewOf(date, sentAt, heardAt)).toBe(skew);
  });
});
