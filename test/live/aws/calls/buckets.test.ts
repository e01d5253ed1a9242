import fc from 'fast-check';
import { expect, it } from 'vitest';
import { bucketOf, rateOf } from '../../../../src/live/aws/calls/buckets.ts';

it('lets no window of time see more than the burst and what the rate adds, and keeps turns in order', () => {
  const rate = fc.record({ burst: fc.integer({ min: 1, max: 20 }), perSecond: fc.constantFrom(0.5, 1, 2.5, 10) });
  fc.assert(
    fc.property(rate, fc.array(fc.nat({ max: 3_000 }), { maxLength: 60 }), ({ burst, perSecond }, gaps) => {
      const bucket = bucketOf({ burst, perSecond });
      let now = 0;
      const turns = gaps.map((gap) => {
        now += gap;
        const turn = bucket.take(now);
        expect(turn).toBeGreaterThanOrEqual(now);
        return turn;
      });
      expect(turns).toEqual(turns.toSorted((a, b) => a - b));
      turns.forEach((from, first) => {
        turns.slice(first).forEach((until, more) => {
          // A turn is rounded up to a millisecond, so a window may seem that much shorter.
          expect(more + 1).toBeLessThanOrEqual(burst + ((until - from + 1) * perSecond) / 1_000 + 1e-6);
        });
      });
    }),
  );
});

it('wastes nothing: asked at once, the whole burst goes at once', () => {
  const bucket = bucketOf({ burst: 3, perSecond: 1 });
  expect([1, 2, 3, 4, 5].map(() => bucket.take(500))).toEqual([500, 500, 500, 1_500, 2_500]);
});

it('knows reads, changes, and queues that need no limit', () => {
  expect(rateOf('ec2', 'DescribeInstances', false)).toEqual({ burst: 50, perSecond: 10 });
  expect(rateOf('ec2', 'CreateFleet', true)).toEqual({ burst: 25, perSecond: 2.5 });
  expect(rateOf('sqs', 'ReceiveMessage', false)).toBeUndefined();
});
