import { describe, expect, it } from 'vitest';
import type { Effect } from '../../../src/domain/effects.ts';
import { type Instant, minutes, seconds } from '../../../src/domain/time.ts';
import { ELECTION } from '../../../src/live/kubernetes/election/leadership.ts';
import { during, expectSound, type Life, lived } from '../../support/aFaultyDay.ts';

/** `npm run hiccups` takes every effect of the day; with every change the first of each kind must do. */
const EVERY = process.env['HICCUPS'] === 'every';

/**
 * Renewals of the Lease fail from so long before an effect until shortly after it: long enough for the leader to doubt, and not
 * so long that it loses the lease (six and ten seconds, with the usual times).
 */
const BEFORE_MS = seconds(7.5);
const AFTER_MS = seconds(1.5);

/** A quarter of an hour with two blocks is enough for one of everything; each second of it takes calls. */
const SHORT_DAY = { quarters: 2, jobs: [4, 12, 16, 23].map((at) => ({ at, minutes: 5 })) };
const OPTIONS = { over: SHORT_DAY, durations: ELECTION };

interface Moment {
  readonly type: Effect['type'];
  readonly at: Instant;
}

describe('LEASE: renewals fail for nine seconds, and leadership is never lost', async () => {
  const reference = await lived([], OPTIONS);
  const opensAt = opensAtIn(reference);

  it('a day without it asks for all that matters', () => {
    expect(new Set(momentsIn(reference).map(({ type }) => type))).toEqual(
      new Set(['quoteOffers', 'requestCapacity', 'labelNode', 'cordonNode', 'terminateInstance']),
    );
    expectSound(reference);
  });

  it.each(taken(momentsIn(reference)))('$type: what was not tried is asked for again', async ({ type, at }) => {
    const minuteOf = (instant: Instant): number => (instant - opensAt) / minutes(1);
    const life = await lived(
      during(minuteOf(at - BEFORE_MS), minuteOf(at + AFTER_MS), ({ world }) => [
        world.kubernetes.faults.add({
          verb: 'update',
          resource: 'leases',
          kind: 'error',
          code: 503,
          reason: 'ServiceUnavailable',
        }),
      ]),
      OPTIONS,
    );
    const untried = life.turns.filter(({ fact }) => fact.type === 'effect.untried').map(({ fact }) => fact);
    expect(untried).toContainEqual(expect.objectContaining({ effect: type, hindrance: 'no-leadership' }));
    expect(life.world.launched.size, 'instances, as on the day without it').toBe(reference.world.launched.size);
    expectSound(life);
  });
});

/** The instants at which the keeper asks for something of its own leadership. */
const momentsIn = ({ turns }: Life): readonly Moment[] =>
  turns.flatMap(({ fact: { at }, effects }) =>
    effects.flatMap(({ type }): readonly Moment[] => (type === 'announce' ? [] : [{ type, at }])),
  );

/** Quotes are asked for without leadership. */
function taken(moments: readonly Moment[]): readonly Moment[] {
  const mutations = moments.filter(({ type }) => type !== 'quoteOffers');
  return EVERY ? mutations : mutations.filter((one, n) => mutations.findIndex(({ type }) => type === one.type) === n);
}

/** The scenario of a faulty day begins two minutes before the opening. */
const opensAtIn = ({ world }: Life): Instant => world.truth().from + minutes(2);
