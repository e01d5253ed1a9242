import { describe, expect, it } from 'vitest';
import { catalogue } from '../../../policies/catalogue.ts';
import { lived } from '../../../sim/simulate.ts';
import { hours, type Millis } from '../../../src/domain/time.ts';
import { newKeeper } from '../../../src/keeper/keeper.ts';
import { step } from '../../../src/keeper/step.ts';
import { poolsOf } from '../../../src/pool/assemble.ts';
import { aPoolConfig, aScenario, MONDAY } from '../../support/aScenario.ts';

/** One job of seven hours on the only block that is wanted, whose leases are of two hours. */
async function sevenHours(renewal: string, overrunMs: Millis = hours(24)) {
  const config = aPoolConfig({ lease: { term: 'spot', durationMs: hours(2), overrunMs } });
  const policies = {
    ...config.policies,
    operatingHours: { policy: 'always', options: { blocks: 1 } },
    renewal: { policy: renewal, options: {} },
  };
  const scenario = aScenario({
    until: MONDAY + hours(12),
    jobs: [{ job: 'nightly', queuedAt: MONDAY + hours(1), durationMs: hours(7) }],
    pools: { fleet: 'test', pools: [{ ...config, policies }] },
  });
  const truth = await lived(scenario, newKeeper(poolsOf(scenario.pools, catalogue)), step, () => undefined);
  const paid = truth.instances.map(({ instance }) => instance.endedAt - instance.lease.startsAt);
  return { kills: truth.kills.length, longestMs: Math.max(...paid.filter(Number.isFinite)) };
}

const shipped = Object.keys(catalogue.renewal);

describe('a job that is longer than a lease', () => {
  it.each(shipped.filter((name) => name !== 'letExpire'))('runs to its end under %s', async (name) => {
    const { kills, longestMs } = await sevenHours(name);
    expect(kills).toBe(0);
    expect(longestMs).toBeGreaterThan(hours(7));
    expect(longestMs).toBeLessThan(hours(8.5));
  });

  it('is cut short where a policy or a pool says so', async () => {
    expect((await sevenHours('letExpire')).kills).toBeGreaterThan(0);
    const { kills, longestMs } = await sevenHours('surge', hours(1));
    expect(kills).toBeGreaterThan(0);
    expect(longestMs).toBeLessThan(hours(3) + 60_000);
  });
});
