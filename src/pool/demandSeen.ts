import { hours, type Instant, type Millis } from '../domain/time.ts';
import { hoursLike, type WeekSeen } from '../policy/scaling.ts';
import { hourOfWeek, WEEK_HOURS } from './arrivals.ts';

/**
 * How many blocks the jobs asked for at most, by hour of the week in UTC, in each of the last weeks that were watched. What is older
 * than that is forgotten: demand of two months ago says little of tomorrow's.
 */
export interface DemandSeen {
  /** The hour that is being watched, from the epoch; null before the first. */
  readonly hour: number | null;
  /** The most that was asked for in it, so far. */
  readonly most: number;
  /** What is asked for now: the next hour begins with it. */
  readonly level: number;
  /** Newest first. */
  readonly weeks: readonly WeekOfDemand[];
}

/** One week, from Monday. */
export interface WeekOfDemand {
  /** From the Monday of the week of the epoch. */
  readonly week: number;
  /** Two characters an hour: a number in base 36, or `--` where nothing was watched. Compact, as it is written down as it is. */
  readonly most: string;
}

/** So many weeks are kept: enough for a spread, and two months at most where each is watched. */
export const MOST_WEEKS = 6;

const DIGITS = 2;
const BASE = 36;

/** What two characters hold: more blocks than any pool may have. */
export const MOST_BLOCKS: number = BASE ** DIGITS - 1;

const UNWATCHED = '-'.repeat(DIGITS);
const HOUR_MS: Millis = hours(1);

export const noDemand: DemandSeen = { hour: null, most: 0, level: 0, weeks: [] };

/** The jobs ask for so many blocks at an instant, and did until now for what they asked for before. */
export function withDemand(seen: DemandSeen, at: Instant, blocks: number): DemandSeen {
  const level = Math.min(blocks, MOST_BLOCKS);
  const hour = Math.floor(at / HOUR_MS);
  if (seen.hour === null || hour < seen.hour) return { ...seen, hour, most: level, level };
  if (hour === seen.hour)
    return level === seen.level && level <= seen.most ? seen : { ...seen, level, most: Math.max(seen.most, level) };
  // Hours in between were not watched: jobs are told of many times an hour.
  const weeks = withHour(seen.weeks, seen.hour, seen.most);
  return { hour, level, most: hour === seen.hour + 1 ? Math.max(level, seen.level) : level, weeks };
}

/** What hours like those around an instant have asked for. */
export const weekAround = ({ weeks }: DemandSeen, at: Instant): WeekSeen => ({
  likeThisHour: mostIn(weeks, hourOfWeek(at)),
  likeNextHour: mostIn(weeks, hourOfWeek(at + HOUR_MS)),
});

/** What an earlier life has seen, with what the present one has. */
export function demandTogether(earlier: DemandSeen, present: DemandSeen): DemandSeen {
  if (present.hour === null) return earlier;
  if (earlier.hour === null) return present;
  let { weeks } = earlier;
  // Two parts of one hour: the most of both.
  const isSame = earlier.hour === present.hour;
  if (!isSame) weeks = withHour(weeks, earlier.hour, earlier.most);
  for (const { week, most } of present.weeks)
    for (let hour = 0; hour < WEEK_HOURS; hour += 1) {
      const blocks = blocksAt(most, hour);
      if (blocks !== undefined) weeks = withHour(weeks, hourFrom(week, hour), blocks);
    }
  return { ...present, most: isSame ? Math.max(earlier.most, present.most) : present.most, weeks };
}

/** The epoch is a Thursday. */
const MONDAY_TO_EPOCH_HOURS = 72;

const weekOf = (hour: number): number => Math.floor((hour + MONDAY_TO_EPOCH_HOURS) / WEEK_HOURS);
const hourFrom = (week: number, hour: number): number => week * WEEK_HOURS + hour - MONDAY_TO_EPOCH_HOURS;

function withHour(weeks: readonly WeekOfDemand[], hour: number, blocks: number): readonly WeekOfDemand[] {
  const week = weekOf(hour);
  const place = hourOfWeek(hour * HOUR_MS) * DIGITS;
  const before = weeks.find((one) => one.week === week)?.most ?? UNWATCHED.repeat(WEEK_HOURS);
  const digits = Math.max(blocks, blocksAt(before, place / DIGITS) ?? 0)
    .toString(BASE)
    .padStart(DIGITS, '0');
  const most = before.slice(0, place) + digits + before.slice(place + DIGITS);
  const others = weeks.filter((one) => one.week !== week);
  return [...others, { week, most }].sort((a, b) => b.week - a.week).slice(0, MOST_WEEKS);
}

function mostIn(weeks: readonly WeekOfDemand[], hour: number): readonly number[] {
  const blocks: number[] = [];
  for (const { most } of weeks)
    for (const like of hoursLike(hour)) {
      const one = blocksAt(most, like);
      if (one !== undefined) blocks.push(one);
    }
  return blocks;
}

function blocksAt(most: string, hour: number): number | undefined {
  const digits = most.slice(hour * DIGITS, (hour + 1) * DIGITS);
  return digits === UNWATCHED ? undefined : Number.parseInt(digits, BASE);
}
