import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jobHistoryOf, jobsJoined } from '../../../../data/records/jobs/history.ts';
import type { RecordedJob } from '../../../../data/records/rows.ts';

const drawn = fc.array(
  fc.record(
    {
      queuedAt: fc.integer({ min: 1, max: 50 }),
      durationMs: fc.integer({ min: 1, max: 1e9 }),
      startedAt: fc.integer({ min: 1, max: 60 }),
      class: fc.constantFrom('build', 'lint'),
    },
    { requiredKeys: ['queuedAt', 'durationMs'] },
  ),
);

const named = (jobs: readonly Omit<RecordedJob, 'job'>[]): readonly RecordedJob[] =>
  jobs.toSorted((a, b) => a.queuedAt - b.queuedAt).map((job, index) => ({ job: `j${index + 1}`, ...job }));
const unnamed = (jobs: readonly Omit<RecordedJob, 'job'>[]): readonly RecordedJob[] =>
  jobs.map((job) => ({ job: '', ...job }));

describe('jobs in columns', () => {
  it('are the same jobs, in the order in which they were queued', () => {
    fc.assert(
      fc.property(drawn, (jobs) => {
        const history = jobHistoryOf(unnamed(jobs));
        expect(history.rows()).toEqual(named(jobs));
        expect([...history]).toEqual(named(jobs));
      }),
    );
  });

  it('of several files are those of all of them', () => {
    fc.assert(
      fc.property(fc.array(drawn, { minLength: 1, maxLength: 4 }), (files) => {
        expect(jobsJoined(files.map((jobs) => jobHistoryOf(unnamed(jobs)))).rows()).toEqual(named(files.flat()));
      }),
    );
  });

  it('within a stretch of time are those queued in it', () => {
    fc.assert(
      fc.property(drawn, fc.nat(60), fc.nat(60), (jobs, a, b) => {
        const [from, until] = [Math.min(a, b), Math.max(a, b)];
        const within = jobs.filter(({ queuedAt }) => queuedAt >= from && queuedAt < until);
        expect(jobHistoryOf(unnamed(jobs)).queuedWithin(from, until).rows()).toEqual(named(within));
      }),
    );
  });

  it('are moved with their starts', () => {
    const job = { job: 'j1', queuedAt: 5, startedAt: 7, durationMs: 1 };
    expect(jobHistoryOf([job]).moved(10).rows()).toEqual([{ ...job, queuedAt: 15, startedAt: 17 }]);
    expect(jobHistoryOf([job]).withoutStarts().rows()).toEqual([{ job: 'j1', queuedAt: 5, durationMs: 1 }]);
  });
});
