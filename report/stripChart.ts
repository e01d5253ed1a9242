import type { BlockBar, Outcome, ValueFrom } from '../sim/outcome.ts';
import type { Instant } from '../src/domain/time.ts';
import type { BlockState } from '../src/domain/words.ts';
import { plain } from './figures.ts';
import { timeAxis } from './timeAxis.ts';
import { columnsTouched, type TimeGrid, timeGrid } from './timeGrid.ts';

export interface StripChartOptions {
  /** Characters a line may have; fewer than 72 are taken for 72. */
  readonly columns: number;
  /** The stretch that is drawn; the whole run without. */
  readonly from?: Instant;
  readonly until?: Instant;
  /** IANA zone of the axis; UTC without. */
  readonly zone?: string;
}

/** What a chart's characters stand for, the least eventful first. */
export const MARKS = {
  '.': 'requesting',
  z: 'resting',
  '-': 'joining',
  '#': 'serving',
  '~': 'draining',
  x: 'terminating',
  '!': 'interrupted',
} as const;

type Mark = keyof typeof MARKS;

const MARK_OF: Readonly<Record<BlockState, Mark | undefined>> = {
  requesting: '.',
  resting: 'z',
  joining: '-',
  serving: '#',
  draining: '~',
  terminating: 'x',
  gone: undefined,
};

/** Object keys that are no numbers keep the order in which they are written. */
const EVENTFULNESS = Object.keys(MARKS).join('');

/** From none (a blank) to the most. */
const LEVELS = ' .:-=+*#%@';

/** The legend has no less. */
const LEAST_COLUMNS = 72;
const COUNT_WIDTH = '  max 9999'.length;

/**
 * A run as a picture of text: time to the right, a row for each slot, below it counts, below that what the characters
 * mean. ASCII as long as the pools' names are, no line longer than `columns`, no colours: see `paintStripChart` for those.
 *
 * A column shows the most eventful state that any of the slot's blocks was in during it, in the order of `MARKS`: an
 * interruption beats an end, an end beats serving. So a slot that changes tenants within one column shows that it did.
 * A count's character is its mean over the column, from a blank for none to `@` for the most that the row shows; what is
 * above none shows at least as a dot. Wanted and serving share one scale, so that where they differ they look different.
 */
export function stripChart({ timeline, from: startsAt, until: endsAt }: Outcome, options: StripChartOptions): string {
  const zone = options.zone ?? 'UTC';
  const from = Math.max(startsAt, options.from ?? startsAt);
  const until = Math.max(from, Math.min(endsAt, options.until ?? endsAt));
  const slots = slotsOf(timeline.blocks);
  const zoneName = zone.split('/').at(-1) ?? zone;
  const labelWidth =
    Math.max('3h/char'.length, zoneName.length, ...slots.map(({ name }) => name.length), ...COUNTED) + 1;
  const grid = timeGrid(from, until, Math.max(LEAST_COLUMNS, options.columns) - labelWidth - COUNT_WIDTH);
  const line = (label: string, cells: string): string => (label.padEnd(labelWidth) + cells).trimEnd();

  const [days, hours] = timeAxis(grid, zone);
  const counts = [timeline.wanted, timeline.serving, timeline.overflow, timeline.jobsWaiting].map((steps) => ({
    means: meansOf(steps, grid, from, until),
    most: mostOf(steps, from, until),
  }));
  const [wanted, serving, overflow, waiting] = counts;
  const blocks = Math.max(wanted?.most ?? 0, serving?.most ?? 0);
  const countLine = (label: string, count: (typeof counts)[number] | undefined, scale = count?.most ?? 0): string =>
    line(label, `${(count?.means ?? []).map((mean) => levelOf(mean, scale)).join('')}  max ${count?.most ?? 0}`);
  return [
    line(zoneName, days),
    line(`${unitOf(grid)}/char`, hours),
    ...slots.map(({ name, bars }) => line(name, rowOf(bars, grid, from, until))),
    '',
    countLine('wanted', wanted, blocks),
    countLine('serving', serving, blocks),
    countLine('overflow', overflow),
    countLine('waiting', waiting),
    '',
    legendOf(Math.max(LEAST_COLUMNS, options.columns)),
  ].join('\n');
}

const COUNTED = ['wanted', 'serving', 'overflow', 'waiting'].map(({ length }) => length);

/** Every slot that had a tenant, pools in order of their first block, slots by number. */
function slotsOf(
  blocks: readonly BlockBar[],
): readonly { readonly name: string; readonly bars: readonly BlockBar[] }[] {
  const pools = [...new Set(blocks.map(({ pool }) => pool))];
  return pools.flatMap((pool) => {
    const own = blocks.filter((bar) => bar.pool === pool);
    const slots = [...new Set(own.map(({ slot }) => slot))].sort((a, b) => a - b);
    return slots.map((slot) => ({ name: plain(`${pool}-${slot}`), bars: own.filter((bar) => bar.slot === slot) }));
  });
}

function rowOf(bars: readonly BlockBar[], grid: TimeGrid, from: Instant, until: Instant): string {
  const ranks = Array<number>(grid.columns).fill(-1);
  const mark = (rank: number, start: Instant, end: Instant): void => {
    const [first, last] = columnsTouched(grid, Math.max(start, from), Math.min(end, until));
    if (Math.max(start, from) >= Math.min(end, until)) return;
    for (let column = first; column <= last; column += 1) ranks[column] = Math.max(ranks[column] ?? -1, rank);
  };
  for (const { segments, ending } of bars) {
    for (const { state, from: start, until: end } of segments) {
      const character = MARK_OF[state];
      if (character !== undefined) mark(EVENTFULNESS.indexOf(character), start, end);
    }
    // The notice starts the draining; an instance taken without one is marked in the column of its end.
    const end = segments.at(-1)?.until;
    const noticeAt = segments.find(({ state }) => state === 'draining')?.from ?? (end ?? 0) - 1;
    if (ending === 'interrupted' && end !== undefined) mark(EVENTFULNESS.indexOf('!'), noticeAt, end);
  }
  return ranks.map((rank) => EVENTFULNESS[rank] ?? ' ').join('');
}

/** The mean of a step function over each column, counted over the part of the column that is drawn. */
function meansOf(steps: readonly ValueFrom[], grid: TimeGrid, from: Instant, until: Instant): readonly number[] {
  const sums = Array<number>(grid.columns).fill(0);
  for (const [n, { at, value }] of steps.entries()) {
    const start = Math.max(at, from);
    const end = Math.min(steps[n + 1]?.at ?? until, until);
    if (value === 0 || start >= end) continue;
    const [first, last] = columnsTouched(grid, start, end);
    for (let column = first; column <= last; column += 1) {
      const columnAt = grid.from + column * grid.columnMs;
      const within = Math.min(end, columnAt + grid.columnMs) - Math.max(start, columnAt);
      sums[column] = (sums[column] ?? 0) + value * within;
    }
  }
  return sums.map((sum, column) => {
    const columnAt = grid.from + column * grid.columnMs;
    const drawnMs = Math.min(until, columnAt + grid.columnMs) - Math.max(from, columnAt);
    return drawnMs <= 0 ? 0 : sum / drawnMs;
  });
}

const mostOf = (steps: readonly ValueFrom[], from: Instant, until: Instant): number =>
  steps.reduce(
    (most, { at, value }, n) => (at < until && (steps[n + 1]?.at ?? until) > from ? Math.max(most, value) : most),
    0,
  );

function levelOf(mean: number, scale: number): string {
  if (mean <= 0 || scale <= 0) return ' ';
  return LEVELS[Math.max(1, Math.round((mean / scale) * (LEVELS.length - 1)))] ?? '@';
}

/** `10m`, `90m`, `3h`, `2d`. */
function unitOf({ columnMs }: TimeGrid): string {
  const minutes = columnMs / 60_000;
  if (minutes % 1_440 === 0) return `${minutes / 1_440}d`;
  return minutes % 60 === 0 ? `${minutes / 60}h` : `${minutes}m`;
}

/** The legend's words where a line has no room for the states' own. */
const SHORT: Readonly<Record<Mark, string>> = {
  '.': 'request',
  z: 'rest',
  '-': 'join',
  '#': 'serve',
  '~': 'drain',
  x: 'terminate',
  '!': 'interrupt',
};

function legendOf(columns: number): string {
  const legend = (words: Readonly<Record<string, string>>): string =>
    Object.entries(words)
      .map(([mark, word]) => `${mark} ${word}`)
      .join('  ');
  return legend(MARKS).length <= columns ? legend(MARKS) : legend(SHORT);
}
