import { describe, expect, it } from 'vitest';
import { catalogue } from '../../../policies/catalogue.ts';
import { fixedCounts } from '../../../sim/baselines/fixedCount.ts';
import { hours, minutes } from '../../../src/domain/time.ts';
import { poolsOf } from '../../../src/pool/assemble.ts';
import { aScenario, MONDAY } from '../../support/aScenario.ts';

/** Three jobs at once, every hour, for half an hour each: three blocks serve all of them, but for the boot at the beginning. */
const jobs = Array.from({ length: 47 }, (_, n) => n + 1).flatMap((hour) =>
  [0, 1, 2].map((n) => ({ job: `j${hour}-${n}`, queuedAt: MONDAY + hours(hour), durationMs: minutes(30) })),
);

describe('the best fixed count', () => {
  it('is the smallest at which 99 in a hundred jobs start at once', async () => {
    const scenario = aScenario({ jobs, until: MONDAY + hours(48) });
    const { enough } = await fixedCounts(scenario, (file) => poolsOf(file, catalogue));
    expect(enough.blocks).toBe(3);
    expect(enough.outcome.jobs.atOnce).toBe(jobs.length);
  });

  it('and beside it the one with the least money and service together', async () => {
    const together = async (usdPerHourWaited: number): Promise<number | undefined> => {
      const service = { usdPerKill: 2, usdPerHourWaited, usdPerJobMinute: 0 };
      const scenario = aScenario({ jobs, service, until: MONDAY + hours(48) });
      return (await fixedCounts(scenario, (file) => poolsOf(file, catalogue))).cheapest.blocks;
    };
    // Where waiting is free, idle blocks lose to the on-demand group; where it is dear, nothing may wait.
    expect(await together(1_000)).toBe(3);
    expect(await together(0)).toBeLessThan(3);
  });
});
