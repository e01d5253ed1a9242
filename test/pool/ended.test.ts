import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hours, type Instant, minutes } from '../../src/domain/time.ts';
import { hasEnded, noneEnded, withEnded } from '../../src/pool/ended.ts';

describe('Instances that have ended', () => {
  it('are known for an hour, and forgotten soon after it, so that what is kept is bounded', () => {
    const aGap = fc.oneof(fc.nat(minutes(1)), fc.nat(minutes(20)), fc.constant(0));
    fc.assert(
      fc.property(fc.array(aGap, { maxLength: 200 }), (gaps) => {
        let [ended, at] = [noneEnded, 0];
        const times = gaps.map((gap, n) => {
          at += gap;
          ended = withEnded(ended, `i-${n}`, at);
          return at;
        });
        for (const [n, endedAt] of times.entries()) {
          if (at - endedAt < hours(1)) expect(hasEnded(ended, `i-${n}`)).toBe(true);
          if (at - endedAt > hours(1) + minutes(4)) expect(hasEnded(ended, `i-${n}`)).toBe(false);
        }
        expect(ended.length).toBeLessThan(20);
      }),
    );
  });

  it('are known though the clock is set back', () => {
    const [first, later]: readonly Instant[] = [hours(1), hours(2)].map(Number);
    const ended = withEnded(withEnded(noneEnded, 'i-1', later!), 'i-2', first!);
    expect([hasEnded(ended, 'i-1'), hasEnded(ended, 'i-2')]).toEqual([true, true]);
  });

  it('leave what was kept before as it was', () => {
    const before = withEnded(noneEnded, 'i-1', 0);
    withEnded(before, 'i-2', 1);
    expect(hasEnded(before, 'i-2')).toBe(false);
  });
});
