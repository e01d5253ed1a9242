import { type Instant, type Millis, minutes } from '../src/domain/time.ts';

/** A run cut into columns of one length, which divides a day, so that midnights (UTC) stand at the start of a column. */
export interface TimeGrid {
  readonly from: Instant;
  readonly columnMs: Millis;
  readonly columns: number;
}

const DAY = 24 * 60;
const LENGTHS = [1, 2, 5, 10, 15, 20, 30, 60, 90, 120, 180, 240, 360, 480, 720, DAY];

/** The finest grid over [from, until) that has no more than `room` columns. */
export function timeGrid(from: Instant, until: Instant, room: number): TimeGrid {
  const gridOf = (columnMs: Millis): TimeGrid => {
    const start = Math.floor(from / columnMs) * columnMs;
    return { from: start, columnMs, columns: Math.max(1, Math.ceil((until - start) / columnMs)) };
  };
  for (const length of LENGTHS) {
    const grid = gridOf(minutes(length));
    if (grid.columns <= room) return grid;
  }
  for (let days = 2; ; days += 1) {
    const grid = gridOf(minutes(days * DAY));
    // The start is moved to a multiple of the column, so one column more than the quotient may be needed.
    if (grid.columns <= Math.max(2, room)) return grid;
  }
}

/** The columns that [from, until) touches, clipped to the grid: first and last, last below first for none. */
export function columnsTouched(grid: TimeGrid, from: Instant, until: Instant): readonly [number, number] {
  return [
    Math.max(0, Math.floor((from - grid.from) / grid.columnMs)),
    Math.min(grid.columns, Math.ceil((until - grid.from) / grid.columnMs)) - 1,
  ];
}
