import { hours } from '../../src/domain/time.ts';
import type { Scenario } from '../scenario/scenario.ts';

/** Worlds in which blocks are of little use: a recommendation is held against doing nothing there too. */
export const HARD_WORLDS = {
  noSpot: 'spot is refused throughout',
  dearSpot: 'spot costs 1.3 times the on-demand price',
  outages: 'nothing can be bought for two hours in six',
  slowBoots: 'nodes take four times as long to boot',
  interrupted: 'AWS takes every market back once in five hours',
  emptyWeek: 'no job comes',
} as const;

export type HardWorld = keyof typeof HARD_WORLDS;

export const HARD_WORLD_NAMES = Object.keys(HARD_WORLDS) as readonly HardWorld[];

/** The same week in a harder world. */
export function hardened(scenario: Scenario, world: HardWorld): Scenario {
  const { market, cluster, from, until } = scenario;
  const drought = (begins: number, ends: number) => ({ from: begins, until: ends });
  switch (world) {
    case 'noSpot':
      return {
        ...scenario,
        market: {
          ...market,
          refusals: [
            ...(market.refusals ?? []),
            ...(['spot', 'spot-block'] as const).map((term) => ({
              refusal: 'no-capacity' as const,
              term,
              from,
              until,
            })),
          ],
        },
      };
    case 'dearSpot':
      return { ...scenario, market: { ...market, prices: [], spotShare: DEAR } };
    case 'outages': {
      const droughts = Array.from({ length: Math.ceil((until - from) / hours(6)) }, (_, n) =>
        drought(from + hours(6 * n + 2), from + hours(6 * n + 4)),
      );
      return { ...scenario, market: { ...market, droughts: [...market.droughts, ...droughts] } };
    }
    case 'slowBoots': {
      const { boot } = cluster;
      return {
        ...scenario,
        cluster: { ...cluster, boot: { ...boot, medianMs: boot.medianMs * 4, p95Ms: boot.p95Ms * 4 } },
      };
    }
    case 'interrupted':
      return {
        ...scenario,
        market: { ...market, interruptions: { model: 'constant', hazardPerHour: 0.2 } },
      };
    case 'emptyWeek':
      return { ...scenario, jobs: [] };
  }
}

const DEAR = 1.3;
