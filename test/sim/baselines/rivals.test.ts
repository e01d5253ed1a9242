import { describe, expect, it } from 'vitest';
import { catalogue } from '../../../policies/catalogue.ts';
import { rivalryOf } from '../../../sim/baselines/rivals.ts';
import { RIVALS } from '../../../sim/result/rivalry.ts';
import { hours, minutes } from '../../../src/domain/time.ts';
import { poolsOf } from '../../../src/pool/assemble.ts';
import { aScenario, MONDAY } from '../../support/aScenario.ts';

const jobs = Array.from({ length: 36 }, (_, n) => ({
  job: `j${n}`,
  queuedAt: MONDAY + hours(1) + minutes(n * 20),
  durationMs: minutes(5 + ((n * 7) % 30)),
}));

const rivalry = (over: Parameters<typeof aScenario>[0] = {}) => {
  const scenario = aScenario({ jobs, ...over });
  const known = (file: typeof scenario.pools) => poolsOf(file, catalogue);
  return rivalryOf({ scenario, pools: known(scenario.pools), poolsOf: known });
};

describe('the rivals of a week', () => {
  it('run the same jobs in the same world, and none that starts them at once costs less than the bound', async () => {
    const told: string[] = [];
    const rivals = await rivalry().all((what) => told.push(what));
    expect(told.toSorted()).toEqual([...RIVALS, 'bound', 'foresight'].toSorted());
    expect(rivals.bound.total).toBeLessThanOrEqual(rivals.foresight.total);
    for (const name of RIVALS) {
      expect(rivals[name].outcome.jobs.total, name).toBe(jobs.length);
      expect(rivals[name].outcome.cost.total, name).toBeGreaterThanOrEqual(rivals.bound.total);
      expect(rivals[name].outcome.cost.together, name).toBeGreaterThanOrEqual(rivals[name].outcome.cost.total);
    }
  });

  it('are tuned: no other idle time of those that are tried would be better', async () => {
    const rivals = rivalry();
    const together = async (name: (typeof RIVALS)[number]) => (await rivals.rival(name)).outcome.cost.together;
    expect(await together('onDemandTuned')).toBeLessThanOrEqual(await together('onDemandOnly'));
    expect(await together('spotGroupTuned')).toBeLessThanOrEqual(await together('spotGroup'));
  });

  it('buy spot in a spot group, for less than on demand', async () => {
    const rivals = rivalry();
    const [spot, onDemand] = [await rivals.rival('spotGroup'), await rivals.rival('onDemandOnly')];
    expect(spot.outcome.cost.total).toBeLessThan(onDemand.outcome.cost.total / 2);
    expect(spot.about).toBe('idle 10 min, 10 min after an add');
  });

  it('are computed once', async () => {
    const rivals = rivalry();
    expect(await rivals.rival('bestFixed')).toBe(await rivals.rival('bestFixed'));
    expect(rivals.foresight()).toBe(rivals.foresight());
  });

  it('do not wait for blocks that they do not have', async () => {
    const group = { ...aScenario().onDemandGroup, scaleUpDelayMs: minutes(5) };
    const { outcome } = await rivalry({ onDemandGroup: group }).rival('onDemandOnly');
    expect(outcome.jobs.queuedMs.max).toBeLessThan(minutes(5));
  });
});
