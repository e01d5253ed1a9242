import type { Scenario } from '../scenario/scenario.ts';
import { extraUsdPerHour } from './extras.ts';
import { type Market, marketOfScenario } from './market.ts';

/** The markets of a scenario: every type and zone that its pools may buy in. */
export function marketIn(scenario: Scenario): Market {
  const { market, seed, from, until, billing, pools } = scenario;
  return marketOfScenario(market, {
    ...{ seed, from, until, billing },
    extraUsdPerHour: extraUsdPerHour(scenario),
    instanceTypes: [...new Set(pools.pools.flatMap(({ instanceTypes }) => instanceTypes))],
    zones: [...new Set(pools.pools.flatMap(({ zones }) => zones))],
  });
}
