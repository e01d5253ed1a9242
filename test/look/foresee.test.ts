import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Sighting } from '../../src/domain/facts.ts';
import { hours, type Instant, minutes, NEVER } from '../../src/domain/time.ts';
import { blockIdOf, type Offer } from '../../src/domain/words.ts';
import type { Quote } from '../../src/live/aws/quote.ts';
import { foresee, type Outset } from '../../src/look/foresee.ts';
import { type Durations, noDurations, withDuration } from '../../src/pool/durations.ts';
import { keptOf } from '../../src/pool/keptObservations.ts';
import { noObservations } from '../../src/pool/observations.ts';
import type { Rest } from '../../src/pool/rests.ts';
import { aNodeUntold, CLOSED, running } from '../support/aNode.ts';
import { aPool } from '../support/aPool.ts';

const NOW: Instant = Date.UTC(2026, 2, 2, 9);
const offer: Offer = { instanceType: 'm5.large', zone: 'a', term: 'spot', durationMs: hours(4), usdPerHour: 0.1 };

/** A block as it may be found: of any age, joined or not, closed or not, busy, idle or nobody knows. */
const sighting = fc
  .record({
    slot: fc.nat(6),
    ageMs: fc.integer({ min: 0, max: hours(5) }),
    joined: fc.boolean(),
    cordoned: fc.boolean(),
    jobs: fc.option(fc.array(fc.constantFrom('j1', 'j2'), { maxLength: 2 }), { nil: undefined }),
  })
  .map(({ slot, ageMs, joined, cordoned, jobs }): Sighting => {
    const startsAt = NOW - ageMs;
    const jobless = aNodeUntold({ name: `node-${slot}`, ...(cordoned ? CLOSED : {}) });
    const node = jobs === undefined ? jobless : { ...jobless, ...running(NOW, ...jobs) };
    return {
      ...{ blockId: blockIdOf('ci', slot, 1), attempt: 1 },
      lease: { instanceId: `i-${slot}`, offer, startsAt, expiresAt: startsAt + hours(4), hardEndAt: NEVER },
      ...(joined ? { node } : {}),
    };
  });

const outset = fc
  .record({
    sightings: fc.option(fc.uniqueArray(sighting, { selector: ({ blockId }) => blockId }), { nil: undefined }),
    wanted: fc.nat(6),
    priced: fc.boolean(),
    // Facts of one instant are told a millisecond apart: a pause of less than that is over by the turn that buys.
    pausedMs: fc.option(fc.integer({ min: 1_000, max: minutes(10) }), { nil: undefined }),
  })
  .map(({ sightings, wanted, priced, pausedMs }): Outset => {
    const met = {
      pausedUntil: pausedMs === undefined ? undefined : NOW + pausedMs,
      cooling: new Map<string, Rest>(),
      neverJoins: pausedMs !== undefined,
      conditions: [],
    };
    return {
      ...{ at: NOW, pools: [aPool(wanted)], sightings, generations: {}, launches: [] },
      quotes: new Map<string, Quote>(priced ? [['ci', { kind: 'known', offers: [offer], unpriced: false }]] : []),
      met: new Map([['ci', met]]),
    };
  });

describe('what is foreseen', () => {
  it('goes forward in time, and buys no block twice', () => {
    fc.assert(
      fc.property(outset, (given) => {
        const { now, next } = foresee(given);
        const tokens: string[] = [];
        let moment = now;
        for (let wakeUps = 0; wakeUps < 8; wakeUps += 1) {
          for (const effect of moment.effects) if (effect.type === 'requestCapacity') tokens.push(effect.token);
          const later = next(moment);
          if (later === undefined) break;
          expect(later.at).toBeGreaterThan(moment.endedAt);
          moment = later;
        }
        expect(new Set(tokens).size).toBe(tokens.length);
      }),
    );
  });

  it('goes by what keepers have seen before, as the keeper that runs does', () => {
    const seen = Array.from({ length: 30 }).reduce<Durations>((all) => withDuration(all, hours(1), NOW), noDurations);
    const observations = { ci: keptOf({ ...noObservations, durations: seen }) };
    const given = { at: NOW, pools: [aPool(1)], sightings: [], generations: {}, launches: [], observations };
    const { now } = foresee({ ...given, quotes: new Map(), met: new Map() });
    expect(now.after.memories.get('ci')?.observations.durations).toEqual(seen);
  });

  it('is nothing where it is not known what exists, and no purchase without a price or in a pause', () => {
    fc.assert(
      fc.property(outset, (given) => {
        const { effects } = foresee(given).now;
        if (given.sightings === undefined) expect(effects).toEqual([]);
        if (given.quotes.size === 0 || given.met.get('ci')?.pausedUntil !== undefined)
          expect(effects.filter(({ type }) => type === 'requestCapacity')).toEqual([]);
      }),
    );
  });
});
