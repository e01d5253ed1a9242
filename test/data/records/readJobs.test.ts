import { describe, expect, it } from 'vitest';
import { notesText } from '../../../data/records/notes.ts';
import { readJobs } from '../../../data/records/readJobs.ts';
import { hours, isoOf, minutes, seconds } from '../../../src/domain/time.ts';
import { aFolder, mistakesOf } from '../../support/aFile.ts';

const folder = aFolder();
const read = (name: string, content: string) => readJobs(folder.file(name, content));
const mistakes = (name: string, content: string) => mistakesOf(readJobs(folder.file(name, content)), folder.path);

describe('CI jobs', () => {
  it('of a job list start when they are queued, in the order of time and without their names', async () => {
    const { rows, notes } = await read(
      'linkerd.csv',
      `started,completed,workflow,job,conclusion
2020-05-18T06:00:33+00:00,2020-05-18T06:00:38+00:00,Static checks,"Secret, codename",success
2020-05-18T06:00:32+00:00,2020-05-18T06:03:37+00:00,Static checks,Go lint,success
2020-05-18T07:00:00+00:00,2020-05-18T07:00:00+00:00,Static checks,Nothing,skipped
`,
    );
    expect(rows.map(({ job, queuedAt, durationMs }) => [job, isoOf(queuedAt), durationMs])).toEqual([
      ['j1', '2020-05-18T06:00:32.000Z', seconds(185)],
      ['j2', '2020-05-18T06:00:33.000Z', seconds(5)],
    ]);
    expect(notesText(notes).map((line) => line.replace(`${folder.path}/`, ''))).toEqual([
      'linkerd.csv: started and completed, 3 entries, 2020-05-18T06:00:32.000Z to 2020-05-18T06:03:37.000Z',
      '  1 dropped: took no time',
      '  assumed: without times of queueing: taken as queued when they started',
    ]);
  });

  it('of GitLab keep when they were queued and when they started', async () => {
    const { rows, notes } = await read(
      'gitlab.csv',
      `queued,started,finished,result,runner,pipeline
2024-03-01T10:00:00Z,2024-03-01T10:00:40Z,2024-03-01T10:05:00Z,success,7,9
2024-03-01T10:00:02Z,2024-03-01T10:00:00Z,2024-03-01T10:05:00Z,success,7,9
2024-03-01T10:00:00Z,,,canceled,,9
2024-03-01T10:00:00Z,2024-03-01T10:00:00Z,,running,,9
`,
    );
    expect(
      rows.map(({ queuedAt, startedAt = 0, durationMs }) => [isoOf(queuedAt), startedAt - queuedAt, durationMs]),
    ).toEqual([
      ['2024-03-01T10:00:00.000Z', seconds(40), seconds(260)],
      ['2024-03-01T10:00:00.000Z', 0, minutes(5)],
    ]);
    expect(notes.dropped).toEqual([
      { entries: 1, reason: 'never started' },
      { entries: 1, reason: 'never finished' },
    ]);
    expect(notes.clipped).toEqual([{ entries: 1, reason: 'queued after it started: taken as queued when it started' }]);
  });

  it('of GitHub Actions are cut to six hours, those of others are not', async () => {
    const rows = '2024-03-01T10:00:00Z,2024-03-04T10:00:00Z';
    const github = await read(
      'github.csv',
      `repo,run_id,run_created,event,job,started,completed,result\na,1,x,push,b,${rows},success\n`,
    );
    expect(github.rows[0]?.durationMs).toBe(hours(6));
    expect(github.notes.clipped).toEqual([{ entries: 1, reason: 'longer than GitHub lets a job run: cut to 6 h' }]);
    const other = await read('other.csv', `started,finished\n${rows}\n`);
    expect(other.rows[0]?.durationMs).toBe(hours(72));
  });

  it('of Buildkite come with their build, to the minute', async () => {
    const { rows, notes } = await read(
      'buildkite.csv',
      'build_created_utc,build,job,duration_s\n2024-03-01 10:07,17,test,90\n2024-03-01T10:07Z,17,lint,1.5\n',
    );
    expect(rows.map(({ queuedAt, durationMs }) => [isoOf(queuedAt), durationMs])).toEqual([
      ['2024-03-01T10:07:00.000Z', 90_000],
      ['2024-03-01T10:07:00.000Z', 1_500],
    ]);
    expect(notes.assumptions[0]).toMatch(/when their build was created/);
  });

  it('that end before they start are told, each with its place', async () => {
    expect(
      await mistakes(
        'backwards.csv',
        `job,started,completed
a,2024-03-01T10:00:00Z,2024-03-01T09:00:00Z
b,2024-03-01T10:00:00Z,soon
`,
      ),
    ).toEqual([
      'backwards.csv:2:24: expected an end at or after the start, found "2024-03-01T09:00:00Z": the job, started 2024-03-01T10:00:00Z, ends before it starts',
      'backwards.csv:3:24: expected a time such as 2026-03-02T00:00:00Z, found "soon"',
    ]);
    expect(await mistakes('ours.csv', 'job,queued,duration_s\na,2024-03-01T10:00:00Z,-5\n')).toEqual([
      'ours.csv:2:24: expected a length in seconds, 0 or more, found "-5": the job ends before it starts',
    ]);
  });

  it.each([
    ['columns.csv', 'started,ended,job\n', /^columns\.csv:1:1: expected a column completed; found started, ended, job/],
    ['nothing.csv', 'job,queued,duration_s\n', /^nothing\.csv: expected at least one job that ran, found none$/],
    [
      'dropped.csv',
      'job,queued,duration_s\na,2024-03-01T10:00:00Z,0\n',
      /^dropped\.csv: expected at least one job that ran, found 1 that took no time$/,
    ],
    ['jobs.json', '[]', /^jobs\.json: expected CI jobs as CSV with a header, found JSON$/],
  ])('are not read from %s, and why is told', async (name, content, message) => {
    expect((await mistakes(name, content))[0]).toMatch(message);
  });
});
