import { describe, expect, it } from 'vitest';
import type { Scenario } from '../../../sim/scenario/scenario.ts';
import { lived } from '../../../sim/simulate.ts';
import { simulatedWorld } from '../../../sim/world/simulatedWorld.ts';
import type { FactOf } from '../../../src/domain/facts.ts';
import { minutes, NEVER } from '../../../src/domain/time.ts';
import { aPoolConfig, MONDAY } from '../../support/aScenario.ts';
import { aWorld } from './aTimeline.ts';

/** What pools are told of their jobs by a world in which nobody buys blocks, by the second at which they are told. */
async function toldIn(scenario: Scenario, follows: readonly string[] = ['ci']) {
  const told: FactOf<'workload.observed'>[] = [];
  const idle = () => ({ state: null, effects: [], wakeAt: NEVER });
  await lived(scenario, null, idle, ({ fact }) => fact.type === 'workload.observed' && told.push(fact), {
    world: simulatedWorld(scenario, { follows }),
  });
  return told.map(({ at, pool, workload }) => ({ second: Math.floor((at - MONDAY) / 1_000), pool, workload }));
}

const waitingIn = (told: Awaited<ReturnType<typeof toldIn>>) =>
  told.map(({ second, workload }) => [second, workload?.waiting, workload?.overflow, workload?.arrived]);

describe('the jobs of a pool', () => {
  it('are told as they come, start elsewhere and end, at most once a second', async () => {
    const told = await toldIn(
      aWorld([
        [100, 60],
        [100.3, 60],
        [100.6, 60],
      ]),
    );
    // With the first inventory; then the first job at once, the others a second later; then each change.
    expect(waitingIn(told).slice(0, 3)).toEqual([
      [0, 0, 0, 0],
      [100, 1, 0, 1],
      [101, 3, 0, 2],
    ]);
    const last = waitingIn(told).at(-1);
    expect(last?.slice(1)).toEqual([0, 0, 0]);
    expect(waitingIn(told).some(([, waiting, overflow]) => waiting === 0 && overflow === 3)).toBe(true);
    const instants = told.map(({ second }) => second);
    expect(new Set(instants).size).toBe(instants.length);
    expect(told[2]?.workload?.waitingSince).toBe(MONDAY + 100_000);
  });

  it('are told to nobody who does not ask', async () => {
    expect(await toldIn(aWorld([[100, 60]]), [])).toEqual([]);
  });

  it('are counted for the first of several pools, each with what runs on its own blocks', async () => {
    const pools = { fleet: 'test', pools: [aPoolConfig(), aPoolConfig({ name: 'more' })] };
    const told = await toldIn(aWorld([[100, 60]], { scenario: { pools } }), ['ci', 'more']);
    const at100 = told.filter(({ second }) => second === 100);
    expect(at100.map(({ pool, workload }) => [pool, workload?.waiting, workload?.arrived])).toEqual([
      ['ci', 1, 1],
      ['more', 0, 0],
    ]);
  });

  it('share a block by what they ask for', async () => {
    const told = await toldIn(aWorld([[100, 60]], { cluster: { jobsPerNode: 3 } }));
    expect(told.every(({ workload }) => workload?.jobsPerBlock === 3)).toBe(true);
  });

  it('leave those out that may not run on blocks', async () => {
    const classes = { big: { runsOn: 'on-demand' } } as const;
    const told = await toldIn(
      aWorld(
        [
          [100, 60, 'big'],
          [200, 60],
        ],
        { scenario: { classes } },
      ),
    );
    expect(Math.max(...told.map(({ workload }) => workload?.waiting ?? 0))).toBe(1);
    expect(told.filter(({ second }) => second < 200).every(({ workload }) => workload?.arrived === 0)).toBe(true);
  });

  it('are unknown while the cluster cannot be looked at, and told again after that', async () => {
    const disturbances = { restarts: [], repeats: 0, delays: 0, unseenNodes: 0.5 };
    const jobs = Array.from({ length: 30 }, (_, index) => [60 + index * 60, 30] as const);
    const told = await toldIn(aWorld(jobs, { scenario: { disturbances, until: MONDAY + minutes(60) } }));
    expect(told.some(({ workload }) => workload === null)).toBe(true);
    expect(told.reduce((sum, { workload }) => sum + (workload?.arrived ?? 0), 0)).toBe(30);
  });
});
