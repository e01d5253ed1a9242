import type { Instant } from '../../src/domain/time.ts';

/**
 * Puts the rows of one market in the order of time, in place: they come by the million. Of several rows of one instant the
 * last in the file stands: it is what held afterwards.
 *
 * @returns how many rows went.
 */
export function putInTime(rows: { readonly at: Instant }[]): number {
  const before = rows.length;
  rows.sort((a, b) => a.at - b.at);
  let kept = 0;
  for (const row of rows) {
    if (kept > 0 && rows[kept - 1]?.at === row.at) kept -= 1;
    rows[kept] = row;
    kept += 1;
  }
  rows.length = kept;
  return before - kept;
}
