import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EventQueue } from '../../../sim/kernel/queue.ts';

describe('the event queue', () => {
  it('gives back in order of time, and of arrival where times are equal', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 5 })), (instants) => {
        const queue = new EventQueue<readonly [number, number]>();
        for (const [order, at] of instants.entries()) queue.push(at, [at, order]);
        const popped = instants.map(() => queue.pop());
        const sorted = instants.map((at, order) => [at, order] as const).sort((a, b) => a[0] - b[0] || a[1] - b[1]);
        expect(popped).toEqual(sorted);
        expect(queue.pop()).toBeUndefined();
        expect(queue.dueAt).toBe(Number.POSITIVE_INFINITY);
      }),
    );
  });

  it('keeps its order while pushes and pops mix', () => {
    fc.assert(
      fc.property(fc.array(fc.option(fc.integer({ min: 0, max: 9 }))), (script) => {
        const queue = new EventQueue<number>();
        const held: { at: number; order: number }[] = [];
        for (const [order, at] of script.entries()) {
          if (at !== null) {
            queue.push(at, order);
            held.push({ at, order });
          } else {
            held.sort((a, b) => a.at - b.at || a.order - b.order);
            expect(queue.pop()).toBe(held.shift()?.order);
          }
        }
      }),
    );
  });
});
