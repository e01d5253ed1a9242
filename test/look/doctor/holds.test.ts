import { describe, expect, it } from 'vitest';
import { type HoldCounts, NO_HOLDS } from '../../../src/live/observers/holdCounts.ts';
import { holdFindings } from '../../../src/look/doctor/holds.ts';
import { type Found, known, unknown } from '../../../src/look/found.ts';
import type { RunningKeeper } from '../../../src/look/runningKeeper.ts';
import { aPoolConfig } from '../../support/aScenario.ts';

const usual = aPoolConfig();
const pool = { ...usual, policies: { ...usual.policies, scaling: { policy: 'followJobs', options: {} } } };

const findingsOf = (running: Found<RunningKeeper> | undefined, pools = [pool]) =>
  holdFindings({ file: { fleet: 'test', pools }, running }).map(({ level, found }) => `${level}: ${found}`);

const keeper = (holds: HoldCounts | undefined, leads = true): Found<RunningKeeper> =>
  known({
    ...{ leads, refusals: [] },
    pools: new Map([['ci', { pausedUntil: undefined, cooling: new Map(), neverJoins: false, conditions: [], holds }]]),
  });

describe('doctor on holds', () => {
  it.each([
    [{ ...NO_HOLDS, held: 500, lost: 1 }, /^ok: 1 of 501 holds came too late/],
    [{ ...NO_HOLDS, held: 400, lost: 1 }, /^fail: 1 of 401 holds came too late \(0.25 %\), more than 0.2 %/],
    [{ ...NO_HOLDS, held: 0, lost: 3 }, /^fail: 3 of 3 holds came too late \(100 %\)/],
    // What waited for room first says nothing of races.
    [{ ...NO_HOLDS, late: 50, expired: 3 }, /^unknown: no job was to be held/],
    [undefined, /^unknown: the keeper that was asked does not say/],
  ])('judges %j', (counts, line) => {
    expect(findingsOf(keeper(counts))).toEqual([expect.stringMatching(line)]);
  });

  it('knows nothing without the keeper that leads', () => {
    expect(findingsOf(undefined)).toEqual([expect.stringMatching(/^unknown: /)]);
    expect(findingsOf(unknown('no answer'))).toEqual(['unknown: no answer']);
    expect(findingsOf(keeper({ ...NO_HOLDS, lost: 9 }, false))).toEqual([expect.stringMatching(/does not lead$/)]);
  });

  it('says nothing of a pool that holds no jobs', () => {
    expect(findingsOf(keeper(NO_HOLDS), [usual])).toEqual([]);
    expect(findingsOf(keeper(NO_HOLDS), [{ ...pool, holdsJobs: false }])).toEqual([]);
  });
});
