import { describe, expect, it } from 'vitest';
import type { Scenario } from '../../../sim/scenario/scenario.ts';
import { lived } from '../../../sim/simulate.ts';
import { simulatedWorld } from '../../../sim/world/simulatedWorld.ts';
import type { Hold } from '../../../src/domain/effects.ts';
import type { Fact } from '../../../src/domain/facts.ts';
import { NEVER, seconds } from '../../../src/domain/time.ts';
import { aPoolConfig, MONDAY } from '../../support/aScenario.ts';
import { aWorld, type ShortJob, withKeeper } from './aTimeline.ts';

/** What is asked for once the world has told of waiting jobs: the second until which one job each is held; 0 releases. */
async function held(jobs: readonly ShortJob[], until: readonly number[], over: Parameters<typeof aWorld>[1] = {}) {
  const { cluster, ...rest } = over;
  // Each patch takes two seconds.
  const holds = { constantMs: seconds(10), latencyMs: { median: 2_000, p99: 2_000 } };
  return heldIn(
    aWorld(jobs, { ...rest, group: { loop: 'event', ...rest.group }, cluster: { holds, ...cluster } }),
    until,
  );
}

async function heldIn(scenario: Scenario, until: readonly number[], mostSeconds = 300) {
  let asked = false;
  const seen: [second: number, held: number][] = [];
  const turn = (_: null, fact: Fact) => {
    if (fact.type === 'workload.observed' && fact.workload !== null)
      seen.push([Math.floor((fact.at - MONDAY) / 1_000), fact.workload.held]);
    if (asked || fact.type !== 'workload.observed' || fact.workload?.waiting !== until.length)
      return { state: null, effects: [], wakeAt: NEVER };
    asked = true;
    const holds = until.map((second): Hold => ({ jobs: 1, until: MONDAY + seconds(second) }));
    const mostMs = seconds(mostSeconds);
    return { state: null, effects: [{ type: 'holdJobs', pool: 'ci', holds, mostMs } as const], wakeAt: NEVER };
  };
  const truth = await lived(scenario, null, turn, () => undefined, {
    world: simulatedWorld(scenario, { follows: ['ci'] }),
  });
  return { bought: truth.overflow.map(({ startsAt }) => (startsAt - MONDAY) / 1_000), seen };
}

describe('a job that is held', () => {
  it('has no node bought for it before its hold is over', async () => {
    const { bought } = await held([[100, 60]], [400]);
    expect(bought).toHaveLength(1);
    expect(bought[0]).toBeGreaterThanOrEqual(400);
    expect(bought[0]).toBeLessThan(420);
  });

  it('has one soon after ten seconds if nobody holds it: its constant', async () => {
    const { bought } = await held([[100, 60]], []);
    expect(bought[0]).toBeGreaterThanOrEqual(110);
    expect(bought[0]).toBeLessThan(130);
  });

  it('is seen to be held once the patch has come to it', async () => {
    const { seen } = await held([[100, 60]], [400]);
    expect(seen.filter(([second]) => second < 102)).not.toContainEqual([expect.anything(), 1]);
    expect(seen).toContainEqual([102, 1]);
  });

  it('is held no longer than the longest from its creation', async () => {
    const world = aWorld([[100, 60]], { group: { loop: 'event' } });
    const { bought } = await heldIn(world, [4_000], 200);
    expect(bought[0]).toBeGreaterThanOrEqual(300);
    expect(bought[0]).toBeLessThan(320);
  });

  it('has a hold of its own: a node is bought for another meanwhile', async () => {
    const jobs = [
      [100, 600],
      [101, 600],
    ] as const;
    const { bought } = await held(jobs, [150, 400]);
    expect(bought).toHaveLength(2);
    expect(bought[0]).toBeGreaterThanOrEqual(150);
    expect(bought[0]).toBeLessThan(170);
    expect(bought[1]).toBeGreaterThanOrEqual(400);
  });

  it('is bought for all the same where the patch comes too late: a lost race', async () => {
    const holds = { constantMs: seconds(10), latencyMs: { median: 30_000, p99: 30_000 } };
    const { bought } = await held([[100, 60]], [400], { cluster: { holds } });
    expect(bought[0]).toBeLessThan(130);
  });
});

describe('a job that no block will take, beside those that are held', () => {
  it('has one node bought for it, and not one more for each that is held', async () => {
    const usual = aPoolConfig();
    const policies = {
      ...usual.policies,
      operatingHours: { policy: 'always', options: { blocks: 99 } },
      scaling: { policy: 'followJobs', options: { headroom: 0 } },
    };
    const pool = { ...usual, maxBlocks: 11, policies };
    const scenario = aWorld(
      Array.from({ length: 12 }, () => [100, 600] as const),
      { group: { loop: 'event' } },
    );
    const { truth } = await withKeeper({ ...scenario, pools: { ...scenario.pools, pools: [pool] } });
    expect(truth.instances).toHaveLength(11);
    // The autoscaler looks again after ten seconds, and by then nobody can know that it has bought.
    expect(truth.overflow.length).toBeLessThanOrEqual(2);
  });
});
