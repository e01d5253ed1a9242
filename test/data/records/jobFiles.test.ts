import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { recognise } from '../../../data/import/recognise.ts';
import { newJobFiles } from '../../../data/records/jobFiles.ts';
import type { Reject } from '../../../data/records/jobs/setAside.ts';
import { readJobHistory } from '../../../data/records/readJobs.ts';
import { isoOf } from '../../../src/domain/time.ts';
import { aFolder, mistakesOf } from '../../support/aFile.ts';

const folder = aFolder();
const MONDAY = Date.UTC(2026, 10, 2);
const at = (minute: number): string => isoOf(MONDAY + minute * 60_000);
const job = (id: number, started = id, finished = started + 5) => ({
  ...{ id, run_id: 1, name: 'build', status: 'completed', conclusion: 'success', runner_id: id },
  ...{ created_at: at(started), started_at: at(started), completed_at: at(finished) },
});
const page = (jobs: readonly object[], total_count = jobs.length): string => JSON.stringify({ total_count, jobs });

async function readAll(contents: readonly string[], onReject?: (reject: Reject) => void) {
  const paths = contents.map((content, index) => folder.file(`page-${index}.json`, content));
  const together = newJobFiles(paths);
  const reads = [];
  for (const path of paths)
    reads.push(await readJobHistory(path, { told: together.told, atMostSetAside: 1, onReject }));
  return together.settle(reads);
}

const used = (reads: Awaited<ReturnType<typeof readAll>>): number =>
  reads.reduce((sum, { rows }) => sum + rows.length, 0);
const RUNS = JSON.stringify({
  workflow_runs: [{ id: 1, name: 'CI', head_sha: 'x', status: 'completed', run_started_at: at(0), updated_at: at(9) }],
});

describe('files of jobs that are read together', () => {
  it('count each job once, however their pages overlap, and lose no row', async () => {
    const pages = fc.array(fc.array(fc.integer({ min: 1, max: 9 }), { maxLength: 6 }), { minLength: 2, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(pages, async (ids) => {
        fc.pre(ids.some((some) => some.length > 0));
        const reads = await readAll(ids.map((some) => page(some.map((id) => job(id)))));
        expect(used(reads)).toBe(new Set(ids.flat()).size);
        for (const { rows, notes } of reads)
          expect(notes.read).toBe(rows.length + (notes.setAside ?? []).reduce((sum, { entries }) => sum + entries, 0));
      }),
      { numRuns: 40 },
    );
  });

  it.each([[[RUNS, page([job(1)])]], [[page([job(1)]), RUNS]], [[page([job(1)]), page([job(1), job(2)])]]])(
    'list each row that is set aside, with its place, also where only another file tells of it',
    async (contents) => {
      const rejects: Reject[] = [];
      const reads = await readAll(contents, (reject) => rejects.push(reject));
      const counted = reads.flatMap(({ notes }) =>
        (notes.setAside ?? []).map(({ entries, reason, first }) => ({ file: notes.file, entries, reason, first })),
      );
      expect(counted).toHaveLength(1);
      expect(rejects).toHaveLength(1);
      const [{ file, line, column, reason }] = rejects as [Reject];
      expect(counted).toEqual([{ file, entries: 1, reason, first: `${line}:${column}` }]);
    },
  );

  it('keep two jobs of one id that ran at other times: they are of two servers', async () => {
    expect(used(await readAll([page([job(1)]), page([job(1, 30)])]))).toBe(2);
  });

  it.each([[[RUNS, page([job(1)])]], [[page([job(1)]), RUNS]]])(
    'count a run only where its jobs are in none of them',
    async (contents) => {
      const reads = await readAll(contents);
      expect(used(reads)).toBe(1);
      expect(reads.flatMap(({ notes }) => notes.setAside ?? [])).toMatchObject([
        { reason: 'is a run whose jobs are told of as well', entries: 1 },
      ]);
      const buildkite = { id: 'b', number: 4, state: 'passed', pipeline: { slug: 'a' }, created_at: at(0) };
      const build = { ...buildkite, started_at: at(0), finished_at: at(9) };
      expect(used(await readAll([JSON.stringify([build]), page([job(1)])]))).toBe(2);
    },
  );

  it('may have no job that ran, if one of them has', async () => {
    const skipped = page([{ ...job(3), conclusion: 'skipped' }]);
    expect(used(await readAll([page([job(1)]), skipped, '[]']))).toBe(1);
    const paths = [folder.file('a.json', skipped), folder.file('b.json', '[]')];
    const reading = { jobs: {}, prices: {} };
    const { jobs } = await recognise([folder.file('c.json', page([job(1)])), ...paths], 'up', reading);
    expect(jobs?.recording.rows.length).toBe(1);
    expect(await mistakesOf(readAll([skipped, '[]']), folder.path)).toEqual([
      'page-0.json: expected at least one job that ran, found 1 that was skipped',
      'page-1.json: expected at least one job that ran, found none: the list is empty; export another time, project or page',
    ]);
    expect(await mistakesOf(recognise([folder.file('d.json', '[]')], 'up', reading), folder.path)).toEqual([
      'd.json: expected CI jobs, spot prices or availability, found an empty list: export another time, project or page',
    ]);
  });

  it('have the pages of one list in a file each, and say so if one is missing', async () => {
    const assumed = async (contents: readonly string[]) =>
      (await readAll(contents)).flatMap(({ notes }) => notes.assumptions).join();
    const [first, second] = [page([job(1), job(2)], 3), page([job(3)], 3)];
    expect(await assumed([first, second])).toBe('');
    expect(await assumed([first, '[]'])).toMatch(/^2 of 3 entries are there: later pages are missing/);
  });
});

describe('a file without rows', () => {
  it.each([
    [
      'page.html',
      '<!doctype html><title>Sign in</title>',
      'a page of HTML ("Sign in"): that is what a browser is shown',
    ],
    ['null.json', 'null\n', 'only null: did a filter (--jq, jq) leave nothing?'],
    ['colours.json', '\u001b[1;37m{\u001b[m}', 'text with the colours of a terminal: write it without'],
    ['report.xml', '<?xml version="1.0"?>', 'XML: export JSON or CSV'],
  ])('is called what it is: %s', async (name, content, message) => {
    const path = folder.file(name, content);
    expect((await mistakesOf(readJobHistory(path), folder.path))[0]).toContain(
      `${name}:1:1: expected CI jobs, found ${message}`,
    );
    const reading = { jobs: {}, prices: {} };
    expect((await mistakesOf(recognise([path], 'up', reading), folder.path))[0]).toContain(`found ${message}`);
  });
});
