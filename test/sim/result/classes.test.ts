import { describe, expect, it } from 'vitest';
import type { JobRow } from '../../../data/records/rows.ts';
import { catalogue } from '../../../policies/catalogue.ts';
import { type Job, newJob } from '../../../sim/cluster/job.ts';
import type { ClassOutcome, Outcome } from '../../../sim/outcome.ts';
import { classesOf } from '../../../sim/result/classes.ts';
import { outcomeJson } from '../../../sim/result/json.ts';
import type { Scenario } from '../../../sim/scenario/scenario.ts';
import { simulate } from '../../../sim/simulate.ts';
import { after, minutes } from '../../../src/domain/time.ts';
import { poolsOf } from '../../../src/pool/assemble.ts';
import { MONDAY } from '../../support/aScenario.ts';
import { aWorld, type ShortJob } from '../cluster/aTimeline.ts';

const minute = (n: number) => after(MONDAY, minutes(n));

/** A job that is queued at minute 0; its runs by the minute, on what, and until when: to its end, or until its node was lost. */
function aJob(
  job: Pick<JobRow, 'class'>,
  lasts: number,
  ...runs: readonly (readonly [on: 'block' | 'overflow', from: number, until?: number, how?: 'killed'])[]
): Job {
  const made = newJob(
    { job: 'j', queuedAt: MONDAY, durationMs: minutes(lasts), ...job },
    { requests: [1], onBlocks: true, onGroup: true, onSpotGroup: true },
  );
  made.waitingSince = MONDAY;
  for (const [on, from, until, how] of runs) {
    made.start(minute(from), on);
    if (until === undefined) continue;
    made.stop(minute(until));
    if (how === 'killed') {
      made.killed += 1;
      made.waitingSince = minute(until);
    } else made.finishedAt = minute(until);
  }
  return made;
}

const listed: Scenario['classes'] = {
  build: { runsOn: 'anywhere' },
  lint: { runsOn: 'anywhere' },
  release: { runsOn: 'on-demand' },
};

describe('three hours of jobs, by class', () => {
  const jobs = [
    aJob({ class: 'build' }, 60, ['block', 10, 40, 'killed'], ['overflow', 45, 105]),
    aJob({ class: 'lint' }, 120, ['block', 90]),
    aJob({ class: 'unlisted' }, 30, ['overflow', 0, 30]),
    aJob({}, 60, ['block', 0, 30, 'killed']),
  ];
  const found = classesOf({ jobs, until: minute(180) }, listed, { leases: 3, overflow: 3 });
  const of = (name: string | null): ClassOutcome | undefined => found.find((one) => one.class === name);

  it('have a row for each that is listed, in its order, and one for all others', () => {
    expect(found.map((one) => [one.class, one.jobs])).toEqual([
      ['build', 1],
      ['lint', 1],
      ['release', 0],
      [null, 2],
    ]);
  });

  it('tell whose nodes were lost, and who never finished', () => {
    expect(found.map(({ killed, neverFinished }) => [killed, neverFinished])).toEqual([
      [1, 0],
      [0, 0],
      [0, 0],
      [1, 1],
    ]);
  });

  it('tell how long each was queued, reruns and those that wait still included', () => {
    // A build 10 + 5 minutes; of those without a class one did not wait, and one from its kill to the end.
    expect(found.map(({ queuedMs: { mean, p95 } }) => [mean, p95])).toEqual(
      [
        [15, 15],
        [90, 90],
        [0, 0],
        [75, 150],
      ].map((both) => both.map(minutes)),
    );
  });

  it('share out the bill by the time that each ran, where it ran', () => {
    // On blocks 30 + 90 + 0 + 30 of 150 minutes; on the group 60 + 0 + 0 + 30 of 90.
    expect(found.map(({ ranMs, ranOnBlocksMs }) => [ranMs, ranOnBlocksMs])).toEqual(
      [
        [90, 30],
        [90, 90],
        [0, 0],
        [60, 30],
      ].map((both) => both.map(minutes)),
    );
    expect(of('build')?.usd).toBe(0.6 + 2);
    expect(of('lint')?.usd).toBe(1.8);
    expect(of('release')?.usd).toBe(0);
    expect(of(null)?.usd).toBe(0.6 + 1);
  });

  it('bear no money of nodes on which none of them ran', () => {
    const onGroup = [aJob({ class: 'build' }, 30, ['overflow', 0, 30])];
    const [build] = classesOf({ jobs: onGroup, until: minute(180) }, listed, { leases: 3, overflow: 1 });
    expect(build?.usd).toBe(1);
  });

  it('are no rows where no class is listed, and none for others where there are none', () => {
    expect(classesOf({ jobs, until: minute(180) }, {}, { leases: 3, overflow: 3 })).toEqual([]);
    const builds = classesOf({ jobs: jobs.slice(0, 1), until: minute(180) }, listed, { leases: 3, overflow: 3 });
    expect(builds.map((one) => one.class)).toEqual(['build', 'lint', 'release']);
  });
});

describe('a run', () => {
  /** Two blocks from the start, which are ready by the time that the jobs come. */
  const ran = (classes: Scenario['classes']): Promise<Outcome> => {
    const jobs: readonly ShortJob[] = [
      [600, 1800, 'build'],
      [600, 900],
      [600, 3600, 'release'],
      [600, 1200, 'release'],
    ];
    const scenario = aWorld(jobs, { scenario: { classes } });
    return simulate(scenario, poolsOf(scenario.pools, catalogue), 'two hours');
  };

  it('tells what it costs to have a class on demand', async () => {
    const { classes = [], cost, jobs } = await ran({ build: { runsOn: 'anywhere' }, release: { runsOn: 'on-demand' } });
    expect(classes).toMatchObject([
      { class: 'build', jobs: 1, killed: 0, queuedMs: { mean: 0 }, ranMs: minutes(30), ranOnBlocksMs: minutes(30) },
      // Cluster Autoscaler looks after 10 s, a launch takes 5 s, a boot a minute.
      { class: 'release', jobs: 2, queuedMs: { mean: 75_000, p95: 75_000 }, ranMs: minutes(80), ranOnBlocksMs: 0 },
      { class: null, jobs: 1, killed: 0, queuedMs: { mean: 0 }, ranMs: minutes(15), ranOnBlocksMs: minutes(15) },
    ]);
    const [build, release, others] = classes.map(({ usd }) => usd);
    expect(build).toBeCloseTo((cost.leases * 2) / 3, 6);
    expect(release).toBeCloseTo(cost.overflow, 6);
    expect(others).toBeCloseTo(cost.leases / 3, 6);
    // Two spot blocks at 0.12 an hour for almost two hours; two nodes at 0.40 for an hour, and for 20 min, and 10 min idle each.
    expect(cost.leases).toBeCloseTo(0.48, 1);
    expect(cost.overflow).toBeCloseTo(0.4 * (80 / 60 + 20 / 60), 1);
    expect(jobs.total).toBe(4);
  });

  it('says so in JSON, and nothing new where no class is listed', async () => {
    const outcome = await ran({ build: { runsOn: 'anywhere' } });
    const { classes = [] } = outcomeJson(outcome);
    expect(classes.map((one) => one.class)).toEqual(['build', null]);
    for (const one of classes)
      expect(Object.keys(one)).toEqual([
        ...['class', 'jobs', 'killed', 'neverFinished', 'queuedMs', 'ranMs', 'ranOnBlocksMs', 'usd'],
      ]);
    const plain = await ran({});
    expect(Object.keys(plain)).not.toContain('classes');
    expect(Object.keys(outcomeJson(plain))).not.toContain('classes');
    expect(plain.jobs).toEqual(outcome.jobs);
  });
});
