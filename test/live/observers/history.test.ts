import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { history } from '../../../src/live/observers/history.ts';
import { anOffer } from '../../support/aBlock.ts';
import { aKeeper } from '../../support/aKeeper.ts';
import { aPool } from '../../support/aPool.ts';
import { turnsOf } from './aWatch.ts';

describe('the history', () => {
  it('tells a block from its opening to its end, with the reason of each change', () => {
    const kept = history({ startedAt: 0 });
    const keeper = aKeeper(aPool(1));
    const hears = turnsOf(keeper, (turn) => kept.turn?.(turn));
    hears(
      { type: 'inventory.taken', at: 0, sightings: [], generations: {}, complete: true },
      { type: 'offers.quoted', at: 1, pool: 'ci', offers: [anOffer()] },
      {
        type: 'capacity.refused',
        at: 2,
        blockId: 'ci-0.1',
        token: 'ci-0.1.1',
        offer: anOffer(),
        refusal: 'no-capacity',
        retryAt: 5_000,
      },
      // Told again: it happened once.
      {
        type: 'capacity.refused',
        at: 3,
        blockId: 'ci-0.1',
        token: 'ci-0.1.1',
        offer: anOffer(),
        refusal: 'no-capacity',
      },
      { type: 'clock.reached', at: 300_000 },
    );
    const told = kept
      .since()
      .entries.map(({ happening: one }) =>
        one.kind === 'transition' ? `${one.block} ${one.from ?? 'new'} → ${one.to}: ${one.why}` : one.kind,
      );
    expect(told).toEqual([
      'ci-0.1 new → requesting: opened',
      'refusal',
      'ci-0.1 requesting → resting: capacity.refused',
      'announcement',
      'ci-0.1 resting → gone: deadline',
    ]);
  });

  it('gives every reader every entry once and in order, or says that some are forgotten', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 8 }),
        fc.array(fc.oneof(fc.constant('happens' as const), fc.integer({ min: 1, max: 4 })), { maxLength: 60 }),
        (capacity, acts) => {
          const kept = history({ startedAt: 77, capacity });
          let count = 0;
          const read: number[] = [];
          let place = kept.last();
          for (const act of acts) {
            if (act === 'happens') announce(kept, (count += 1));
            else {
              const { entries, missed, last } = kept.since(place, act);
              const numbers = entries.map(({ id }) => Number(id.split('-')[1]));
              const before = read.at(-1) ?? 0;
              if (numbers[0] !== undefined) expect(missed).toBe(numbers[0] !== before + 1);
              read.push(...numbers);
              place = last;
            }
          }
          expect(read).toEqual([...new Set(read)].sort((a, b) => a - b));
          const { entries } = kept.since(place);
          expect([...read, ...entries.map(({ id }) => Number(id.split('-')[1]))].at(-1) ?? 0).toBe(count);
        },
      ),
    );
  });

  it('says that it has missed what another life of the keeper told', () => {
    const before = history({ startedAt: 1 });
    for (let n = 1; n <= 5; n += 1) announce(before, n);
    const now = history({ startedAt: 2 });
    announce(now, 1);
    for (const id of [before.last(), 'nonsense', '2-99', '2--1', '2-1e3', '']) {
      const { entries, missed } = now.since(id);
      expect([id, missed, entries.length]).toEqual([id, true, 1]);
    }
    expect(now.since(now.last())).toEqual({ entries: [], missed: false, last: now.last() });
  });
});

function announce(kept: ReturnType<typeof history>, at: number): void {
  const effects = [{ type: 'announce', pool: 'ci', reason: 'DemandCapped', note: String(at) }] as const;
  kept.turn?.({ fact: { type: 'clock.reached', at }, effects, state: aKeeper(aPool(0)).keeper });
}
