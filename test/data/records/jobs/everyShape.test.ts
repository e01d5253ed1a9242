import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Reject } from '../../../../data/records/jobs/setAside.ts';
import { readJobs } from '../../../../data/records/readJobs.ts';
import { aFolder } from '../../../support/aFile.ts';
import type { DrawnJob } from './shape.ts';
import { SHAPES } from './shapes.ts';

const folder = aFolder();
const MONDAY = Date.UTC(2026, 1, 2);

/** Winter, so that the clock of Berlin is an hour ahead all week. */
const weeks = fc
  .array(
    fc.record({
      queued: fc.integer({ min: 0, max: 7 * 86_400 }),
      wait: fc.integer({ min: 0, max: 900 }),
      length: fc.integer({ min: 1, max: 20_000 }),
      workflow: fc.constantFrom('CI', 'nightly'),
      name: fc.constantFrom('build', 'unit-tests', 'lint'),
    }),
    { minLength: 1, maxLength: 12 },
  )
  .map((drawn) =>
    drawn.map(({ queued, wait, length, workflow, name }, index): DrawnJob => {
      const queuedAt = MONDAY + queued * 1_000;
      const startedAt = queuedAt + wait * 1_000;
      return { id: index + 1, queuedAt, startedAt, endedAt: startedAt + length * 1_000, workflow, name };
    }),
  );

const inOrder = (rows: readonly (readonly number[])[]): readonly (readonly number[])[] =>
  rows.toSorted((a, b) => a.map((value, index) => value - (b[index] ?? 0)).find((by) => by !== 0) ?? 0);

describe.each(SHAPES)('a random week written as $file', ({ file, tells, named, write }) => {
  it('is read back as the same jobs', async () => {
    await fc.assert(
      fc.asyncProperty(weeks, async (jobs) => {
        const { rows, notes } = await readJobs(folder.file(file, write(jobs)), { timeZone: 'Europe/Berlin' });
        const told = jobs.map(({ queuedAt, startedAt, endedAt }) =>
          tells === 'queued'
            ? [queuedAt, endedAt - queuedAt]
            : [tells === 'both' ? queuedAt : startedAt, endedAt - startedAt, startedAt],
        );
        const read = rows.map(({ queuedAt, startedAt, durationMs }) =>
          startedAt === undefined ? [queuedAt, durationMs] : [queuedAt, durationMs, startedAt],
        );
        expect(inOrder(read)).toEqual(inOrder(told));
        if (named) expect(rows.every((row) => row.class !== undefined && !row.class.includes('('))).toBe(true);
        const aside = (notes.setAside ?? []).reduce((sum, { entries }) => sum + entries, 0);
        expect(notes.read).toBe(rows.length + aside);
      }),
      { numRuns: 15 },
    );
  });
});

describe('rows that are no good', () => {
  const good = (index: number): string => `2026-02-02T08:00:00Z,2026-02-02T08:01:${String(10 + index)}Z,success`;
  const bad = {
    '2026-02-02T08:00:01Z,2026-02-02T08:00:00Z,success': 'ends before it starts',
    '2026-02-02T08:00:00Z,,success': 'has no end',
    '0001-01-01T00:00:00Z,2026-02-02T08:00:00Z,success':
      'has a time that stands for none, such as 0001-01-01 or 1970-01-01',
    '2026-02-02T08:00:01Z,2026-02-02T08:00:00Z,skipped': 'was skipped',
    ',,cancelled': 'was cancelled before it started',
    ',,success': 'never started',
    '2026-02-02T08:00:00Z,,in_progress': 'was not over yet',
    '2026-02-02T08:00:00Z,2026-02-02T08:00:00Z,success': 'took no time',
  } as const;
  const drawn = fc.array(
    fc.oneof(fc.nat(40).map(good), fc.constantFrom(...(Object.keys(bad) as (keyof typeof bad)[]))),
    { minLength: 1, maxLength: 30 },
  );

  it('are each set aside by their reason: rows in are rows used and rows set aside', async () => {
    await fc.assert(
      fc.asyncProperty(drawn, async (rows) => {
        fc.pre(rows.some((row) => !(row in bad)));
        const rejects: Reject[] = [];
        const path = folder.file('mixed.csv', `started,finished,conclusion\n${rows.join('\n')}\n`);
        const read = await readJobs(path, { atMostSetAside: 1, onReject: (reject) => rejects.push(reject) });
        const expected = rows.flatMap((row, index) =>
          row in bad ? [{ line: index + 2, reason: bad[row as keyof typeof bad] }] : [],
        );
        expect(rejects.map(({ line, reason }) => ({ line, reason }))).toEqual(expected);
        expect(read.rows.length).toBe(rows.length - expected.length);
        expect(read.notes.read).toBe(rows.length);
        for (const { reason, entries, first } of read.notes.setAside ?? []) {
          const own = expected.filter((one) => one.reason === reason);
          expect([entries, first]).toEqual([own.length, String(own[0]?.line)]);
        }
      }),
      { numRuns: 60 },
    );
  });

  const mixed = (wrong: number, of: number): string =>
    folder.file(
      `${wrong}-of-${of}.csv`,
      `started,finished,conclusion\n${Array.from({ length: of }, (_, index) => (index < wrong ? Object.keys(bad)[0] : good(1))).join('\n')}\n${'2026-02-02T08:00:01Z,2026-02-02T08:00:00Z,skipped\n'.repeat(50)}`,
    );

  it('refuse the file above a share, of which skipped jobs are no part', async () => {
    expect((await readJobs(mixed(1, 20))).rows.length).toBe(19);
    await expect(readJobs(mixed(2, 20))).rejects.toThrow(
      /expected at most 5 % of the rows not to be meant, found 2 of 20 \(10 %\): 2 that ends before it starts \(the first at 2\); mend them, list them with --rejects FILE, or allow as many with --at-most-set-aside 10%/,
    );
    expect((await readJobs(mixed(2, 20), { atMostSetAside: 0.1 })).rows.length).toBe(18);
    await expect(readJobs(mixed(1, 20), { atMostSetAside: 0 })).rejects.toThrow(/expected no row that cannot be meant/);
    expect((await readJobs(mixed(0, 2), { atMostSetAside: 0 })).rows.length).toBe(2);
  });
});
