import { describe, expect, it } from 'vitest';
import { BoughtFor } from '../../src/domain/boughtFor.ts';
import { seconds } from '../../src/domain/time.ts';

const NOW = Date.parse('2026-05-11T08:00:00Z');
const at = (second: number) => NOW + seconds(second);
const BOOT_MS = seconds(140);
const NONE: ReadonlySet<string> = new Set();
const free = (second: number) => [{ id: 'a', freeAt: at(second) }];

/** Until when it is due, in seconds, as it is at one. */
const dueAt = (bought: BoughtFor, second: number) => {
  const due = bought.dueAt('a', BOOT_MS, at(second));
  return due === undefined ? undefined : (due - NOW) / seconds(1);
};

describe('a job that no block will take', () => {
  it('is bought for twelve seconds after the autoscaler was free to, and not held before: else nothing would be bought', () => {
    const bought = new BoughtFor();
    bought.look(NONE, free(10), at(1));
    expect([5, 10, 21, 22, 149, 150].map((second) => dueAt(bought, second))).toEqual([
      ...[undefined, undefined, undefined, 150, 150, undefined],
    ]);
  });

  it('is due at the same instant however its delay is written afterwards', () => {
    const bought = new BoughtFor();
    bought.look(NONE, free(10), at(1));
    bought.look(NONE, free(150), at(30));
    expect(dueAt(bought, 31)).toBe(150);
  });

  it('that was held for a block is free from when it is not any more', () => {
    const bought = new BoughtFor();
    bought.look(new Set(['a']), [], at(1));
    bought.look(NONE, free(10), at(60));
    expect([71, 72].map((second) => dueAt(bought, second))).toEqual([undefined, 200]);
  });

  it('that a new life finds is free from then on: what became of it before is not known', () => {
    const bought = new BoughtFor();
    bought.look(NONE, free(10), at(100));
    expect([111, 112].map((second) => dueAt(bought, second))).toEqual([undefined, 240]);
  });

  it('is forgotten once it waits no more', () => {
    const bought = new BoughtFor();
    bought.look(NONE, free(10), at(1));
    bought.look(NONE, [], at(20));
    expect(dueAt(bought, 30)).toBeUndefined();
  });
});
