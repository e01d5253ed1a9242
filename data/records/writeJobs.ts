import { isoOf } from '../../src/domain/time.ts';
import type { JobRow } from './rows.ts';
import { writeCsv, writtenTime } from './writeCsv.ts';

/**
 * Writes CI jobs as `job,queued,duration_s`, and `class` where a job has one, to the millisecond, whole or not at all.
 *
 * @throws BadInput when the place cannot be written to.
 */
export function writeJobs(path: string, rows: readonly JobRow[]): Promise<void> {
  const hasClasses = rows.some((row) => row.class !== undefined);
  return writeCsv(path, ['job', 'queued', 'duration_s', ...(hasClasses ? ['class'] : [])], lines(rows, hasClasses));
}

function* lines(rows: readonly JobRow[], hasClasses: boolean): Generator<readonly string[]> {
  for (const row of rows)
    yield [
      row.job,
      writtenTime(isoOf(row.queuedAt)),
      String(Math.round(row.durationMs) / 1_000),
      ...(hasClasses ? [row.class ?? ''] : []),
    ];
}
