import type { TimeGrid } from './timeGrid.ts';

/** Between hour ticks, in minutes. */
const STEPS = [5, 10, 15, 30, 60, 120, 180, 240, 360, 720];

interface LocalTime {
  readonly weekday: string;
  readonly day: string;
  readonly month: string;
  readonly minute: number;
}

/** Two lines above the columns of a grid: the days, each from its first column, and the hours or minutes that find room. */
export function timeAxis(grid: TimeGrid, zone: string): readonly [days: string, hours: string] {
  const locals = localTimes(grid, zone);
  return [dayLine(locals), hourLine(grid, locals)];
}

function dayLine(locals: readonly LocalTime[]): string {
  const starts = locals.flatMap((local, column) => (local.day === locals[column - 1]?.day ? [] : [column]));
  const cells = Array<string>(locals.length).fill(' ');
  for (const [n, column] of starts.entries()) {
    const local = locals[column]!;
    const room = (starts[n + 1] ?? locals.length + 1) - column - 1;
    const { weekday, day, month } = local;
    const label = [`${weekday} ${day} ${month}`, `${weekday} ${day}`, weekday, day].find(
      ({ length }) => length <= room,
    );
    put(cells, column, label ?? '');
  }
  return cells.join('').trimEnd();
}

function hourLine({ columnMs }: TimeGrid, locals: readonly LocalTime[]): string {
  const cells = Array<string>(locals.length).fill(' ');
  const step = STEPS.find((length) => (length * 60_000) / columnMs >= (length < 60 ? 6 : 3));
  if (step === undefined) return '';
  for (const [column, local] of locals.entries()) {
    const before = locals[column - 1];
    const tick = Math.floor(local.minute / step);
    // In a zone off the whole hour, or after a change of its clocks, ticks fall inside columns: the next column has them.
    if (before === undefined ? local.minute % step !== 0 : tick === Math.floor(before.minute / step)) continue;
    const minute = tick * step;
    const hour = String(Math.floor(minute / 60)).padStart(2, '0');
    put(cells, column, step < 60 ? `${hour}:${String(minute % 60).padStart(2, '0')}` : hour);
  }
  return cells.join('').trimEnd();
}

/** Writes a label if all of it finds room and it does not touch one before it. */
function put(cells: string[], column: number, label: string): void {
  if (column + label.length > cells.length || (cells[column - 1] ?? ' ') !== ' ') return;
  for (const [n, character] of Array.from(label).entries()) cells[column + n] = character;
}

function localTimes({ from, columnMs, columns }: TimeGrid, zone: string): readonly LocalTime[] {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
  return Array.from({ length: columns }, (_, column) => {
    const parts = new Map(
      format.formatToParts(new Date(from + column * columnMs)).map(({ type, value }) => [type, value]),
    );
    const part = (type: Intl.DateTimeFormatPartTypes): string => parts.get(type) ?? '';
    return {
      weekday: part('weekday'),
      day: part('day'),
      // Four letters for some months would make some labels longer than others.
      month: part('month').slice(0, 3),
      minute: Number(part('hour')) * 60 + Number(part('minute')),
    };
  });
}
