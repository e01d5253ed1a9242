import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NEVER } from '../../../../src/domain/time.ts';
import type { Term } from '../../../../src/domain/words.ts';
import { goneCauseOf } from '../../../../src/live/aws/inventory/goneCause.ts';
import type { Inventory } from '../../../../src/live/aws/inventory/inventory.ts';
import { newLattice, type Settled } from '../../../../src/live/aws/inventory/lattice.ts';
import { INSTANCE_STATES, type OwnInstance } from '../../../../src/live/aws/inventory/ownInstance.ts';
import { hours, minutes } from '../../../support/lengths.ts';

const BORN = 1_000_000;
const OLD = BORN + minutes(5);

describe('an instance that ended', () => {
  it.each(['shutting-down', 'terminated'] as const)('is told once when it is %s, and never comes back', (state) => {
    const lattice = newLattice();
    lattice.settle(list(OLD, [one('i-1')]));
    const ended = lattice.settle(
      list(OLD + 30_000, [one('i-1', { state, stateReason: 'Client.UserInitiatedShutdown' })]),
    );
    expect(ended).toMatchObject({ alive: [], gone: [{ instance: { instanceId: 'i-1' }, cause: 'terminated' }] });
    // A copy that lags shows it running once more.
    expect(lattice.settle(list(OLD + 60_000, [one('i-1')]))).toEqual({ alive: [], gone: [] });
  });

  it('before anybody saw it is told too: its launch may be waited for', () => {
    const dead = one('i-1', { state: 'terminated', stateReason: 'Client.InternalError' });
    expect(newLattice().settle(list(OLD, [dead])).gone).toMatchObject([{ cause: 'unknown' }]);
  });

  it('by our own termination is gone at the next look, whatever that shows', () => {
    for (const shown of [list(OLD + 30_000, [one('i-1')]), { kind: 'unknown', why: 'reset' } as const]) {
      const lattice = newLattice();
      lattice.settle(list(OLD, [one('i-1')]));
      lattice.noteEnding('i-1');
      expect(lattice.settle(shown)).toMatchObject({ alive: [], gone: [{ cause: 'terminated' }] });
      lattice.noteEnding('i-1');
      expect(lattice.settle(list(OLD + 60_000, [one('i-1')]))).toEqual({ alive: [], gone: [] });
    }
  });

  it('by our own termination before any list showed it is told by the first that does', () => {
    const lattice = newLattice();
    lattice.noteEnding('i-1');
    expect(lattice.settle(list(OLD, []))).toEqual({ alive: [], gone: [] });
    expect(lattice.settle(list(OLD + 30_000, [one('i-1')])).gone).toMatchObject([{ cause: 'terminated' }]);
  });
});

describe('an instance that is missing', () => {
  const other = one('i-2');

  it('is doubtful when the next list would lose it, and lives on where it was found otherwise', () => {
    const lattice = newLattice();
    lattice.settle(list(OLD, [one('i-1'), other]));
    expect(lattice.doubtful(list(OLD + 30_000, [other]))).toEqual([]);
    lattice.settle(list(OLD + 30_000, [other]));
    expect(lattice.doubtful(list(OLD + 60_000, [other]))).toEqual(['i-1']);
    expect(lattice.doubtful({ kind: 'unknown', why: 'reset' })).toEqual([]);
    expect(idsOf(lattice.settle(list(OLD + 60_000, [other], ['i-1'])))).toEqual(['i-1', 'i-2']);
  });

  it('is alive until two lists at least ten seconds apart agree', () => {
    const lattice = newLattice();
    lattice.settle(list(OLD, [one('i-1'), other]));
    expect(idsOf(lattice.settle(list(OLD + 30_000, [other])))).toEqual(['i-1', 'i-2']);
    expect(idsOf(lattice.settle(list(OLD + 39_999, [other])))).toEqual(['i-1', 'i-2']);
    expect(lattice.settle(list(OLD + 40_000, [other]))).toMatchObject({
      alive: [{ instanceId: 'i-2' }],
      gone: [{ instance: { instanceId: 'i-1' }, cause: 'unknown' }],
    });
  });

  it('and shown again in between has to be missed twice anew', () => {
    const lattice = newLattice();
    const lists = [[one('i-1'), other], [other], [one('i-1'), other], [other]];
    for (const [count, shown] of lists.entries())
      expect(idsOf(lattice.settle(list(OLD + count * 30_000, shown)))).toContain('i-1');
  });

  it('and young is not visible yet', () => {
    const lattice = newLattice();
    lattice.settle(list(BORN, [one('i-1'), other]));
    for (const atMs of [15_000, 30_000, 45_000, 60_000])
      expect(idsOf(lattice.settle(list(BORN + atMs, [other])))).toContain('i-1');
    expect(lattice.settle(list(BORN + 60_001, [other])).gone).toHaveLength(1);
  });

  it('from a list that is unknown, or older than the last, is not missing', () => {
    const lattice = newLattice();
    lattice.settle(list(OLD, [one('i-1'), other]));
    lattice.settle(list(OLD + 30_000, [other]));
    expect(idsOf(lattice.settle({ kind: 'unknown', why: 'reset' }))).toContain('i-1');
    expect(idsOf(lattice.settle(list(OLD + 20_000, [other])))).toContain('i-1');
    expect(idsOf(lattice.settle(list(OLD + 30_000, [other])))).toContain('i-1');
  });

  it('and unread is there', () => {
    const lattice = newLattice();
    lattice.settle(list(OLD, [one('i-1'), other]));
    for (const count of [1, 2, 3, 4])
      expect(idsOf(lattice.settle(list(OLD + count * 30_000, [other], ['i-1'])))).toContain('i-1');
  });

  it('with all others is believed only when the empty list is confirmed twice', () => {
    const lattice = newLattice();
    lattice.settle(list(OLD, [one('i-1'), other]));
    expect(lattice.settle(list(OLD + 30_000, [])).gone).toEqual([]);
    expect(lattice.settle(list(OLD + 60_000, [])).gone).toEqual([]);
    expect(lattice.settle(list(OLD + 90_000, [])).gone).toHaveLength(2);
  });

  it('at the end of a spot block ran out', () => {
    const lattice = newLattice();
    lattice.settle(list(OLD, [one('i-1', { term: 'spot-block' }), other]));
    lattice.settle(list(BORN + hours(1), [other]));
    expect(lattice.settle(list(BORN + hours(4), [other])).gone).toMatchObject([{ cause: 'schedule' }]);
  });
});

describe('an instance that is shown again', () => {
  it('does not go back from running to pending, and its lease only starts earlier', () => {
    const lattice = newLattice();
    lattice.settle(list(OLD, [one('i-1')]));
    const later = one('i-1', { state: 'pending', startsAt: BORN + minutes(2) });
    expect(lattice.settle(list(OLD + 30_000, [later])).alive).toMatchObject([
      { state: 'running', lease: { startsAt: BORN, expiresAt: BORN + hours(4) } },
    ]);
    const earlier = one('i-1', { startsAt: BORN - minutes(2) });
    expect(lattice.settle(list(OLD + 60_000, [earlier])).alive).toMatchObject([
      { lease: { startsAt: BORN - minutes(2), expiresAt: BORN - minutes(2) + hours(4) } },
    ]);
  });

  it('keeps the birth that was read first, whatever became of its tags', () => {
    const lattice = newLattice();
    lattice.settle(list(OLD, [one('i-1')]));
    const { alive } = lattice.settle(list(OLD + 30_000, [{ ...one('i-1'), blockId: 'gpu-7.9', attempt: 4 }]));
    expect(alive).toMatchObject([{ blockId: 'ci-0.1', attempt: 1 }]);
  });

  it('may be from the future: clocks differ', () => {
    expect(newLattice().settle(list(BORN - 500, [one('i-1')])).alive).toHaveLength(1);
  });
});

describe('whatever lists come in whatever order', () => {
  const sight = fc.record({ id: fc.constantFrom('i-1', 'i-2', 'i-3'), state: fc.constantFrom(...INSTANCE_STATES) });
  const look = fc.oneof(
    { weight: 1, arbitrary: fc.constant('unknown' as const) },
    { weight: 1, arbitrary: fc.constantFrom('i-1', 'i-2', 'i-3').map((id) => ({ ending: id })) },
    {
      weight: 6,
      arbitrary: fc.record({
        gapMs: fc.integer({ min: -20_000, max: 60_000 }),
        sights: fc.uniqueArray(sight, { selector: ({ id }) => id, maxLength: 3 }),
        unread: fc.subarray(['i-1', 'i-2', 'i-3']),
      }),
    },
  );

  it('an instance is told gone at most once, is never alive after it, and never alive unseen', () => {
    fc.assert(
      fc.property(fc.array(look, { maxLength: 30 }), (looks) => {
        const lattice = newLattice();
        const seen = new Set<string>();
        const gone = new Set<string>();
        let takenAt = BORN;
        for (const one of looks) {
          if (one !== 'unknown' && 'ending' in one) lattice.noteEnding(one.ending);
          const settled = lattice.settle(inventoryOf(one));
          for (const { instance } of settled.gone) {
            expect(gone).not.toContain(instance.instanceId);
            gone.add(instance.instanceId);
          }
          for (const { instanceId, state } of settled.alive) {
            expect(gone).not.toContain(instanceId);
            expect(seen).toContain(instanceId);
            expect(['shutting-down', 'terminated']).not.toContain(state);
          }
          // Nobody drops out without a word.
          const told = new Set([...gone, ...settled.alive.map(({ instanceId }) => instanceId)]);
          expect([...seen].filter((id) => !told.has(id))).toEqual([]);
        }

        function inventoryOf(one: (typeof looks)[number]): Inventory {
          if (one === 'unknown' || 'ending' in one) return { kind: 'unknown', why: 'nobody looked' };
          takenAt += one.gapMs;
          for (const { id } of one.sights) seen.add(id);
          const shown = one.sights.map(({ id, state }) => aSight(id, { state }));
          return list(
            takenAt,
            shown,
            one.unread.filter((id) => !one.sights.some((sight) => sight.id === id)),
          );
        }
      }),
      { numRuns: 500 },
    );
  });

  it('an instance that every second list shows is never gone', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 600_000 })), (gaps) => {
        const lattice = newLattice();
        let takenAt = OLD;
        lattice.settle(list(takenAt, [one('i-1')]));
        for (const [count, gap] of gaps.entries()) {
          takenAt += gap;
          const { gone } = lattice.settle(list(takenAt, count % 2 === 0 ? [one('i-9')] : [one('i-1'), one('i-9')]));
          expect(gone).toEqual([]);
        }
      }),
    );
  });
});

describe('the cause of an end', () => {
  it.each([
    ['Server.SpotInstanceTermination', 'interrupted'],
    ['instance-terminated-no-capacity', 'interrupted'],
    ['instance-terminated-by-price', 'interrupted'],
    ['instance-terminated-by-schedule', 'schedule'],
    ['Client.UserInitiatedShutdown', 'terminated'],
    ['Client.InstanceInitiatedShutdown', 'terminated'],
    ['instance-terminated-by-user', 'terminated'],
    ['Client.InternalError', 'unknown'],
    ['Server.InsufficientInstanceCapacity', 'unknown'],
    ['constructor', 'unknown'],
    [undefined, 'unknown'],
  ])('that EC2 calls %s is %s', (stateReason, cause) => {
    expect(goneCauseOf(one('i-1', { stateReason }), OLD)).toBe(cause);
  });

  it('of a spot block is its schedule once it is due, but for a termination of ours', () => {
    const block = (stateReason: string | undefined) => one('i-1', { term: 'spot-block', stateReason });
    const due = BORN + hours(4) - minutes(2);
    expect(goneCauseOf(block('Server.SpotInstanceTermination'), due - 1)).toBe('interrupted');
    expect(goneCauseOf(block('Server.SpotInstanceTermination'), due)).toBe('schedule');
    expect(goneCauseOf(block('Client.UserInitiatedShutdown'), due)).toBe('terminated');
  });
});

interface Shown {
  readonly state?: OwnInstance['state'];
  readonly stateReason?: string | undefined;
  readonly startsAt?: number;
  readonly term?: Term;
}

function aSight(
  instanceId: string,
  { state = 'running', stateReason, startsAt = BORN, term = 'spot' }: Shown = {},
): OwnInstance {
  const durationMs = hours(4);
  const offer = { instanceType: 'm5.large', zone: 'us-east-1a', term, durationMs, usdPerHour: 0.03 };
  const expiresAt = startsAt + durationMs;
  const hardEndAt = term === 'spot-block' ? expiresAt : NEVER;
  return {
    instanceId,
    blockId: `ci-${Number(instanceId.slice(2)) - 1}.1`,
    attempt: 1,
    state,
    templateHash: 'abc',
    zone: 'us-east-1a',
    lease: { instanceId, offer, startsAt, expiresAt, hardEndAt },
    ...(stateReason === undefined ? {} : { stateReason }),
  };
}

function one(instanceId: string, shown?: Shown): OwnInstance {
  return aSight(instanceId, shown);
}

function list(takenAt: number, instances: readonly OwnInstance[], unread: readonly string[] = []): Inventory {
  return { kind: 'known', takenAt, instances, unread, ignored: unread.length, hasEarlier: false };
}

const idsOf = ({ alive }: Settled): readonly string[] => alive.map(({ instanceId }) => instanceId).sort();
