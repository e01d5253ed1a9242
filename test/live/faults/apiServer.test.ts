import { describe, expect, it } from 'vitest';
import type { RequestTrouble } from '../../../fakes/kubernetes/faults.ts';
import { hours } from '../../../src/domain/time.ts';
import { callsBetween, during, expectNobodyMissed, expectSound, lived } from '../../support/aFaultyDay.ts';

/** Until 9:30; the trouble lasts from 8:15 to 9:15, and blocks would be renewed three times meanwhile. */
const LONG_DAY = { quarters: 6, jobs: [4, 12, 16, 40, 55, 66, 80].map((at) => ({ at, minutes: 6 })) };

/** A leader that keeps its lease for all of the hour, although it cannot renew it, must keep its hands still too. */
const PATIENT_ELECTION = { leaseMs: hours(3), renewMs: hours(2) };

const TROUBLES: readonly (readonly [string, RequestTrouble])[] = [
  ['500', { kind: 'error', code: 500, reason: 'InternalError' }],
  ['503', { kind: 'error', code: 503, reason: 'ServiceUnavailable' }],
  ['429', { kind: 'error', code: 429, reason: 'TooManyRequests', retryAfterSeconds: 1 }],
  ['nothing at all', { kind: 'reset' }],
];

describe('K8S: the API server answers nothing but errors for an hour', () => {
  it.each(TROUBLES)('F77 F80 %s: nothing is bought or ended, and afterwards all is well', async (_, trouble) => {
    const life = await lived(
      [
        ...during(15, 75, ({ world }) => [world.kubernetes.faults.add({ verb: '*', resource: '*', ...trouble })]),
        [88, () => undefined],
      ],
      { over: LONG_DAY, durations: PATIENT_ELECTION },
    );
    const [before, after] = [life.seenAt(15), life.seenAt(75)];
    expect(after.alive).toEqual(before.alive);
    expect(callsBetween(before, after, 'RunInstances')).toBe(0);
    expect(callsBetween(before, after, 'TerminateInstances')).toBe(0);
    expect(after.open, 'cordons that were never acknowledged').toEqual(before.open);
    expect(life.seenAt(88).open, 'successors of both').toHaveLength(2);
    expect(life.seenAt(88).open).not.toEqual(before.open);
    expectSound(life);
    expectNobodyMissed(life);
  });

  it('F77 F78 a keeper that cannot renew its lease steps down, with EC2 well or not, and goes on afterwards', async () => {
    const life = await lived(
      [
        [
          15,
          async ({ world, keeping, elect }) => {
            world.kubernetes.faults.add({ verb: '*', resource: '*', kind: 'reset' });
            await elect(() => keeping.leader() === false && !keeping.isKeeping());
          },
        ],
        [16, () => undefined],
        [45, ({ world }) => world.aws.faults.add({ action: '*', kind: 'reset' })],
        [
          75,
          async ({ world, keeping, elect }) => {
            world.aws.faults.clear();
            world.kubernetes.faults.clear();
            await elect(() => keeping.isKeeping());
          },
        ],
        [88, () => undefined],
      ],
      { over: LONG_DAY },
    );
    const [before, after] = [life.seenAt(15), life.seenAt(75)];
    expect(after.turns, 'a keeper without a lease takes no turns').toBe(life.seenAt(16).turns);
    expect(after.alive).toEqual(before.alive);
    expect(callsBetween(before, after, 'RunInstances')).toBe(0);
    expect(callsBetween(before, after, 'TerminateInstances')).toBe(0);
    expect(life.seenAt(88).open, 'successors of both').toHaveLength(2);
    expectSound(life);
  });
});
