import { describe, expect, it } from 'vitest';
import { catalogue } from '../../policies/catalogue.ts';
import type { Outcome } from '../../sim/outcome.ts';
import { simulate, simulateOriginal } from '../../sim/simulate.ts';
import type { PolicySlots } from '../../src/policy/definePolicy.ts';
import { poolsOf } from '../../src/pool/assemble.ts';
import { aPoolConfig, aScenario, MONDAY } from '../support/aScenario.ts';
import { hours } from '../support/lengths.ts';
import { aGallery, someUserPolicies } from './aGallery.ts';
import { immoderate } from './hostile/immoderate.ts';
import { nonsense } from './hostile/nonsense.ts';
import { silent } from './hostile/silent.ts';
import { throwing } from './hostile/throwing.ts';

const gallery = { ...nonsense, ...throwing, ...silent, ...immoderate };
const policyOf = aGallery(gallery, someUserPolicies({ questionMs: 300 }));

const scenario = aScenario({
  until: MONDAY + hours(8),
  pools: { fleet: 'test', pools: [aPoolConfig({ maxBlocks: 5 })] },
});

/** Eight hours of the simulated world under a policy in place of the pool's own. */
async function eightHours(over: Partial<PolicySlots>): Promise<{ outcome: Outcome; told: readonly string[] }> {
  const told: string[] = [];
  const pools = poolsOf(scenario.pools, catalogue).map((pool) => ({
    ...pool,
    policies: { ...pool.policies, ...over },
  }));
  const outcome = await simulate(scenario, pools, 'hostile', {
    turn: (_, effects) => {
      for (const effect of effects)
        if (effect.type === 'announce' && effect.reason === 'PolicyFault') told.push(effect.note);
    },
  });
  // The scripts of old ask the same hours, and have no fallback of their own.
  await simulateOriginal(scenario, pools);
  return { outcome, told };
}

describe.each(Object.keys(gallery))('Simulated: %s', (name) => {
  it('run to the end within the caps, every job done, told of once', async () => {
    const { outcome, told } = await eightHours(policyOf(name));
    const expected = gallery[name]!.told;
    expect(told).toEqual(expected === undefined ? [] : [expect.stringMatching(expected.what)]);
    expect(outcome.jobs.total).toBe(16);
    expect(outcome.blocks.peak).toBeLessThanOrEqual(5);
  });
});

it('A fault does not make a run differ from the next', async () => {
  const first = await eightHours(policyOf('times of NaN'));
  const second = await eightHours(policyOf('times of NaN'));
  expect(second.outcome.digest).toBe(first.outcome.digest);
});
