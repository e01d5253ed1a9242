import { describe, expect, it } from 'vitest';
import { classNamed, podClass } from '../../../../data/records/jobs/classes.ts';
import { newInstants } from '../../../../data/records/jobs/instants.ts';
import { lengthOf } from '../../../../data/records/jobs/lengths.ts';
import { readJobs } from '../../../../data/records/readJobs.ts';
import { isoOf } from '../../../../src/domain/time.ts';
import { aFolder } from '../../../support/aFile.ts';

const folder = aFolder();

describe('a time', () => {
  const { of } = newInstants();
  const T = Date.UTC(2026, 2, 2, 8, 5, 7);

  it.each([
    '2026-03-02T08:05:07Z',
    '2026-03-02T08:05:07.000Z',
    '2026-03-02T08:05:07.0000000Z',
    '2026-03-02 09:05:07+01:00',
    '2026-03-02T09:05:07.000+0100',
    '2026-03-02 08:05:07+00',
    '2026-03-02 08:05:07 UTC',
    '2026-03-02 08:05:07 +0000 UTC',
    '20260302T080507Z',
    '20260302T090507+0100',
    '2026-03-02T09:05:07+01:00[Europe/Berlin]',
    'Mon, 02 Mar 2026 08:05:07 GMT',
    'Mar 2, 2026, 8:05:07 AM UTC',
    '02.03.2026 08:05:07Z',
    String(T / 1_000),
    String(T),
    String(T * 1_000),
    (T / 1_000).toExponential(),
    `${T / 1_000},0`,
    T / 1_000,
    T,
  ])('is read from %s', (found) => {
    expect(of(found)).toBe(T);
  });

  it.each([
    ['', 'nothing'],
    ['null', 'nothing'],
    [null, 'nothing'],
    ['0001-01-01T00:00:00Z', 'zero'],
    ['0001-01-01T00:00:00', 'zero'],
    ['1970-01-01T00:00:00Z', 'zero'],
    [0, 'zero'],
    [-62135596800, 'zero'],
    ['9999-12-31T23:59:59Z', 'zero'],
    ['2026-03-02 08:05:07', 'naive'],
    ['3/2/2026 08:05:07', 'unreadable'],
    ['2026-02-30T08:05:07Z', 'unreadable'],
    ['soon', 'unreadable'],
    ['1.77244E+09', 'unreadable'],
    ['2026-03-02 08:05:07 CET', 'unreadable'],
    [{}, 'unreadable'],
  ])('is not read from %j: %s', (found, why) => {
    expect(of(found)).toBe(why);
  });

  it('without a zone goes by the clock that is given, changed or not', () => {
    const berlin = newInstants('Europe/Berlin');
    const iso = (text: string): string => isoOf(Number(berlin.of(text)));
    expect(iso('2026-03-02 08:00:00')).toBe('2026-03-02T07:00:00.000Z');
    expect(iso('2026-07-02 08:00:00')).toBe('2026-07-02T06:00:00.000Z');
    expect(berlin.doubtful()).toBe(0);
    // Shown twice: the earlier. Never shown: as if the clock had not been put forward.
    expect(iso('2026-10-25 02:30:00')).toBe('2026-10-25T00:30:00.000Z');
    expect(iso('2026-03-29 02:30:00')).toBe('2026-03-29T01:30:00.000Z');
    expect(berlin.doubtful()).toBe(2);
    expect(isoOf(Number(newInstants('Australia/Lord_Howe').of('2026-01-01 00:00:00')))).toBe(
      '2025-12-31T13:00:00.000Z',
    );
  });
});

describe('a length', () => {
  it.each(['492', '492.0', '8m12s', '0:08:12', '8:12', '8 min 12 sec', 'PT8M12S', '492s', '492000 ms', 492])(
    'is read from %s',
    (found) => {
      expect(lengthOf(found, 1_000)).toBe(492_000);
    },
  );

  it('is none where it says so, and unreadable otherwise', () => {
    expect(lengthOf('', 1_000)).toBe('nothing');
    expect(lengthOf('-5', 1_000)).toBe(-5_000);
    expect(lengthOf('pending', 1_000)).toBeUndefined();
  });

  it('has a comma as its decimal point where it cannot be one before thousands', () => {
    expect(lengthOf('480,5', 1_000)).toBe(480_500);
    expect(lengthOf('1480,125', 1_000)).toBe(1_480_125);
    expect(lengthOf('0,125', 1_000)).toBe(125);
    expect(lengthOf('1,480', 1_000)).toBeUndefined();
  });
});

describe('the class of a job', () => {
  it.each([
    ['CI', 'build (ubuntu-latest, 3.12)', 'CI/build'],
    ['CI', 'call / test (1, 2)', 'CI/call / test'],
    [undefined, 'rspec 3/10', 'rspec'],
    [undefined, 'rspec: [ruby, 2]', 'rspec'],
    ['app', undefined, 'app'],
    ['app', 'app', 'app'],
    [undefined, 'deploy 4f2a9c1d', 'deploy *'],
    [undefined, '8412', undefined],
    [undefined, 'j17', undefined],
  ])('named %j and %j is %j', (workflow, job, name) => {
    expect(classNamed(workflow, job)).toBe(name);
  });

  it('that is a pod is its name without what a controller adds', () => {
    expect(podClass('runner-17')).toBe('runner');
    expect(podClass('unit-tests-7d9fbc6c5b-x2k4f')).toBe('unit-tests');
  });
});

describe('a file with more than jobs', () => {
  const read = (name: string, value: unknown) => readJobs(folder.file(name, JSON.stringify(value)));
  const times = { started_at: '2026-03-02T08:00:00Z', completed_at: '2026-03-02T08:10:00Z' };
  const run = { id: 1, name: 'CI', head_sha: 'x', status: 'completed', conclusion: 'success' };

  it('counts runs only where their jobs are not told of', async () => {
    const runs = {
      total_count: 1,
      workflow_runs: [{ ...run, run_started_at: times.started_at, updated_at: times.completed_at }],
    };
    const alone = await read('runs.json', runs);
    expect(alone.notes.assumptions.join()).toMatch(/1 are runs of several jobs/);
    const beside = await read('both.json', [
      runs,
      { total_count: 2, jobs: [{ id: 2, run_id: 1, ...times, conclusion: 'success' }] },
    ]);
    expect(beside.rows.length).toBe(1);
    expect(beside.notes.setAside).toMatchObject([{ reason: 'is a run whose jobs are told of as well', entries: 1 }]);
    expect(beside.notes.assumptions).toContain(
      '1 of 2 entries are there: later pages are missing, which gh api --paginate fetches',
    );
  });

  it('takes the later of two rows of one job', async () => {
    const one = { id: 2, run_id: 1, ...times, conclusion: 'success' };
    const { rows, notes } = await read('twice.json', [one, { ...one, completed_at: '2026-03-02T08:20:00Z' }]);
    expect(rows.map(({ durationMs }) => durationMs)).toEqual([20 * 60_000]);
    expect(notes.setAside).toMatchObject([{ reason: 'is told of twice, of which the later stands', entries: 1 }]);
  });

  it('leaves out pods of services, and jobs that never had a machine', async () => {
    const pod = (name: string, extra: object) => ({
      kind: 'Pod',
      metadata: { name, creationTimestamp: '2026-03-02T08:00:00Z', ...extra },
      status: {
        ...{ phase: 'Succeeded', startTime: '2026-03-02T08:01:00Z' },
        containerStatuses: [{ state: { terminated: { finishedAt: '2026-03-02T08:09:00Z' } } }],
      },
    });
    const { rows, notes } = await read('pods.json', {
      ...{ kind: 'List', items: [pod('a', {}), pod('b', { ownerReferences: [{ kind: 'DaemonSet', name: 'b' }] })] },
    });
    expect(rows.length).toBe(1);
    expect(notes.setAside).toMatchObject([{ reason: 'is a pod of a service, not of a job' }]);
    const cancelled = await read('cancelled.json', [
      { id: 1, ...times, conclusion: 'cancelled', runner_id: 0 },
      { id: 2, ...times, conclusion: 'cancelled', runner_id: 4 },
    ]);
    expect(cancelled.notes.setAside).toMatchObject([{ reason: 'was cancelled before it started', entries: 1 }]);
  });

  it('reads counts of a runner as jobs, first in, first out', async () => {
    const values = [0, 1, 2, 1, 0].map((count, index) => [1_772_438_400 + index * 60, String(count)]);
    const { rows, notes } = await read('runner.json', {
      status: 'success',
      data: { resultType: 'matrix', result: [{ metric: { __name__: 'gitlab_runner_jobs' }, values }] },
    });
    expect(rows.map(({ durationMs }) => durationMs)).toEqual([120_000, 120_000]);
    expect(notes.assumptions.join()).toMatch(/from a count of jobs that run/);
  });

  it('is read by the keys and columns that are named', async () => {
    const nested = await readJobs(
      folder.file('own.json', JSON.stringify({ list: [{ t: { q: 1_772_438_400, e: 1_772_438_460 }, what: 'x' }] })),
      { columns: { queued: 't.q', finished: 't.e', job: 'what' } },
    );
    expect(nested.rows).toMatchObject([{ durationMs: 60_000, class: 'x' }]);
    const table = folder.file('own.csv', 'asked,begun,over\n1772438400,1772438460,1772438520\n');
    const { rows } = await readJobs(table, { columns: { queued: 'asked', started: 'begun', finished: 'over' } });
    expect(rows).toMatchObject([{ queuedAt: 1_772_438_400_000, durationMs: 60_000 }]);
    await expect(readJobs(table, { columns: { queued: 'askd', finished: 'over' } })).rejects.toThrow(
      /own\.csv:1:1: expected a column askd; found asked, begun, over \(is "asked" meant to be askd\?\); --columns says that it holds queued/,
    );
  });
});
