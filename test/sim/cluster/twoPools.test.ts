import { describe, expect, it } from 'vitest';
import { catalogue } from '../../../policies/catalogue.ts';
import { simulate } from '../../../sim/simulate.ts';
import type { PoolConfig } from '../../../src/config/pools.ts';
import { minutes, seconds } from '../../../src/domain/time.ts';
import { poolsOf } from '../../../src/pool/assemble.ts';
import { aPoolConfig, MONDAY } from '../../support/aScenario.ts';
import { aWorld } from './aTimeline.ts';

const usual = aPoolConfig();

/** A pool that buys for the jobs that wait and for no others. */
const following = (name: string, over: Partial<PoolConfig> = {}, blocks = 10): PoolConfig => ({
  ...usual,
  ...{ name, surge: 0 },
  policies: {
    ...usual.policies,
    operatingHours: { policy: 'always', options: { blocks } },
    scaling: { policy: 'followJobs', options: { atLeast: 0, headroom: 0 } },
  },
  ...over,
});

/** How many instances each pool bought in two hours, and how often jobs were said to have come. */
async function boughtBy(pools: readonly PoolConfig[], jobs: readonly (readonly [at: number, lasts: number])[]) {
  const scenario = aWorld(jobs, {
    scenario: { pools: { fleet: 'test', pools } },
    cluster: { boot: { medianMs: minutes(1), p95Ms: minutes(1), never: 0 } },
  });
  const bought: Record<string, number> = {};
  const waiting: [second: number, pool: string, waiting: number][] = [];
  let arrived = 0;
  await simulate(scenario, poolsOf(scenario.pools, catalogue), 'two pools', {
    turn: (fact) => {
      if (fact.type === 'capacity.granted') {
        const [pool = ''] = fact.blockId.split('-');
        bought[pool] = (bought[pool] ?? 0) + 1;
      } else if (fact.type === 'workload.observed') {
        arrived += fact.workload?.arrived ?? 0;
        waiting.push([Math.floor((fact.at - MONDAY) / seconds(1)), fact.pool, fact.workload?.waiting ?? 0]);
      }
    },
  });
  return { bought, arrived, waiting };
}

const FIVE = [600, 600.1, 600.2, 600.3, 600.4].map((at) => [at, 900] as const);

describe('jobs that two pools fit', () => {
  it('are bought for by the first alone, where it can', async () => {
    const { bought, arrived } = await boughtBy([following('ci'), following('more')], FIVE);
    expect(bought).toEqual({ ci: 5 });
    expect(arrived).toBe(5);
  });

  it('go to the next where the first is full, each to one', async () => {
    const { bought, arrived } = await boughtBy([following('ci', { maxBlocks: 2 }), following('more')], FIVE);
    expect(bought).toEqual({ ci: 2, more: 3 });
    expect(arrived).toBe(5);
  });

  it('go to the next where the first is closed', async () => {
    const { bought } = await boughtBy([following('ci', {}, 0), following('more')], FIVE);
    expect(bought).toEqual({ more: 5 });
  });

  it('go to the next where the first has nothing to buy, and stay there', async () => {
    const unsold = following('ci', { instanceTypes: ['m5.4xlarge'] });
    const { bought, waiting } = await boughtBy([unsold, following('more')], FIVE);
    expect(bought).toEqual({ more: 5 });
    // Asked for once, within the ten seconds with which a pod is created.
    const withFirst = waiting.filter(([, pool, count]) => pool === 'ci' && count > 0).map(([second]) => second);
    expect(Math.max(...withFirst)).toBeLessThan(605);
  });

  it('come back to the first when it has room again, and only new ones', async () => {
    const later = [1_800, 1_800.1].map((at) => [at, 900] as const);
    const { bought } = await boughtBy(
      [following('ci', { maxBlocks: 2 }), following('more')],
      [...FIVE.map(([at]) => [at, 300] as const), ...later],
    );
    expect(bought).toEqual({ ci: 4, more: 3 });
  });
});
