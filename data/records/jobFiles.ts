import { BadInput } from '../../src/config/mistakes.ts';
import { incomplete } from './jobs/fromJson.ts';
import type { EarlierFiles } from './jobs/repeats.ts';
import { noJobsIn, type RecordedJobs } from './readJobs.ts';

/** Files of jobs that are read together: a job of which several tell counts once. */
export interface JobFiles {
  /** For `readJobHistory`, with each of the files in turn; undefined for one file. */
  readonly told: EarlierFiles | undefined;
  /**
   * Once all are read: sets those runs aside whose jobs are in another file.
   *
   * @throws BadInput if no file has a job that ran.
   */
  readonly settle: (reads: readonly RecordedJobs[]) => Promise<readonly RecordedJobs[]>;
}

export function newJobFiles(files: readonly string[]): JobFiles {
  if (files.length < 2) return { told: undefined, settle: (reads) => Promise.resolve(reads) };
  const told: EarlierFiles = { jobs: new Set(), counts: new Map() };
  return {
    told,
    settle: async (reads) => {
      if (reads.every(({ rows }) => rows.length === 0))
        throw new BadInput(reads.map(({ notes }) => noJobsIn(notes.file, notes.setAside)));
      const withJobs = new Set(reads.filter(({ withoutRuns }) => withoutRuns === undefined).flatMap(systemsOf));
      const settled: RecordedJobs[] = [];
      for (const read of reads) {
        const areTold = read.withoutRuns !== undefined && systemsOf(read).some((system) => withJobs.has(system));
        settled.push(areTold ? await read.withoutRuns() : read);
      }
      const missing = incomplete(told.counts);
      // The pages of one list may be a file each: only all of them tell whether one is missing.
      return settled.map((read, index) =>
        index < settled.length - 1 || missing.length === 0
          ? read
          : { ...read, notes: { ...read.notes, assumptions: [...read.notes.assumptions, ...missing] } },
      );
    },
  };
}

/** `GitHub`, of what is read as `GitHub Actions runs`. None of a file without jobs. */
const systemsOf = ({ rows, notes }: RecordedJobs): readonly string[] =>
  rows.length === 0 ? [] : notes.form.split(', ').map((form) => form.split(' ', 1)[0] ?? '');
