import { describe, expect, it } from 'vitest';
import { catalogue } from '../../../policies/catalogue.ts';
import { fixedCounts, fixedFile } from '../../../sim/baselines/fixedCount.ts';
import { simulate } from '../../../sim/simulate.ts';
import { hours, minutes } from '../../../src/domain/time.ts';
import { poolsOf } from '../../../src/pool/assemble.ts';
import { aScenario, MONDAY } from '../../support/aScenario.ts';

/** Three jobs at once, for half an hour each, every so many hours. */
const jobsEvery = (everyHours: number) =>
  Array.from({ length: 47 }, (_, n) => n + 1)
    .filter((hour) => hour % everyHours === 0)
    .flatMap((hour) =>
      [0, 1, 2].map((n) => ({ job: `j${hour}-${n}`, queuedAt: MONDAY + hours(hour), durationMs: minutes(30) })),
    );

describe('the best fixed count', () => {
  it('is the smallest at which 99 in a hundred jobs start at once', async () => {
    const scenario = aScenario({ jobs: jobsEvery(1), until: MONDAY + hours(48) });
    const known = (file: typeof scenario.pools) => poolsOf(file, catalogue);
    const { enough } = await fixedCounts(scenario, known);
    const shareAtOnce = async (blocks: number): Promise<number> => {
      const file = fixedFile(scenario.pools, blocks);
      const { jobs } = await simulate({ ...scenario, pools: file }, known(file), '');
      return jobs.atOnce / jobs.total;
    };
    expect(await shareAtOnce(enough.blocks ?? 0)).toBeGreaterThanOrEqual(0.99);
    expect(await shareAtOnce((enough.blocks ?? 0) - 1)).toBeLessThan(0.99);
  });

  it('and beside it the one with the least money and service together', async () => {
    const together = async (usdPerHourWaited: number): Promise<number | undefined> => {
      const service = { usdPerKill: 2, usdPerHourWaited, usdPerJobMinute: 0 };
      const scenario = aScenario({ jobs: jobsEvery(8), service, until: MONDAY + hours(48) });
      return (await fixedCounts(scenario, (file) => poolsOf(file, catalogue))).cheapest.blocks;
    };
    // Where waiting is free, blocks that stand idle for most of the day lose to the group; where it is dear, nothing may wait.
    expect(await together(1_000)).toBeGreaterThanOrEqual(3);
    expect(await together(0)).toBe(0);
  });
});
