import { isoOf } from '../../src/domain/time.ts';
import type { JobRow } from './rows.ts';
import { writeCsv, writtenTime } from './writeCsv.ts';

/**
 * Writes CI jobs as `job,queued,duration_s`, to the millisecond, whole or not at all.
 *
 * @throws BadInput when the place cannot be written to.
 */
export function writeJobs(path: string, rows: readonly JobRow[]): Promise<void> {
  return writeCsv(path, ['job', 'queued', 'duration_s'], lines(rows));
}

function* lines(rows: readonly JobRow[]): Generator<readonly string[]> {
  for (const { job, queuedAt, durationMs } of rows)
    yield [job, writtenTime(isoOf(queuedAt)), String(Math.round(durationMs) / 1_000)];
}
