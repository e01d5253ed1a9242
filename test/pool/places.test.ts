import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Block, openBlock, viewOf } from '../../src/block/block.ts';
import type { Offer } from '../../src/domain/words.ts';
import { countedZones } from '../../src/policy/purchase.ts';
import { noBlocksYet } from '../../src/pool/blocks/blocks.ts';
import { replaced } from '../../src/pool/blocks/branch.ts';
import { jobsOnSupply } from '../../src/pool/blocks/jobsOnSupply.ts';
import { placesIn, withBought } from '../../src/pool/blocks/places.ts';
import { type CountsAs, Standing } from '../../src/pool/blocks/standing.ts';
import { heldIn } from '../../src/pool/held.ts';
import { aLease, anOffer } from '../support/aBlock.ts';
import { aSpec } from '../support/aPool.ts';

const someOffer: fc.Arbitrary<Offer> = fc
  .record({
    instanceType: fc.constantFrom('m5.2xlarge', 'c5.2xlarge'),
    zone: fc.constantFrom('us-east-1a', 'us-east-1b', 'us-east-1c'),
    term: fc.constantFrom('spot', 'spot', 'on-demand' as const),
  })
  .map(anOffer);

const aChange = fc.record({
  kind: fc.constantFrom('open', 'open', 'open', 'grant', 'rest', 'end'),
  slot: fc.nat(300),
  offer: someOffer,
  at: fc.nat(1_000),
});

type Change = typeof aChange extends fc.Arbitrary<infer One> ? One : never;

/** The block after one change; a block that is not there is opened. */
function changed(before: Block | undefined, { kind, slot, offer, at }: Change) {
  const block = before ?? openBlock({ pool: 'ci', slot, generation: 1 }, [offer], at, aSpec())[0];
  const lease = aLease({ offer: block.context.offer, startsAt: at });
  if (kind === 'grant') return { state: 'serving', context: { ...block.context, lease } } as const;
  if (kind === 'rest') return { state: 'resting', context: { ...block.context, lease: null } } as const;
  return kind === 'end' ? ({ ...block, state: 'gone' } as const) : block;
}

describe('Sums in the branches', () => {
  it('say where the living blocks are, as looking at each of them does, and with purchases beside them', () => {
    fc.assert(
      fc.property(fc.array(aChange, { maxLength: 120 }), fc.array(someOffer, { maxLength: 3 }), (changes, bought) => {
        let blocks = noBlocksYet;
        for (const change of changes) {
          blocks = blocks.with(changed(blocks.get(`ci-${change.slot}.1`), change));
          const { root } = blocks.of('ci');
          const living = [...blocks.values()].filter(({ state }) => state !== 'gone').map(viewOf);
          expect(placesIn(root)).toEqual({
            blocksIn: countedZones(living.map(({ zone }) => zone)),
            held: heldIn(living),
          });
        }
        const { root } = blocks.of('ci');
        const before = structuredClone(placesIn(root));
        const { blocksIn } = withBought(placesIn(root), bought);
        const zones = [...blocks.values()].filter(({ state }) => state !== 'gone').map(({ context }) => context.offer);
        expect(blocksIn).toEqual(countedZones([...zones, ...bought].map(({ zone }) => zone)));
        expect(placesIn(root), 'what was bought is no part of what is kept').toEqual(before);
      }),
    );
  });

  it('count the jobs on blocks that are wanted by the look at the jobs that is asked about', () => {
    const aCount = fc.constantFrom<CountsAs>('nothing', 'arriving', 'serving');
    const aLook = fc.array(fc.nat(3), { minLength: 40, maxLength: 40 });
    fc.assert(
      fc.property(fc.array(aCount, { maxLength: 40 }), aLook, aLook, fc.nat(39), (counts, one, other, slot) => {
        let blocks = noBlocksYet;
        for (const [place] of counts.entries())
          blocks = blocks.with(openBlock({ pool: 'ci', slot: place, generation: 1 }, [anOffer()], 0, aSpec())[0]);
        const all = () => true;
        const root = replaced(blocks.of('ci').root, all, (standing) =>
          countingAs(standing, counts[standing.view.slot] ?? 'nothing'),
        );
        const moved = replaced(root, all, (standing) =>
          standing.view.slot === slot ? countingAs(standing, 'nothing') : standing,
        );
        for (const jobs of [one, other, one]) {
          const onBlocks = Object.fromEntries(jobs.map((count, place) => [`ci-${place}.1`, count]));
          for (const [branch, without] of [
            [root, -1],
            [moved, slot],
            [root, -1],
          ] as const) {
            const on = counts.map((count, place) => ({ count: place === without ? 'nothing' : count, place }));
            const supply = on.filter(({ count }) => count !== 'nothing');
            expect(jobsOnSupply(branch, onBlocks)).toMatchObject({
              running: supply.reduce((sum, { place }) => sum + (jobs[place] ?? 0), 0),
              busy: supply.filter(({ count, place }) => count === 'serving' && (jobs[place] ?? 0) > 0).length,
            });
          }
        }
      }),
    );
  });
});

const countingAs = ({ block, view, born, ...found }: Standing, countsAs: CountsAs): Standing =>
  new Standing(block, view, born, { ...found, countsAs });
