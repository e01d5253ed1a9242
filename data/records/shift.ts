import { after, type Instant, type Millis } from '../../src/domain/time.ts';

/** Rows of prices or availability moved in time; a negative length moves them into the past. */
export const shiftRows = <Row extends { readonly at: Instant }>(rows: readonly Row[], byMs: Millis): readonly Row[] =>
  rows.map((row) => ({ ...row, at: after(row.at, byMs) }));
