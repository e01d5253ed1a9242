import { describe, expect, it } from 'vitest';
import { catalogue } from '../../../policies/catalogue.ts';
import { valueAt } from '../../../sim/result/coverage.ts';
import { Wants } from '../../../sim/result/wants.ts';
import { simulate } from '../../../sim/simulate.ts';
import { after, hours, minutes } from '../../../src/domain/time.ts';
import { poolsOf } from '../../../src/pool/assemble.ts';
import { aPoolConfig, aScenario, MONDAY } from '../../support/aScenario.ts';

/** A quiet day under a pool that may have two blocks: a job of ten minutes every half hour. */
const aDayWith = (scaling: { policy: string; options: Record<string, unknown> }, over = {}) => {
  const config = aPoolConfig();
  const pools = { fleet: 'test', pools: [{ ...config, policies: { ...config.policies, scaling } }] };
  const scenario = aScenario({ pools, ...over });
  return simulate(scenario, poolsOf(pools, catalogue), 'a day');
};

describe('what blocks are measured against', () => {
  it('is what the hours allow, where the jobs are not looked at', async () => {
    const { timeline } = await aDayWith({ policy: 'scheduled', options: {} });
    expect(timeline.wanted).toEqual([{ at: MONDAY, value: 2 }]);
    expect(timeline.allowed).toEqual(timeline.wanted);
  });

  it('is what the jobs ask for, where the pool follows them', async () => {
    const options = { headroom: 0, giveBackIdleAfter: '5m' };
    const { timeline, uncoveredBlockHours, jobs } = await aDayWith({ policy: 'followJobs', options });
    // While a job waits or runs; in between nothing is.
    for (const [minute, blocks] of [
      [31, 1],
      [35, 1],
      [55, 0],
      [61, 1],
      [85, 0],
    ] as const)
      expect(valueAt(timeline.wanted, after(MONDAY, minutes(minute))), `at minute ${minute}`).toBe(blocks);
    expect(timeline.allowed).toEqual([{ at: MONDAY, value: 2 }]);
    // A block boots in a minute or two for each of the 48 jobs; measured against the allowance it would be most of 48 h.
    expect(uncoveredBlockHours).toBeGreaterThan(0.3);
    expect(uncoveredBlockHours).toBeLessThan(3);
    expect(jobs.onBlocks).toBe(48);
  });

  it('is not forgotten when the keeper begins anew', async () => {
    const scaling = { policy: 'followJobs', options: { atLeast: 1, headroom: 0 } };
    const restarts = [after(MONDAY, hours(5)), after(MONDAY, hours(6) + minutes(5))];
    const { timeline } = await aDayWith(scaling, { disturbances: { restarts, repeats: 0, delays: 0 } });
    expect(timeline.wanted.filter(({ at }) => at > after(MONDAY, minutes(1)))).toEqual([]);
    expect(timeline.wanted.at(-1)?.value).toBe(1);
  });
});

it('Nothing is wanted of a pool that nobody has heard of, and nothing is known of one without an inventory', () => {
  const wants = new Wants();
  wants.note(5, new Map([['ci', { inventoried: false, wanted: 3 }]]));
  expect(wants.of('ci')).toBeUndefined();
  wants.note(6, new Map([['ci', { inventoried: true, wanted: 3 }]]));
  wants.note(7, new Map([['ci', { inventoried: true, wanted: 3 }]]));
  expect(wants.of('ci')).toEqual([{ at: 6, value: 3 }]);
  expect(wants.of('other')).toBeUndefined();
});
