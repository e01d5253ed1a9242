import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { PriceRow } from '../../../data/records/rows.ts';
import { catalogue } from '../../../policies/catalogue.ts';
import { type Market, marketOfScenario } from '../../../sim/market/market.ts';
import { readScenario } from '../../../sim/scenario/readScenario.ts';
import type { Scenario } from '../../../sim/scenario/scenario.ts';
import { simulateOnDemandOnly } from '../../../sim/simulate.ts';
import { hours, NEVER, seconds } from '../../../src/domain/time.ts';
import { poolsOf } from '../../../src/pool/assemble.ts';
import { groupUsdByHand, type Purchase } from './byHand.ts';

const CI_WEEK = resolve(import.meta.dirname, '../../../scenarios/ci-week');

/** ci-week with a group that buys spot, in another week of luck and prices where a seed is given. */
async function aWeek(seed: number, hazardPerHour: number): Promise<Scenario> {
  const scenario = await readScenario(CI_WEEK, catalogue);
  const prices = [...scenario.market.prices].map((row) => ({ ...row, usdPerHour: row.usdPerHour * waveOf(row, seed) }));
  return {
    ...scenario,
    seed,
    market: { ...scenario.market, prices, interruptions: { model: 'constant', hazardPerHour } },
    onDemandGroup: { ...scenario.onDemandGroup, buys: 'spot' },
  };
}

/** Prices that move by a third, each zone in its own time. */
const waveOf = ({ at, zone }: PriceRow, seed: number): number =>
  1 + 0.3 * Math.sin(seed + at / hours(9) + zone.charCodeAt(zone.length - 1));

/** Buys what is cheapest when it is decided, and pays each zone's price as it moves, by the rows of the recording. */
function buyingSpot({ market: { prices }, until }: Scenario, market: Market): (startsAt: number) => Purchase {
  const rowsOf = new Map<string, PriceRow[]>();
  for (const row of prices) rowsOf.set(row.zone, [...(rowsOf.get(row.zone) ?? []), row]);
  const priceAt = (rows: readonly PriceRow[], at: number): number => rows.findLast((row) => row.at <= at)!.usdPerHour;
  return (startsAt) => {
    const priced = [...rowsOf].map(([zone, rows]) => ({ zone, rows, price: priceAt(rows, startsAt - seconds(5)) }));
    const { zone, rows } = priced.reduce((a, b) => (b.price < a.price ? b : a));
    const reclaimAt = market.reclaims('m5.2xlarge', zone).find((at) => at > startsAt) ?? NEVER;
    return {
      reclaimAt,
      usd: (from, to) => {
        // EC2 charges nothing for spot that it takes back in its first hour.
        if (to === reclaimAt && to - from < hours(1)) return 0;
        const inside = rows.filter(({ at }) => at > from && at < Math.min(to, until));
        const edges = [from, ...inside.map(({ at }) => at), to];
        return edges.slice(1).reduce((sum, edge, n) => {
          const before = edges[n]!;
          return sum + ((edge - before) / hours(1)) * priceAt(rows, before);
        }, 0);
      },
    };
  };
}

describe('what a week costs with a group of spot nodes', () => {
  it.each([
    [7, 0.01],
    [8, 0.01],
    [9, 0.05],
    [10, 0.2],
  ])('is what a plain count comes to, within three hundredths (seed %i, %f reclaims an hour)', async (seed, hazard) => {
    const week = await aWeek(seed, hazard);
    const { from, until, billing } = week;
    const zones = week.pools.pools.flatMap((pool) => pool.zones);
    const market = marketOfScenario(week.market, { seed, from, until, instanceTypes: ['m5.2xlarge'], zones, billing });
    const { cost, jobs } = await simulateOnDemandOnly(week, poolsOf(week.pools, catalogue));
    const byHand = groupUsdByHand(week, buyingSpot(week, market));
    expect(Math.abs(cost.total / byHand - 1)).toBeLessThan(0.03);
    expect(jobs.killedByAws).toBe(jobs.killed);
    expect(jobs.killed).toBeGreaterThan(hazard >= 0.2 ? 5 : 0);
  });
});
