import { describe, expect, it } from 'vitest';
import { catalogue } from '../../policies/catalogue.ts';
import type { Scenario } from '../../sim/scenario/scenario.ts';
import { usualCluster } from '../../sim/scenario/usual.ts';
import { simulate } from '../../sim/simulate.ts';
import type { Fact } from '../../src/domain/facts.ts';
import { hours, minutes } from '../../src/domain/time.ts';
import { poolsOf } from '../../src/pool/assemble.ts';
import { aPoolConfig, aScenario, MONDAY } from '../support/aScenario.ts';

const POOL = aPoolConfig({
  instanceTypes: ['m7g.xlarge', 'm5.xlarge'],
  policies: { ...aPoolConfig().policies, operatingHours: { policy: 'always', options: { blocks: 6 } } },
});

/** What the keeper heard in a simulated world of that pool. */
async function heardIn(over: Partial<Scenario>): Promise<readonly Fact[]> {
  const usual = aScenario();
  const scenario = aScenario({
    pools: { fleet: 'test', pools: [POOL] },
    market: { ...usual.market, onDemand: { 'm7g.xlarge': 0.15, 'm5.xlarge': 0.2 } },
    onDemandGroup: { ...usual.onDemandGroup, instanceType: 'm5.xlarge' },
    jobs: [],
    ...over,
  });
  const facts: Fact[] = [];
  await simulate(scenario, poolsOf(scenario.pools, catalogue), 'simulated', { turn: (fact) => facts.push(fact) });
  return facts;
}

const count = (facts: readonly Fact[], type: Fact['type']): number => facts.filter((fact) => fact.type === type).length;

describe('in a simulated account', () => {
  it.each(['quota', 'bad-template', 'forbidden'] as const)(
    'a type that is refused for %s leaves the pool to the other one',
    async (refusal) => {
      const usual = aScenario();
      const facts = await heardIn({
        until: MONDAY + hours(3),
        market: {
          ...usual.market,
          onDemand: { 'm7g.xlarge': 0.15, 'm5.xlarge': 0.2 },
          refusals: [{ refusal, family: 'm7g' }],
        },
      });
      const first = new Map(
        facts.flatMap((fact) => (fact.type === 'node.seen' ? [[fact.blockId, fact.at] as const] : [])).reverse(),
      );
      const ready = [...first.values()].map((at) => at - MONDAY);
      expect(ready.length).toBe(6);
      expect(Math.max(...ready)).toBeLessThan(minutes(10));
      expect(count(facts, 'capacity.refused')).toBeLessThanOrEqual(6);
    },
  );

  it('a template whose nodes never join costs a few instances a day', async () => {
    const facts = await heardIn({ cluster: { ...usualCluster, boot: { ...usualCluster.boot, never: 1 } } });
    // Six that were bought together, two before the third had failed, and a probe after 1, 2, 4 and 8 hours.
    expect(count(facts, 'capacity.granted')).toBeLessThanOrEqual(12);
    expect(count(facts, 'capacity.granted')).toBeGreaterThan(6);
  });
});
