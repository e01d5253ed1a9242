import { describe, expect, it } from 'vitest';
import type { EventTrouble, FaultPlace, RequestTrouble } from '../../../fakes/kubernetes/faults.ts';
import {
  callsBetween,
  during,
  expectNobodyMissed,
  expectSound,
  lived,
  type Timetable,
} from '../../support/aFaultyDay.ts';

const CALM = 6;

const troubled = (from: number, until: number, place: FaultPlace, trouble: RequestTrouble | EventTrouble): Timetable =>
  during(from, until, ({ world }) => [world.kubernetes.faults.add({ ...place, ...trouble })]);

const WATCHES: FaultPlace = { verb: 'watch', resource: '*' };

describe('W: watches that are not to be trusted', () => {
  it.each([
    [
      'F83 F84 F85 events that are lost, told twice, or told in the wrong order',
      [
        ...troubled(-1, 9, WATCHES, { kind: 'dropEvent' }),
        ...troubled(9, 18, WATCHES, { kind: 'duplicateEvent' }),
        ...troubled(18, 30, WATCHES, { kind: 'reorder' }),
        ...troubled(30, 40, WATCHES, { kind: 'dropEvent' }),
      ],
    ],
    [
      'F87 F89 watches that fall silent, and lines that are no events',
      [
        ...troubled(-1, 14, WATCHES, { kind: 'silence' }),
        ...troubled(14, 22, WATCHES, { kind: 'malformedEvent' }),
        ...troubled(22, 30, WATCHES, { kind: 'malformedEvent', line: '{"type":"MODIFIED","object"' }),
      ],
    ],
    [
      'F82 F86 F88 watches that end at once or begin too late, and lists from before',
      [
        ...troubled(-1, 12, WATCHES, { kind: 'closeAtOnce' }),
        ...troubled(12, 20, WATCHES, { kind: 'gone' }),
        ...troubled(20, 26, WATCHES, { kind: 'gone', as: 'http' }),
        ...troubled(26, 36, { verb: 'list', resource: '*' }, { kind: 'staleList', behind: 8 }),
      ],
    ],
  ] as const)('%s: every block is bought, served and ended as on a calm day', async (_, timetable) => {
    const life = await lived(timetable);
    expect(life.seenAtLast.launched).toBe(CALM);
    expect(life.seenAtLast.calls.get('watch pods'), 'a server that ends its watches is not stormed').toBeLessThan(
      70 * 60,
    );
    expectNobodyMissed(life);
    expectSound(life);
  });
});

describe('K8S: nodes that cannot be written to', () => {
  it('F79 F81 refusals and conflicts at the time of a drain: nobody is ended who may still get jobs', async () => {
    const patches: FaultPlace = { verb: 'patch', resource: 'nodes' };
    const webhook = 'failed calling webhook "nodes.example.com"';
    const life = await lived([
      [20, () => undefined],
      ...troubled(24, 30, patches, { kind: 'error', code: 500, reason: 'InternalError', message: webhook }),
      ...troubled(30, 34, patches, { kind: 'error', code: 403, reason: 'Forbidden' }),
      ...troubled(34, 45, { ...patches, times: 3 }, { kind: 'error', code: 409, reason: 'Conflict' }),
    ]);
    const [before, after] = [life.seenAt(24), life.seenAt(34)];
    expect(callsBetween(before, after, 'patch nodes'), 'it tries').toBeGreaterThan(2);
    expect(callsBetween(before, after, 'TerminateInstances')).toBe(0);
    expect(after.alive).toEqual(before.alive);
    const leftOver = life.seenAt(45).alive.filter((instanceId) => life.seenAt(20).alive.includes(instanceId));
    expect(leftOver, 'they drain as soon as they can').toEqual([]);
    expect(life.seenAtLast.launched).toBe(CALM);
    expectNobodyMissed(life);
    expectSound(life);
  });
});
