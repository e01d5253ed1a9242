import { describe, expect, it } from 'vitest';
import type { BlockView } from '../../src/block/block.ts';
import { scopeKeyOf } from '../../src/domain/refusalScope.ts';
import { ALWAYS, NEVER } from '../../src/domain/time.ts';
import { jobRoom } from '../../src/pool/jobRoom.ts';
import { noMemory, type PoolMemory } from '../../src/pool/memory.ts';
import { aLease } from '../support/aBlock.ts';
import { aPool } from '../support/aPool.ts';
import { minutes, seconds } from '../support/lengths.ts';

const NOW = minutes(100);
const pool = aPool(3, {}, { maxBlocks: 3 });
const { offer } = aLease();

/** Quoted a minute ago, in open hours. */
const memory = (over: Partial<PoolMemory> = {}): PoolMemory => ({
  ...noMemory,
  ...{ inventoried: true, offers: [offer], quotedAt: NOW - minutes(1) },
  allowance: { from: ALWAYS, now: { blocks: 5, until: NEVER }, next: { blocks: 5, until: NEVER } },
  ...over,
});

const block = (over: Partial<BlockView> = {}): BlockView => ({
  ...{ id: 'ci-0.1', pool: 'ci', slot: 0, generation: 1, attempt: 1, zone: offer.zone, offer, offersLeft: [] },
  ...{ state: 'serving', lease: aLease({ startsAt: NOW - minutes(30) }), usable: true, leaving: false, jobs: 0 },
  ...{ busySince: null, idleSince: null, atRiskAt: null, reclaimAt: null, deadlineAt: NEVER, ending: null },
  ...over,
});

const roomOf = (over: Partial<PoolMemory>, ...blocks: readonly BlockView[]) => jobRoom(pool, memory(over), blocks, NOW);

describe('what a pool has for jobs', () => {
  it.each([
    ['it could buy up to maxBlocks', {}, 3],
    [
      'it is closed',
      { allowance: { from: ALWAYS, now: { blocks: 0, until: NEVER }, next: { blocks: 0, until: NEVER } } },
      0,
    ],
    ['all that is quoted rests', { cooling: new Map([[scopeKeyOf('offer', offer), rest()]]) }, 0],
    ['nothing is sold', { offers: [] }, 0],
    ['nothing was sold by a quote that is old now', { offers: [], quotedAt: NOW - minutes(11) }, 3],
    ['nothing was ever quoted', { offers: [], quotedAt: ALWAYS }, 3],
    ['its purchase policy wants nothing for now', { declinedUntil: NOW + 1 }, 0],
    ['its purchase policy wanted nothing until now', { declinedUntil: NOW }, 3],
  ] as const)('where %s', (_, over, more) => {
    expect(roomOf(over)).toEqual({ blocks: [], more });
  });

  it('is less what lives already, whatever becomes of it', () => {
    expect(roomOf({}, block({ state: 'terminating', usable: false, leaving: true })).more).toBe(2);
    expect(roomOf({}, block(), block(), block(), block()).more).toBe(0);
  });

  it.each([
    ['serves', {}, true],
    ['serves and is cordoned', { usable: false }, false],
    ['leaves', { leaving: true }, false],
    ['rests after a refusal', { state: 'resting', lease: null, usable: false }, false],
    ['is asked for', { state: 'requesting', lease: null, usable: false, deadlineAt: NOW + minutes(10) }, true],
    ['boots', { state: 'joining', lease: aLease({ startsAt: NOW - seconds(30) }), usable: false }, true],
    [
      'should have joined long ago',
      { state: 'joining', lease: aLease({ startsAt: NOW - minutes(9) }), usable: false },
      false,
    ],
  ] as const)('a block that %s', (_, over, takesJobs) => {
    expect(roomOf({}, block(over)).blocks).toEqual(takesJobs ? ['ci-0.1'] : []);
  });
});

function rest() {
  return { until: NOW + minutes(3), why: 'no-capacity', at: NOW, times: 1 } as const;
}
