import { describe, expect, it } from 'vitest';
import { catalogue } from '../../policies/catalogue.ts';
import { lived, worldOf } from '../../sim/simulate.ts';
import { hours, type Instant, minutes, seconds } from '../../src/domain/time.ts';
import { type Keeper, newKeeper } from '../../src/keeper/keeper.ts';
import { step } from '../../src/keeper/step.ts';
import { DailyAdvice } from '../../src/live/control/dailyAdvice.ts';
import { type Advice, adviceOf } from '../../src/pool/advice.ts';
import { poolsOf } from '../../src/pool/assemble.ts';
import { aPoolConfig, aScenario, MONDAY } from '../support/aScenario.ts';

/** To the Wednesday of the second week. A simulated pool watches no hour in which nothing happens: one like nine o'clock a day. */
const DAYS = 10;
/** Three jobs at nine on each day, for half an hour. */
const jobs = Array.from({ length: DAYS }, (_, day) =>
  [0, 1, 2].map((job) => ({
    ...{ job: `${day}-${job}`, durationMs: minutes(30) },
    queuedAt: MONDAY + hours(24 * day + 9) + seconds(job),
  })),
).flat();

/** Ten days of a pool under a scaling policy: what is advised an hour's half before nine, each day, and what people were told. */
async function tenDays(scaling: string, options: object = {}, maxBlocks = 10) {
  const usual = aPoolConfig();
  const policies = {
    ...usual.policies,
    operatingHours: { policy: 'always', options: { blocks: 9 } },
    scaling: { policy: scaling, options: { ...options } },
  };
  const file = { fleet: 'test', pools: [{ ...usual, maxBlocks, policies }] };
  const scenario = aScenario({ from: MONDAY, until: MONDAY + hours(24 * DAYS), jobs, pools: file });
  const pools = poolsOf(file, catalogue);
  const told: string[] = [];
  let now: Instant = MONDAY;
  const daily = new DailyAdvice((pool, reason, note) => {
    told.push(`${pool} day ${Math.floor((now - MONDAY) / hours(24))}: ${reason}: ${note}`);
  });
  const advised = new Map<number, Advice | undefined>();
  const watch = ({ fact, state }: { readonly fact: { readonly at: Instant }; readonly state: Keeper }): void => {
    now = fact.at;
    daily.saw(state, now);
    const day = Math.floor((now - MONDAY) / hours(24));
    const [pool] = state.pools;
    if (pool !== undefined && now - MONDAY - hours(24 * day) < hours(8.99))
      advised.set(day, adviceOf(pool, state.memories.get('ci'), state.blocks.of('ci'), now));
  };
  await lived(scenario, newKeeper(pools), step, watch, { world: worldOf(scenario, pools) });
  return { advised, told };
}

describe('the advice of the policy that learns', () => {
  it('is there once six hours like the next one were seen: what hours like the next one have asked for, where the pool would wait for jobs', async () => {
    const { advised, told } = await tenDays('followJobs', { headroom: 0 });
    expect([...advised.keys()]).toEqual(Array.from({ length: DAYS }, (_, day) => day));
    expect(advised.get(0)).toBeUndefined();
    expect(advised.get(9)).toEqual({ wanted: 0, learned: 3 });
    // Once a day at most, from when there is something to go by.
    expect(told.length).toBeGreaterThan(0);
    expect(new Set(told.map((line) => line.slice(0, 8))).size).toBe(told.length);
    expect(told.at(-1)).toMatch(/^ci day 9: LearnedAdvice: .* would want \d+ now, and \d+ (is|are) wanted/);
  });

  it('is never more than the pool may have', async () => {
    const { advised } = await tenDays('followJobs', { headroom: 0 }, 2);
    expect(advised.get(9)).toEqual({ wanted: 0, learned: 2 });
  });

  it.each(['scheduled', 'learned'])('is none where %s decides', async (scaling) => {
    const { advised, told } = await tenDays(scaling);
    expect([...advised.values()].every((advice) => advice === undefined)).toBe(true);
    expect(told).toEqual([]);
  });
});
