import { describe, expect, it } from 'vitest';
import type { BlockView } from '../../src/block/block.ts';
import { NEVER } from '../../src/domain/time.ts';
import { givenBack } from '../../src/pool/giveBack.ts';
import { aLease } from '../support/aBlock.ts';
import { minutes } from '../support/lengths.ts';

const NOW = minutes(100);

/** A block by its place, idle since some minute; without a minute it has a job. */
const serving = (slot: number, idleMinute?: number): BlockView => ({
  ...aView(slot),
  state: 'serving',
  lease: aLease(),
  jobs: idleMinute === undefined ? 1 : 0,
  idleSince: idleMinute === undefined ? null : minutes(idleMinute),
});

const without = (slot: number, state: 'requesting' | 'resting'): BlockView => ({ ...aView(slot), state, lease: null });

const aView = (slot: number): BlockView => ({
  ...{
    id: `ci-${slot}.1`,
    attempt: 1,
    pool: 'ci',
    slot,
    generation: 1,
    state: 'joining',
    lease: aLease(),
    zone: 'us-east-1a',
    offer: aLease().offer,
    offersLeft: [],
  },
  ...{ jobs: 0, busySince: null, idleSince: null, atRiskAt: null, reclaimAt: null, deadlineAt: NEVER },
  ...{ usable: true, leaving: false, ending: null },
});

function given(
  supply: readonly BlockView[],
  wanted: number,
  idleMinutes = 5,
  onBlocks: Record<string, number> = {},
  beforeHourMs?: number,
) {
  const { blocks, wakeAt } = givenBack(supply, supply.length - wanted, {
    ...{ idleMs: minutes(idleMinutes), beforeHourMs, onBlocks },
    now: NOW,
  });
  return { ids: blocks.map(({ id }) => id), wakeAt };
}

describe('what is given back', () => {
  it('is nothing where no more is there than is wanted', () => {
    expect(given([serving(0, 1), serving(1, 1)], 2)).toEqual({ ids: [], wakeAt: NEVER });
  });

  it('is what has been idle the longest, and of those the highest place', () => {
    const supply = [serving(0, 90), serving(1, 80), serving(2, 90), serving(3, 80)];
    expect(given(supply, 2).ids).toEqual(['ci-3.1', 'ci-1.1']);
    expect(given(supply, 3).ids).toEqual(['ci-3.1']);
  });

  it('is never one with a job, known from its node or from the jobs, or on its way to its node', () => {
    expect(given([serving(0), serving(1, 50), aView(2)], 0, 5, { 'ci-1.1': 1 }).ids).toEqual([]);
  });

  it('is first what has no instance: what rests before what is asked for, the highest place of each first', () => {
    const supply = [without(0, 'requesting'), without(1, 'resting'), without(2, 'requesting'), serving(3, 1)];
    expect(given(supply, 3).ids).toEqual(['ci-1.1']);
    expect(given(supply, 2).ids).toEqual(['ci-1.1', 'ci-2.1']);
    expect(given(supply, 0).ids).toEqual(['ci-1.1', 'ci-2.1', 'ci-0.1', 'ci-3.1']);
  });

  it('is not due before it has been idle for long enough, and wakes the keeper then', () => {
    expect(given([serving(0, 98), serving(1, 97)], 0)).toEqual({ ids: [], wakeAt: minutes(102) });
    // Only as many as are too many are waited for: the longest idle.
    expect(given([serving(0, 98), serving(1, 96)], 1)).toEqual({ ids: [], wakeAt: minutes(101) });
    expect(given([serving(0, 95)], 0)).toEqual({ ids: ['ci-0.1'], wakeAt: NEVER });
    expect(given([serving(0, 95)], 0, Number.POSITIVE_INFINITY)).toEqual({ ids: [], wakeAt: NEVER });
  });

  it('is what comes to the end of a paid hour first, where hours are paid for whole', () => {
    const hourly = (supply: readonly BlockView[], wanted: number) => given(supply, wanted, 1, {}, minutes(3));
    /** Idle since minute 90, of a lease that began so many minutes ago. */
    const leased = (slot: number, agoMinutes: number, idleMinute = 90): BlockView => ({
      ...serving(slot, idleMinute),
      lease: { ...aLease(), startsAt: NOW - minutes(agoMinutes) },
    });
    expect(hourly([leased(0, 57), leased(1, 117), leased(2, 60), leased(3, 56)], 1)).toEqual({
      ...{ ids: ['ci-1.1', 'ci-0.1'], wakeAt: minutes(101) },
    });
    // The longest idle is not waited for.
    expect(hourly([leased(0, 20, 50), leased(1, 58, 98)], 1).ids).toEqual(['ci-1.1']);
    expect(hourly([leased(0, 58), leased(1, 58)], 1).ids).toEqual(['ci-1.1']);
    // Not idle for long enough when this hour ends: the end of the next one counts.
    expect(given([leased(0, 58, 99)], 0, 5, {}, minutes(3))).toEqual({ ids: [], wakeAt: minutes(100 + 59) });
  });
});
