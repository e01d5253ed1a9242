import { describe, expect, it } from 'vitest';
import { hours, type Instant, minutes } from '../../../src/domain/time.ts';
import type { Keeper } from '../../../src/keeper/keeper.ts';
import { MOST_OBSERVED_BYTES, observedIn, observedText, openObserving } from '../../../src/live/control/observing.ts';
import type { Ledger } from '../../../src/live/kubernetes/ledger/ledger.ts';
import type { Telemetry } from '../../../src/live/ports/telemetry.ts';
import { keptOf } from '../../../src/pool/keptObservations.ts';
import { noObservations } from '../../../src/pool/observations.ts';
import { aKeeper } from '../../support/aKeeper.ts';
import { aPool } from '../../support/aPool.ts';
import { virtualClock } from '../../support/virtualClock.ts';

const NOW = Date.UTC(2026, 2, 2, 8);
const NOTHING = JSON.stringify({ ci: keptOf(noObservations) });

/** A ledger that only takes what it is handed, a clock that is set by hand, and what people are told. */
function theParts(found?: string) {
  const handed: string[] = [];
  const notes: object[] = [];
  let now: Instant = NOW;
  const ledger: Ledger = {
    state: { generations: {}, launches: {}, terminations: {}, launchedAt: [] },
    intend: () => Promise.resolve('written'),
    settle: () => undefined,
    observations: found,
    observe: (text) => handed.push(text),
    flush: () => Promise.resolve('written'),
  };
  const telemetry: Telemetry = {
    called: () => undefined,
    noted: (_, event, fields) => {
      notes.push({ event, ...fields });
    },
  };
  let keeper: Keeper | undefined;
  const observing = openObserving({ ledger, clock: virtualClock(() => now), telemetry, keeper: () => keeper });
  return {
    ...{ handed, notes, telemetry, observing },
    at: (instant: Instant) => {
      now = instant;
    },
    is: (present: Keeper) => {
      keeper = present;
    },
  };
}

const begun = () => aKeeper(aPool(1)).begins(NOW).keeper;

describe('what pools have seen', () => {
  it('is handed to the ledger once in ten minutes, and at the end', () => {
    const { observing, handed, at, is } = theParts();
    is(begun());
    observing.writeDown();
    expect(handed).toEqual([]);
    for (let minute = 1; minute <= 25; minute += 1) {
      at(NOW + minutes(minute));
      observing.writeDown();
    }
    expect(handed).toEqual([NOTHING, NOTHING]);
    observing.writeDown({ isLast: true });
    expect(handed).toHaveLength(3);
  });

  it('is not handed over by a keeper that was not told yet what the ledger says', () => {
    const { observing, handed, at, is } = theParts('{"ci":{"version":1}}');
    at(NOW + hours(1));
    observing.writeDown({ isLast: true });
    is(aKeeper(aPool(1)).keeper);
    observing.writeDown({ isLast: true });
    expect(handed).toEqual([]);
  });

  it('is told as it stands in the ledger, where there is any', () => {
    expect(theParts().observing.told()).toBeUndefined();
    const { observing, notes } = theParts(NOTHING);
    expect(observing.told()).toEqual({ ci: keptOf(noObservations) });
    expect(notes).toEqual([]);
  });

  it.each([
    ['{"ci":', { why: 'it is no JSON object' }],
    ['[]', { why: 'it is no JSON object' }],
    ['{"ci":{"version":9}}', { pool: 'ci', why: 'it is of version 9, and 1 is known here' }],
  ])('is nothing known where it cannot be read, and people are told why: %s', (text, why) => {
    const { notes, telemetry } = theParts();
    observedIn(text, NOW, telemetry);
    expect(notes).toEqual([{ event: 'what pools have seen cannot be read', ...why }]);
  });

  it('leaves out the pools for which there is no room', () => {
    const large = { filler: 'x'.repeat(MOST_OBSERVED_BYTES / 2) };
    const { text, left } = observedText({ a: large, b: large, c: {} });
    expect(Object.keys(JSON.parse(text) as object)).toEqual(['a', 'c']);
    expect(left).toEqual(['b']);
    expect(text.length).toBeLessThan(MOST_OBSERVED_BYTES);
  });
});
