import { expect, it } from 'vitest';
import { objectAt, textAt } from '../../../fakes/kubernetes/json.ts';
import { lived, type Timetable } from '../../support/aFaultyDay.ts';

/** What an agent of the users' own keeps on a node until it is up; here it never is. */
const TAINT = { key: 'nidhogg.example.com/ci.agent', effect: 'NoSchedule', value: 'true' };

it('a node with a start-up taint that nobody has listed is no supply, and people are told of it after the boot deadline', async () => {
  let first: readonly string[] = [];
  const taint: Timetable = Array.from({ length: 60 }, (_, at) => [
    20 + at / 4,
    ({ world }) => {
      for (const node of world.store.list('nodes')) {
        const spec = objectAt(node, 'spec');
        if (first.includes(node.metadata.name) || JSON.stringify(spec).includes(TAINT.key)) continue;
        world.store.put('nodes', { ...node, spec: { ...spec, taints: [TAINT] } });
      }
    },
  ]);
  await lived(
    [
      [
        19,
        ({ world }) => {
          first = world.store.list('nodes').map(({ metadata }) => metadata.name);
        },
      ],
      ...taint,
      [
        27,
        ({ keeping }) => {
          const blocks = [...keeping.keeper().blocks.values()];
          expect(
            blocks.filter(({ state }) => state === 'joining').length,
            'successors that serve nobody',
          ).toBeGreaterThan(0);
        },
      ],
      [
        42,
        ({ world }) => {
          const told = world.store.list('events').filter((event) => textAt(event, 'reason') === 'StrangeTaint');
          expect(told).toHaveLength(1);
          expect(JSON.stringify(told)).toContain(TAINT.key);
        },
      ],
    ],
    { over: { jobs: [] } },
  );
});
