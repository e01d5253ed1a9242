import { describe, expect, it } from 'vitest';
import { readScenario } from '../../../sim/scenario/readScenario.ts';
import type { Scenario } from '../../../sim/scenario/scenario.ts';
import { BadInput } from '../../../src/config/mistakes.ts';
import { aCatalogue } from '../../config/aCatalogue.ts';
import { aFolder, aScenarioFolder, aScenarioText } from './aFolder.ts';

const GENERATED = aScenarioText.replace('data/jobs.csv', '{ generate: { jobsPerWeekday: 400 } }');

const CLASSED =
  'job,queued,duration_s,class\nj1,2026-03-02T08:00:00.000Z,300,build\nj2,2026-03-02T09:30:00.000Z,61.5,\n';

const read = async (scenario: string, jobs = CLASSED): Promise<Scenario> =>
  readScenario(await aFolder({ ...aScenarioFolder, 'scenario.yaml': scenario, 'data/jobs.csv': jobs }), aCatalogue);

/** What is wrong, each in a line, with its place in the file. */
async function complaints(scenario: string, jobs = CLASSED): Promise<readonly string[]> {
  try {
    await read(scenario, jobs);
    return [];
  } catch (error) {
    if (error instanceof BadInput)
      return error.message.split('\n').map((line) => line.replace(/^.*scenario\.yaml:/, ''));
    throw error;
  }
}

describe('classes of recorded jobs', () => {
  it('stand in a column, and a job may be of none', async () => {
    const { jobs, classes } = await read(`${aScenarioText}classes: { build: { runsOn: on-demand } }\n`);
    expect(jobs.map((job) => job.class)).toEqual(['build', undefined]);
    expect(classes).toEqual({ build: { runsOn: 'on-demand' } });
    expect((await read(aScenarioText)).classes).toEqual({});
  });

  it('that no job has are a mistake, and those there are are named', async () => {
    expect(await complaints(`${aScenarioText}classes: { biuld: {} }\n`)).toEqual([
      '10:12: classes.biuld: expected the class of a job in data/jobs.csv, found none of class "biuld": its classes are build',
    ]);
    expect(await complaints(`${aScenarioText}classes: { build: {} }\n`, aScenarioFolder['data/jobs.csv'])).toEqual([
      '10:12: classes.build: expected the class of a job in data/jobs.csv, found none of class "build": it has no column class',
    ]);
  });

  it('have no share and no durations: the recording says both', async () => {
    const found = await complaints(`${aScenarioText}classes: { build: { share: 0.5, durations: long } }\n`);
    expect(found).toEqual([
      '10:21: classes.build.share: expected no share beside recorded jobs, found 0.5: leave it out, the recording says which jobs are of a class and how long they took',
      '10:33: classes.build.durations: expected no durations beside recorded jobs, found "long": leave it out, the recording says which jobs are of a class and how long they took',
    ]);
  });
});

describe('classes of generated jobs', () => {
  it('are drawn by their shares, without changing any other draw', async () => {
    const [plain, classed] = [
      await read(GENERATED),
      await read(`${GENERATED}classes: { build: { share: 0.3 }, long: { share: 0.1, durations: long } }\n`),
    ];
    const shareOf = (name: string): number =>
      classed.jobs.filter((job) => job.class === name).length / classed.jobs.length;
    expect(shareOf('build')).toBeCloseTo(0.3, 1);
    expect(shareOf('long')).toBeCloseTo(0.1, 1);
    for (const [index, job] of classed.jobs.entries()) {
      const { queuedAt, durationMs } = plain.jobs[index]!;
      expect(job.queuedAt).toBe(queuedAt);
      if (job.class !== 'long') expect(job.durationMs).toBe(durationMs);
    }
  });

  it.each([
    [
      '{ build: {} }',
      'classes.build: expected a share above 0 of the generated jobs, found none: give it one, or leave the class out',
    ],
    [
      '{ build: { share: 0 } }',
      'classes.build.share: expected a share above 0 of the generated jobs, found 0: give it one, or leave the class out',
    ],
    ['{ a: { share: 0.7 }, b: { share: 0.6 } }', 'classes: expected shares of at most 1 in all, found 1.3'],
    [
      '{ a: { share: 1, runsOn: spot } }',
      'classes.a.runsOn: expected one of anywhere, blocks, on-demand, found "spot"',
    ],
  ])('%s are a mistake', async (classes, complaint) => {
    const found = await complaints(`${GENERATED}classes: ${classes}\n`);
    expect(found.map((line) => line.replace(/^\d+:\d+: /, ''))).toEqual([complaint]);
  });
});

describe('requests', () => {
  const withNodes = (classes: string, cluster: string): string =>
    `${GENERATED}classes: { build: { share: 0.5, ${classes} } }\ncluster: ${cluster}\n`;
  const NODES = '{ allocatable: { m5.2xlarge: { cpu: 7.9, memory: 30 } } }';

  it('are of what nodes offer', async () => {
    const { cluster, classes } = await read(withNodes('requests: { cpu: 2, memory: 4 }', NODES));
    expect(cluster.allocatable).toEqual({ 'm5.2xlarge': { cpu: 7.9, memory: 30 } });
    expect(cluster).not.toHaveProperty('mostJobs');
    expect(classes['build']?.requests).toEqual({ cpu: 2, memory: 4 });
    const limited = NODES.replace('{ ', '{ jobsPerNode: 4, ');
    expect((await read(withNodes('requests: { cpu: 2, memory: 4 }', limited))).cluster.mostJobs).toBe(4);
  });

  it.each([
    [
      'requests: { cpu: 8, memory: 4 }',
      NODES,
      'classes.build.requests: expected requests that fit a node that such a job may run on (m5.2xlarge), found more than any of them offers',
    ],
    [
      'requests: { cpu: 2, memory: 4 }',
      '{}',
      'classes.build.requests: expected cluster.allocatable beside requests, found none: say what nodes offer, or leave requests out',
    ],
    [
      'runsOn: blocks',
      '{ allocatable: { m5.large: { cpu: 1.9, memory: 7 } } }',
      'cluster.allocatable: expected what a m5.2xlarge offers to jobs, which the scenario uses; found none: add m5.2xlarge: { cpu: PROCESSORS, memory: GIB }',
    ],
    [
      'requests: { cpu: -1, memory: 4 }',
      NODES,
      'classes.build.requests.cpu: expected a number of at least 0.001, found -1',
    ],
    [
      'share: 0.5',
      '{ scheduler: packed }',
      'cluster.scheduler: expected one of spread, pack, found "packed" (did you mean "pack"?)',
    ],
  ])('%s of %s are a mistake', async (classes, cluster, complaint) => {
    const text = withNodes(classes, cluster).replace('share: 0.5, share', 'share');
    expect((await complaints(text)).map((line) => line.replace(/^\d+:\d+: /, ''))).toEqual([complaint]);
  });
});
