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
      '  1 set aside: was skipped, first at linkerd.csv:4',
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
    expect(notes.setAside).toEqual([
      { entries: 1, reason: 'was cancelled before it started', first: '4', isWrong: false },
      { entries: 1, reason: 'was not over yet', first: '5', isWrong: false },
    ]);
    expect(notes.clipped).toEqual([{ entries: 1, reason: 'queued after it started: taken as queued when it started' }]);
  });

  it('are cut to six hours on machines of GitHub, and nowhere else', async () => {
    const times = '"started_at":"2024-03-01T10:00:00Z","completed_at":"2024-03-04T10:00:00Z"';
    const job = (labels: string) =>
      `{"id":1,"run_id":1,"name":"b",${times},"labels":[${labels}],"conclusion":"success"}`;
    const hosted = await read('hosted.json', job('"ubuntu-24.04"'));
    expect(hosted.rows[0]?.durationMs).toBe(hours(6));
    expect(hosted.notes.clipped).toEqual([
      { entries: 1, reason: 'longer than GitHub lets a job run on its own machines: cut to 6 h' },
    ]);
    const own = await read('own.json', job('"self-hosted","ubuntu-24.04"'));
    expect(own.rows[0]?.durationMs).toBe(hours(72));
    expect(own.notes.assumptions.join()).not.toMatch(/6 h/);
    const unknown = await read(
      'unknown.csv',
      'run_id,job,started,completed\n1,b,2024-03-01T10:00:00Z,2024-03-04T10:00:00Z\n',
    );
    expect(unknown.rows[0]?.durationMs).toBe(hours(72));
    expect(unknown.notes.assumptions).toContain(
      "1 ran for more than 6 h, which GitHub's own machines do not allow: taken as they are, for nothing says whose machines they ran on",
    );
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

  it('with values that cannot be read are told, each with its place', async () => {
    expect(
      await mistakes(
        'unreadable.csv',
        `job,started,completed
a,2024-03-01T10:00:00Z,soon
b,2024-03-01T10:00:00Z,2024-03-01T25:00:00Z
`,
      ),
    ).toEqual([
      'unreadable.csv:2:24: expected a time such as 2026-03-02T00:00:00Z, found "soon"',
      'unreadable.csv:3:24: expected a time such as 2026-03-02T00:00:00Z, found "2024-03-01T25:00:00Z"',
    ]);
    expect(await mistakes('long.csv', 'job,queued,duration_s\na,2024-03-01T10:00:00Z,long\n')).toEqual([
      'long.csv:2:24: expected a length such as 480, 480s, 8m or 0:08:00, found "long"',
    ]);
    expect(
      await mistakes('one.jsonl', '{"created_at":"2024-03-01T10:00:00Z","started_at":"x","finished_at":1709290800}\n'),
    ).toEqual(['one.jsonl:1:51: expected a time such as 2026-03-02T00:00:00Z, found "x"']);
  });

  it('of which nobody says the zone are refused with the flag that says it', async () => {
    const table =
      'started,finished\n2026-03-02 08:00:00,2026-03-02 08:10:00\n2026-03-02 09:00:00,2026-03-02 08:10:00\n';
    expect(await mistakes('naive.csv', table)).toEqual([
      'naive.csv:2:1: expected a time with its zone, such as 2026-03-02T08:00:00Z or 2026-03-02T09:00:00+01:00, found "2026-03-02 08:00:00": say by which clock the times of this file go, with --time-zone Europe/Berlin or --time-zone UTC',
    ]);
  });

  it.each([
    [
      'columns.csv',
      'started,took_until,job\n',
      /^columns\.csv:1:1: expected a column completed; found started, took_until, job/,
    ],
    [
      'nothing.csv',
      'job,queued,duration_s\n',
      /^nothing\.csv: expected at least one job that ran, found none: the list is empty; export another/,
    ],
    [
      'dropped.csv',
      'job,queued,duration_s\na,2024-03-01T10:00:00Z,0\n',
      /^dropped\.csv: expected at least one job that ran, found 1 that took no time$/,
    ],
    ['jobs.json', '[]', /^jobs\.json: expected at least one job that ran, found none: the list is empty/],
    [
      'strange.json',
      '{"a":[{"b":1}]}',
      /^strange\.json:1:1: expected CI jobs in a known form, found an object with the keys a: name the keys/,
    ],
    [
      'error.json',
      '{"message":"Not Found","documentation_url":"https://docs.github.com/rest"}',
      /^error\.json:1:1: expected CI jobs, found an error in their place: "Not Found"; fetch them again$/,
    ],
    ['cut.json', '{"jobs":[{"id":1', /^cut\.json:1:17: expected more JSON, found the end of the file/],
    ['broken.json', '{"jobs":[{"id":so}]}', /^broken\.json:1:16: expected JSON, found an unexpected "s"$/],
  ])('are not read from %s, and why is told', async (name, content, message) => {
    expect((await mistakes(name, content))[0]).toMatch(message);
  });

  it.each([
    ['are CR', 'job,queued,duration_s\ra,2024-03-01T10:00:00Z,480\r'],
    ['are framed', '+---+\n| job | queued | duration_s |\n+---+\n| a | 2024-03-01T10:00:00Z | 480 |\n+---+\n'],
    ['have quotes after blanks', 'job, queued, duration_s\n"a", "2024-03-01T10:00:00Z" , "480"\n'],
    ['come after a remark', '# exported\njob;queued;duration_s\na;2024-03-01T10:00:00Z;480\n'],
  ])('are read from a table whose lines %s', async (_, content) => {
    const { rows } = await read('lines.csv', content);
    expect(rows).toMatchObject([{ class: 'a', durationMs: minutes(8) }]);
  });

  it('are read from a table in the letters of Windows', async () => {
    const bytes = Buffer.from('job,queued,duration_s\nprüfung,2024-03-01T10:00:00Z,480\n', 'latin1');
    const { rows } = await readJobs(folder.file('windows.csv', bytes));
    expect(rows).toMatchObject([{ class: 'prüfung' }]);
  });
});
