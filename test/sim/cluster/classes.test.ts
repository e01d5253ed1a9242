import { describe, expect, it } from 'vitest';
import { sizesOf } from '../../../sim/cluster/sizes.ts';
import type { JobClass, Scenario } from '../../../sim/scenario/scenario.ts';
import { aPoolConfig } from '../../support/aScenario.ts';
import { aWorld, type ShortJob, type Timeline, withKeeper, withoutKeeper } from './aTimeline.ts';

const classes = { steady: { runsOn: 'on-demand' }, cheap: { runsOn: 'blocks' } } as const;

const ranOn = ({ truth }: Timeline): readonly string[] => truth.jobs.map((job) => job.ranOn ?? 'nowhere');

/** Two blocks from the start, which are ready by the time that the jobs come. */
const besideBlocks = (jobs: readonly ShortJob[], over: Partial<Scenario> = {}): Promise<Timeline> =>
  withKeeper(aWorld(jobs, { scenario: { classes, ...over } }));

describe('a class of jobs', () => {
  it('may run on demand alone, past free blocks', async () => {
    expect(
      ranOn(
        await besideBlocks([
          [600, 60, 'steady'],
          [600, 60],
        ]),
      ),
    ).toEqual(['overflow', 'block']);
  });

  it('may run on blocks alone, and then waits for one while others pass it by', async () => {
    const found = await besideBlocks([
      [600, 900],
      [600, 900],
      [600, 60, 'cheap'],
      [600, 60],
    ]);
    expect(ranOn(found)).toEqual(['block', 'block', 'block', 'overflow']);
    expect(found.starts[2]).toBe(1500);
    expect(found.truth.overflow).toHaveLength(1);
  });

  it('runs anywhere in a world without a keeper, if blocks are what it would wait for', async () => {
    const found = await withoutKeeper(aWorld([[3, 60, 'cheap']], { scenario: { classes } }));
    expect(found.starts).toEqual([75]);
  });

  it('makes a group of spot nodes buy on demand, and shares those nodes with others', async () => {
    const group = { buys: 'spot' } as const;
    const jobs = [
      [3, 60, 'steady'],
      [600, 60],
    ] as const;
    const found = await withoutKeeper(aWorld(jobs, { group, scenario: { classes } }));
    expect(found.nodes).toEqual(['on-demand-0 15 to 1260']);
    const other = await withoutKeeper(
      aWorld(
        [
          [3, 60],
          [600, 60, 'steady'],
        ],
        { group, scenario: { classes } },
      ),
    );
    expect(other.nodes.map((node) => node.slice(0, 8))).toEqual(['group-0 ', 'on-deman']);
  });

  it('that nobody has described is as none', async () => {
    expect(ranOn(await besideBlocks([[600, 60, 'lint']]))).toEqual(['block']);
  });
});

describe('what a job takes of a node', () => {
  const build: JobClass = { requests: { cpu: 6, memory: 8 }, runsOn: 'anywhere' };
  const lint: JobClass = { requests: { cpu: 2, memory: 1 }, runsOn: 'anywhere' };
  const allocatable = { 'm5.2xlarge': { cpu: 7.9, memory: 30 } };

  const sized = (jobs: readonly ShortJob[], cluster: Partial<Scenario['cluster']> = {}): Promise<Timeline> =>
    withoutKeeper(aWorld(jobs, { cluster: { allocatable, ...cluster }, scenario: { classes: { build, lint } } }));

  it('decides how many fit: no more processors than there are', async () => {
    // One build and three lints are 12 of 7.9: two nodes, for the build with a lint beside it would be above 7.9.
    const found = await sized([
      [3, 60, 'build'],
      [3, 60, 'lint'],
      [3, 60, 'lint'],
      [3, 60, 'lint'],
    ]);
    expect(found.nodes).toHaveLength(2);
    expect(found.starts).toEqual([75, 75, 75, 75]);
  });

  it('is the whole of the smallest node where nothing is said, or one of so many parts', async () => {
    expect(
      (
        await sized([
          [3, 60],
          [3, 60],
        ])
      ).nodes,
    ).toHaveLength(2);
    expect(
      (
        await sized(
          [
            [3, 60],
            [3, 60],
            [3, 60],
          ],
          { jobsPerNode: 2 },
        )
      ).nodes,
    ).toHaveLength(2);
  });

  it('does not let more jobs on a node than it may run, however small they are', async () => {
    const lints = Array.from({ length: 3 }, (): ShortJob => [3, 60, 'lint']);
    expect((await sized(lints)).nodes).toHaveLength(1);
    expect((await sized(lints, { jobsPerNode: 2, mostJobs: 2 })).nodes).toHaveLength(2);
  });

  it('has one form, for slots and for resources', () => {
    const slots = sizesOf(aWorld([], { cluster: { jobsPerNode: 4 } }));
    expect([slots.requestsOf({}), slots.capacityOf('m5.2xlarge')]).toEqual([[1], [4]]);
    const world = aWorld([], {
      cluster: {
        allocatable: { ...allocatable, 'm5.xlarge': { cpu: 3.9, memory: 14 } },
        jobsPerNode: 2,
        mostJobs: 2,
      },
      scenario: {
        classes: { build, lint },
        pools: { fleet: 'test', pools: [aPoolConfig({ instanceTypes: ['m5.xlarge'] })] },
      },
    });
    const sizes = sizesOf(world);
    expect(sizes.capacityOf('m5.2xlarge')).toEqual([7900, 30 * 1024, 2]);
    expect(sizes.requestsOf({ class: 'build' })).toEqual([6000, 8 * 1024, 1]);
    // Half of the smaller of the two nodes in use.
    expect(sizes.requestsOf({})).toEqual([1950, 7 * 1024, 1]);
  });
});
