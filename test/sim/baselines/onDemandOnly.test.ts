import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { catalogue } from '../../../policies/catalogue.ts';
import { generateJobs, generatorSettings } from '../../../sim/demand/generate.ts';
import { readScenario } from '../../../sim/scenario/readScenario.ts';
import type { Scenario } from '../../../sim/scenario/scenario.ts';
import { usualCluster, usualGroup } from '../../../sim/scenario/usual.ts';
import { simulateOnDemandOnly } from '../../../sim/simulate.ts';
import { hours, NEVER } from '../../../src/domain/time.ts';
import { poolsOf } from '../../../src/pool/assemble.ts';
import { aScenario, MONDAY } from '../../support/aScenario.ts';
import { groupUsdByHand } from './byHand.ts';

const CI_WEEK = resolve(import.meta.dirname, '../../../scenarios/ci-week');

/** A generated week. */
const aWeek = (seed: number, jobsPerNode: number, group: Partial<Scenario['onDemandGroup']> = {}): Scenario => {
  const window = { seed, from: MONDAY, until: MONDAY + hours(7 * 24) };
  return aScenario({
    ...window,
    jobs: generateJobs(generatorSettings.parse({ jobsPerWeekday: 500 }), window),
    cluster: { ...usualCluster, jobsPerNode },
    onDemandGroup: { ...usualGroup, instanceType: 'm5.2xlarge', ...group },
  });
};

async function found(scenario: Scenario): Promise<{ readonly byHand: number; readonly simulated: number }> {
  const usdPerHour = scenario.market.onDemand['m5.2xlarge']!;
  const usd = (from: number, until: number): number => ((until - from) / hours(1)) * usdPerHour;
  const { cost } = await simulateOnDemandOnly(scenario, poolsOf(scenario.pools, catalogue));
  return { byHand: groupUsdByHand(scenario, () => ({ reclaimAt: NEVER, usd })), simulated: cost.total };
}

describe('what a week costs on demand alone', () => {
  it('is on ci-week what a plain count comes to, to the cent', async () => {
    const { byHand, simulated } = await found(await readScenario(CI_WEEK, catalogue));
    expect(simulated).toBeCloseTo(byHand, 2);
  });

  it.each([
    ['one job a node', aWeek(1, 1)],
    ['two jobs a node', aWeek(2, 2)],
    ['two jobs a node, tuned', aWeek(3, 2, { idleMs: hours(0.05), scaleDownDelayAfterAddMs: 0 })],
    ['four jobs a node, of which there may be ten', aWeek(4, 4, { maxNodes: 10 })],
  ])('is on a generated week the same, with %s', async (_, week) => {
    const { byHand, simulated } = await found(week);
    expect(byHand).toBeGreaterThan(10);
    expect(simulated).toBeCloseTo(byHand, 2);
  });
});
