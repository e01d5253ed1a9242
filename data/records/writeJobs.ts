import { newByteLines } from './byteLines.ts';
import type { JobRow } from './rows.ts';
import { csvLine, writeLots } from './writeCsv.ts';

/**
 * Writes CI jobs as `job,queued,duration_s`, and `class` where a job has one, to the millisecond, whole or not at all.
 *
 * @throws BadInput when the place cannot be written to.
 */
export function writeJobs(path: string, jobs: Iterable<JobRow>): Promise<void> {
  return writeLots(path, lotsOf(jobs));
}

function* lotsOf(jobs: Iterable<JobRow>): Generator<Uint8Array> {
  let hasClasses = false;
  for (const job of jobs) if (job.class !== undefined) hasClasses = true;
  const cells = new Map<string, string>();
  const cellOf = (name: string): string => {
    let cell = cells.get(name);
    if (cell === undefined) {
      cell = csvLine([name]);
      cells.set(name, cell);
    }
    return cell;
  };
  const lines = newByteLines();
  lines.text(`job,queued,duration_s${hasClasses ? ',class' : ''}\n`);
  for (const { job, queuedAt, durationMs, class: name = '' } of jobs) {
    lines.text(csvLine([job]));
    lines.text(',');
    lines.time(queuedAt);
    lines.text(',');
    lines.amount(Math.round(durationMs) / 1_000);
    if (hasClasses) {
      lines.text(',');
      lines.text(cellOf(name));
    }
    lines.text('\n');
    if (lines.isFull()) yield lines.take();
  }
  yield lines.take();
}
