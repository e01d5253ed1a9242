import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { catalogue } from '../../../policies/catalogue.ts';
import { withinBudget } from '../../../policies/scaling/withinBudget.ts';
import { simulate } from '../../../sim/simulate.ts';
import { hours, minutes, NEVER } from '../../../src/domain/time.ts';
import { breachOf } from '../../../src/policy/laws/index.ts';
import { scalingLaws } from '../../../src/policy/laws/scalingLaws.ts';
import type { ScalingQuestion } from '../../../src/policy/scaling.ts';
import { poolsOf } from '../../../src/pool/assemble.ts';
import { aScalingQuestion } from '../../laws/questions.ts';
import { writtenOptions } from '../../laws/writtenOptions.ts';
import { aPoolConfig, aScenario, jobsEvery, MONDAY } from '../../support/aScenario.ts';
import { aShelf } from '../../support/aShelf.ts';

const made = (options: object) => withinBudget.create(withinBudget.options.parse(options), aShelf);

/** Three jobs on three blocks, one block idle, four jobs wait; so much was spent. */
const aQuestion = (todayUsd: number, monthUsd = todayUsd): ScalingQuestion => {
  const allowance = { blocks: 9, until: NEVER };
  return {
    now: MONDAY,
    ...{ allowance, next: allowance },
    jobs: { waiting: 4, waitingSince: MONDAY, running: 3, overflow: 0, elsewhere: 0 },
    blocks: { arriving: 1, busy: 3, idle: 1, draining: 0 },
    ...{
      jobsPerBlock: 1,
      arrivals: [],
      week: { likeThisHour: [], likeNextHour: [] },
      prices: {},
      spent: { todayUsd, monthUsd },
    },
  };
};

describe('withinBudget', () => {
  const inner = { policy: 'followJobs', headroom: 0 };

  it('wants what the other policy wants while money is left', () => {
    expect(made({ inner, perDay: 10 }).wantedNow(aQuestion(9.99))).toMatchObject({ blocks: 7 });
    expect(made({ inner, perMonth: 10 }).wantedNow(aQuestion(9.99))).toMatchObject({ blocks: 7 });
  });

  it('wants the blocks that have jobs once the budget of the day or of the month is spent', () => {
    expect(made({ inner, perDay: 10 }).wantedNow(aQuestion(10))).toMatchObject({ blocks: 3 });
    expect(made({ inner, perDay: 10, perMonth: 10 }).wantedNow(aQuestion(1, 10))).toMatchObject({ blocks: 3 });
    expect(made({ inner: { policy: 'scheduled' }, perDay: 10 }).wantedNow(aQuestion(10))).toMatchObject({ blocks: 3 });
  });

  it('takes no file without a budget', () => {
    expect(withinBudget.options.safeParse({ inner }).error?.issues).toMatchObject([
      { message: 'expected perDay or perMonth, or both' },
    ]);
  });

  it('keeps the laws of its slot', () => {
    const options = writtenOptions['withinBudget'];
    fc.assert(
      fc.property(options!, aScalingQuestion, (written, question) => {
        expect(breachOf(scalingLaws, made(written), question)).toBeUndefined();
      }),
    );
  });

  it('stops a pool at its budget, ends no build, and goes on the next day', async () => {
    const until = MONDAY + hours(48);
    const jobs = jobsEvery(minutes(10), minutes(37), MONDAY, until);
    const costOf = async (options: Readonly<Record<string, unknown>>) => {
      const [pool] = [aPoolConfig()].map((config) => ({
        ...config,
        policies: {
          ...config.policies,
          operatingHours: { policy: 'always', options: { blocks: 20 } },
          scaling: { policy: 'withinBudget', options },
        },
      }));
      const file = { fleet: 'test', pools: [pool!] };
      const scenario = aScenario({ until, jobs, pools: file });
      return simulate(scenario, poolsOf(file, catalogue), 'budget', { digest: false });
    };
    const [free, tight] = [await costOf({ perDay: 1_000 }), await costOf({ perDay: 6 })];
    // Four to five blocks at 0.12 USD an hour, about 13 USD a day.
    expect(free.cost.leases).toBeGreaterThan(22);
    // Two days, and at each end what the jobs that ran then had still to do.
    expect(tight.cost.leases).toBeGreaterThan(12);
    expect(tight.cost.leases).toBeLessThan(13);
    expect(tight.jobs).toMatchObject({ killed: 0, killedByKeeper: 0, neverFinished: free.jobs.neverFinished });
  });
});
