import { describe, expect, it } from 'vitest';
import type { WireWorld } from '../../../fakes/wireWorld.ts';
import { isoOf } from '../../../src/domain/time.ts';
import { during, expectNobodyMissed, lived } from '../../support/aFaultyDay.ts';
import type { Stage } from '../../support/lockstep.ts';

/** Jobs of a quarter of an hour, some of which run on while the keeper begins anew. */
const BUSY = { quarters: 6, jobs: [4, 12, 16, 18, 20].map((at) => ({ at, minutes: 14 })) };

const unready = ({ world }: Stage, status: 'True' | 'Unknown'): void => {
  for (const node of world.store.list('nodes'))
    world.store.put('nodes', {
      ...node,
      status: { conditions: [{ type: 'Ready', status, lastTransitionTime: isoOf(world.now()) }] },
    });
};

/** Lists fail, and the watch must list anew. */
const cannotList = ({ kubernetes: { faults } }: WireWorld, resource: 'nodes' | 'pods'): (() => void)[] => [
  faults.add({ verb: 'watch', resource, kind: 'gone' }),
  faults.add({ verb: 'list', resource, kind: 'error', code: 500, reason: 'InternalError' }),
];

/** A day on which the leader steps down at 23.5, this happens at 27 while nobody leads, and a new life begins at 28.2. */
const aNewLife = (happens: (stage: Stage) => void, ends: (stage: Stage) => void = () => undefined) =>
  lived(
    [
      [
        23.5,
        async ({ world, keeping, elect }) => {
          world.kubernetes.faults.add({ verb: '*', resource: '*', kind: 'reset' });
          await elect(() => keeping.leader() === false && !keeping.isKeeping());
          world.kubernetes.faults.clear();
          world.kubernetes.faults.add({ verb: '*', resource: 'leases', kind: 'reset' });
        },
      ],
      [27, happens],
      [
        28.2,
        async (stage) => {
          stage.world.kubernetes.faults.clear();
          await stage.elect(() => stage.keeping.isKeeping());
        },
      ],
      [28.8, ends],
      [60, () => undefined],
    ],
    { over: BUSY },
  );

describe('a node that the keeper does not see, or not ready, when its life begins', () => {
  it('may be busy: those that were deleted meanwhile are not ended while jobs are bound to nodes that are not there', async () => {
    const life = await aNewLife(({ world }) => {
      for (const { metadata } of world.store.list('nodes')) world.store.remove('nodes', metadata.name);
    });
    expect(life.world.truth().kills).toEqual([]);
    expectNobodyMissed(life);
  });

  it('has served if it bears our label: for two minutes it counts, and its jobs finish', async () => {
    const life = await aNewLife(
      (stage) => {
        unready(stage, 'Unknown');
      },
      (stage) => {
        unready(stage, 'True');
      },
    );
    expect(life.world.truth().kills).toEqual([]);
    expect(
      life.turns
        .flatMap(({ effects }) => effects)
        .some((one) => one.type === 'announce' && one.reason === 'NeverJoins'),
    ).toBe(false);
    expectNobodyMissed(life);
  });
});

describe('a node that joins while nodes cannot be listed', () => {
  it('is not taken for one that never joined: its jobs finish', async () => {
    const life = await lived(
      during(0.3, 20, ({ world }) => cannotList(world, 'nodes')),
      { over: { jobs: [3, 8, 10].map((at) => ({ at, minutes: 14 })) } },
    );
    expect(life.world.truth().kills).toEqual([]);
    expectNobodyMissed(life);
  });
});
