import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readJobs } from '../../../../data/records/readJobs.ts';
import { aFolder } from '../../../support/aFile.ts';
import { at, toldIn } from './toldIn.ts';

const folder = aFolder();
const told = toldIn(folder);

describe('what still runs is no job yet, whenever it was touched last', () => {
  const github = { id: 1, name: 'CI', head_sha: 'x', created_at: at(0), run_started_at: at(0), updated_at: at(9) };
  const gitlab = { iid: 1, sha: 'x', ref: 'main', created_at: at(0), updated_at: at(9) };
  const stages = { startTimeMillis: Date.parse(at(1)), endTimeMillis: Date.parse(at(9)), durationMillis: 1 };
  const list = { workflowName: 'CI', createdAt: at(0), startedAt: at(0), updatedAt: at(9) };
  it.each([
    ['runs.json', { workflow_runs: [github, { ...github, id: 2, status: 'in_progress' }] }],
    ['list.json', [list, { ...list, databaseId: 2, status: 'queued', conclusion: '' }]],
    [
      'pipelines.json',
      [
        { ...gitlab, id: 1, status: 'success' },
        { ...gitlab, id: 2, status: 'running' },
      ],
    ],
    [
      'stages.json',
      [
        { ...stages, status: 'SUCCESS' },
        { ...stages, status: 'IN_PROGRESS' },
      ],
    ],
    [
      'paused.json',
      [
        { ...stages, status: 'SUCCESS' },
        { ...stages, status: 'PAUSED_PENDING_INPUT' },
      ],
    ],
    ['rows.csv', `status,created_at,updated_at\nok,${at(0)},${at(9)}\nrunning,${at(0)},${at(9)}\n`],
  ])('in %s', async (name, value) => {
    const { jobs, aside } = await told(name, value);
    expect(jobs).toHaveLength(1);
    expect(aside).toEqual(['1 was not over yet']);
  });
});

describe('a row of JSON', () => {
  const row = { id: 1, name: 'build', queued_at: at(0), started_at: at(1), finished_at: at(9) };
  const other = { name: 'app', created_at: '2020-01-01T00:00:00Z', updated_at: at(30) };

  it('keeps its own times, whatever else in it has times', async () => {
    const build = { ...row, started_at: at(3), finished_at: at(4) };
    const steps = [{ name: 'check out', started_at: at(1), finished_at: at(2) }];
    const { jobs } = await told('beside.json', [{ ...row, repository: other, labels: [other], steps, build }]);
    expect(jobs).toEqual(['build 08:00>08:01>08:09']);
  });

  it('is no job by its making and its last change alone', async () => {
    const run = { databaseId: 5, createdAt: at(0), updatedAt: at(9) };
    const job = { name: 'lint', status: 'COMPLETED', conclusion: 'SUCCESS', startedAt: at(1), completedAt: at(2) };
    expect(await told('suites.json', { data: { nodes: [{ workflowRun: run, checkRuns: { nodes: [job] } }] } })).toEqual(
      {
        jobs: ['lint 08:01>08:01>08:02'],
        aside: [],
      },
    );
  });

  it('may leave out what it does not have yet', async () => {
    const waiting = { id: 2, name: 'build', queued_at: at(0) };
    const open = { ...waiting, started_at: at(1) };
    const { aside } = await told('short.json', [
      row,
      { ...open, status: 'in_progress' },
      { ...waiting, status: 'skipped' },
      { ...open, id: 3 },
    ]);
    expect(aside.toSorted()).toEqual(['1 has no end', '1 was not over yet', '1 was skipped']);
  });

  it('has the names that are known beside those that are given', async () => {
    const path = folder.file('given.json', JSON.stringify([{ began: at(1), finished_at: at(9), name: 'x' }]));
    const { rows } = await readJobs(path, { columns: { started: 'began' } });
    expect(rows).toMatchObject([{ durationMs: 8 * 60_000, class: 'x' }]);
  });
});

describe('what is told of twice', () => {
  const job = { run_id: 7, name: 'a', conclusion: 'success', runner_id: 3, started_at: at(1), completed_at: at(9) };
  const again = 'is told of twice, of which the later stands';

  it('counts once where only failed jobs of a run were run again', async () => {
    const first = { ...job, id: 1, run_attempt: 1, created_at: at(0) };
    const anew = { ...job, id: 2, run_attempt: 2, created_at: at(20) };
    for (const jobs of [
      [first, anew],
      [anew, first],
    ])
      expect(await told('attempts.json', { jobs })).toEqual({
        jobs: ['a 08:00>08:01>08:09'],
        aside: ['1 was not run again with its run, which tells of it anew'],
      });
  });

  it('counts once by its id, in a table too, and twice where a column is only called so', async () => {
    const header = 'id,job,started,finished\n';
    const line = (id: number, name: string): string => `${id},${name},${at(1)},${at(9)}\n`;
    expect((await told('same.csv', header + line(1, 'a') + line(1, 'a'))).aside).toEqual([`1 ${again}`]);
    expect((await told('builds.csv', header + line(1, 'a') + line(1, 'b'))).jobs).toHaveLength(2);
    const view = { jobs: [{ databaseId: 4, name: 'a', startedAt: at(1), completedAt: at(9) }] };
    expect((await told('views.json', [view, view])).aside).toEqual([`1 ${again}`]);
  });

  it('counts once however often it is told of, in whatever order of tries and ids', async () => {
    const line = `1,a,${at(1)},${at(9)}\n`;
    expect(await told('thrice.csv', `id,job,started,finished\n${line.repeat(4)}`)).toEqual({
      jobs: ['a 08:01>08:01>08:09'],
      aside: [`3 ${again}`],
    });
    const telling = fc.record({
      id: fc.integer({ min: 1, max: 3 }),
      created_at: fc.constantFrom(at(0), at(20), at(40)),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(telling, { minLength: 1, maxLength: 6 }), async (tellings) => {
        // One execution: so many as are told of, one job ran.
        const jobs = tellings.map((one) => ({ ...job, ...one }));
        expect((await told('tellings.json', { jobs })).jobs).toHaveLength(1);
      }),
    );
  });

  it('counts once by the job and the pipeline webhook of GitLab', async () => {
    const times = { started_at: at(5), finished_at: at(15) };
    const pipeline = {
      object_kind: 'pipeline',
      project: { name: 'p' },
      builds: [{ id: 3, stage: 't', name: 'a', ...times }],
    };
    const build = { object_kind: 'build', build_id: 3, build_name: 'a', build_status: 'success', project_name: 'p' };
    const ends = { build_started_at: at(5), build_finished_at: at(15) };
    expect(await told('hooks.json', [pipeline, { ...build, ...ends }])).toEqual({
      jobs: ['p/a 08:05>08:05>08:15'],
      aside: [`1 ${again}`],
    });
  });

  it('is counted as set aside once, also where a run has its jobs beside it', async () => {
    const run = { id: 7, name: 'CI', head_sha: 'x', status: 'completed', run_started_at: at(0), updated_at: at(9) };
    const { jobs, aside } = await told('thrice.json', [{ workflow_runs: [run, run] }, { jobs: [{ ...job, id: 1 }] }]);
    expect(jobs).toHaveLength(1);
    expect(aside.toSorted()).toEqual(['1 is a run whose jobs are told of as well', `1 ${again}`]);
  });

  it('is not the same stage where each run of Blue Ocean numbers its own', async () => {
    const stage = { id: '6', displayName: 'Build', type: 'STAGE', state: 'FINISHED', durationInMillis: 60_000 };
    const { jobs } = await told('stages-of-two.json', [
      [{ ...stage, startTime: at(1) }],
      [{ ...stage, startTime: at(5) }],
    ]);
    expect(jobs).toHaveLength(2);
  });
});
