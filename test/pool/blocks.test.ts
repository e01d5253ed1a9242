import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Block, openBlock } from '../../src/block/block.ts';
import { type Blocks, noBlocksYet } from '../../src/pool/blocks/blocks.ts';
import { chosen } from '../../src/pool/blocks/branch.ts';
import { anOffer } from '../support/aBlock.ts';
import { aSpec } from '../support/aPool.ts';

/** A slot as pools have them, or one far away, as an instance of a pool that was larger once. */
const aSlot = fc.oneof({ weight: 8, arbitrary: fc.nat(40) }, fc.nat(5_000), fc.constantFrom(65_536, 2 ** 40));

const aChange = fc.record({
  kind: fc.constantFrom('open', 'open', 'open', 'move', 'end'),
  pool: fc.constantFrom('ci', 'ci-2', 'c'),
  slot: aSlot,
  generation: fc.integer({ min: 1, max: 3 }),
  at: fc.nat(1_000),
});

/** Blocks that fill the lowest branch, so that what comes after makes the tree grow with something in it. */
const aFullBranch = fc.array(
  fc.record({
    ...{ kind: fc.constant('open' as const), pool: fc.constant('ci') },
    slot: fc.nat(15),
    generation: fc.constant(1),
    at: fc.nat(1_000),
  }),
  { minLength: 8, maxLength: 16 },
);

const someChanges = fc
  .tuple(fc.oneof(fc.constant([]), aFullBranch), fc.array(aChange, { maxLength: 80 }))
  .map((parts) => parts.flat());

function opened(pool: string, slot: number, generation: number, at: number): Block {
  const [block] = openBlock({ pool, slot, generation }, [anOffer()], at, aSpec());
  return block;
}

describe('Blocks in a tree', () => {
  it('are what a map of them is: by id, in the order of their births, whatever changes, and as they were before', () => {
    fc.assert(
      fc.property(someChanges, (changes) => {
        let blocks = noBlocksYet;
        const map = new Map<string, Block>();
        const earlier: [Blocks, readonly [string, Block][]][] = [];
        for (const { kind, pool, slot, generation, at } of changes) {
          const block = opened(pool, slot, generation, at);
          const { id } = block.context;
          const known = map.get(id);
          if (kind === 'open') {
            blocks = blocks.with(known ?? block);
            map.set(id, known ?? block);
          } else if (known !== undefined && kind === 'move') {
            const moved = { ...known, context: { ...known.context, deadlineAt: at } };
            blocks = blocks.with(moved);
            map.set(id, moved);
          } else if (known !== undefined) {
            blocks = blocks.with({ ...known, state: 'gone' });
            expect(blocks.get(id)?.state).toBe('gone');
            blocks = blocks.withoutGone();
            map.delete(id);
          }
          expect(blocks.has(id)).toBe(map.has(id));
          expect([...blocks]).toEqual([...map]);
          expect(blocks.size).toBe(map.size);
          earlier.push([blocks, [...map]]);
        }
        for (const [then, entries] of earlier) expect([...then]).toEqual(entries);
        const due = [...map.values()]
          .filter(({ context }) => context.deadlineAt <= 500)
          .map(({ context }) => context.id);
        expect(blocks.dueAt(500)).toEqual(due);
        for (const { pool, root } of blocks.pools) {
          const own = [...map.values()].filter(({ context }) => context.pool === pool);
          expect(root.living).toBe(own.length);
          expect(root.nextAt).toBe(Math.min(...own.map(({ context }) => context.deadlineAt)));
          expect(chosen(root, ({ living }) => living > 0).map(({ block }) => block)).toEqual(own);
        }
      }),
      { numRuns: 300 },
    );
  });

  it.each(['', 'ci', 'ci-1', 'ci-.1', 'ci-x.1', 'ci--1.1', '-1.1'])('know of no %j', (id) => {
    expect(noBlocksYet.with(opened('ci', 1, 1, 0)).get(id)).toBeUndefined();
  });
});
