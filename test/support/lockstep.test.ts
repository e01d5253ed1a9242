import { expect, it } from 'vitest';
import { catalogue } from '../../policies/catalogue.ts';
import { after, type Instant, minutes } from '../../src/domain/time.ts';
import { poolsOf } from '../../src/pool/assemble.ts';
import { aPoolConfig, aScenario, MONDAY } from './aScenario.ts';
import { lockstep } from './lockstep.ts';

it('does what is to be done at an instant at that very instant, also where nothing else happens then', async () => {
  const scenario = aScenario({
    ...{ from: MONDAY, until: after(MONDAY, minutes(9)), jobs: [], pools: { fleet: 'test', pools: [aPoolConfig()] } },
  });
  // On no second, unlike polls and leases.
  const dueAt = [100_007, 234_567, 234_567, 456_789].map((ms) => after(MONDAY, ms));
  const doneAt: Instant[] = [];
  await lockstep(scenario, poolsOf(scenario.pools, catalogue), {
    withoutQueue: true,
    acts: dueAt.map((at) => ({ at, act: ({ world }) => doneAt.push(world.now()) })),
  });
  expect(doneAt).toEqual(dueAt);
});
