/**
 * What `weekly` must answer, worked out another way: by a clock on the wall, read once a minute.
 *
 * It shares no code with the policy and has no notion of an offset, a gap or an overlap. Its whole rule for changes of the
 * clock is that it goes by the latest reading so far: while a clock that was set back shows the same hour again, nothing
 * is due that was not due before; and when it was set forward, everything skipped is due at once.
 */
export interface WrittenWeek {
  readonly zone: string;
  readonly windows: readonly WrittenWindow[];
  readonly exceptions?: readonly WrittenException[];
  /** Minutes. */
  readonly leadMinutes?: number;
}

interface WrittenHours {
  readonly from: string;
  readonly to: string;
  readonly blocks: number;
}

interface WrittenWindow extends WrittenHours {
  /** Written out, Monday first, a letter for a day on which it opens: `MTWTF--`. */
  readonly letters: string;
}

interface WrittenException extends Partial<WrittenHours> {
  /** Dates as `YYYY-MM-DD`, all of them. */
  readonly dates: readonly string[];
}

const DAY = 1_440;
const MINUTE_MS = 60_000;

/** For each minute from `fromAt` the latest reading of the zone's clock so far, in minutes since 1970-01-01T00:00 on that clock. */
export function latestReadings(zone: string, fromAt: number, minutes: number): Int32Array {
  const clock = wallClock(zone);
  const readings = new Int32Array(minutes);
  // A clock may have been set back shortly before: start early enough to have seen what it showed.
  let latest = 0;
  for (let minute = -2 * DAY; minute < minutes; minute += 1) {
    latest = Math.max(latest, clock(fromAt + minute * MINUTE_MS));
    if (minute >= 0) readings[minute] = latest;
  }
  return readings;
}

/** Reads the zone's clock at an instant, in minutes since 1970-01-01T00:00 on that clock. */
export function wallClock(zone: string): (at: number) => number {
  const format = new Intl.DateTimeFormat('sv-SE', {
    timeZone: zone,
    ...({ year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit' } as const),
    hourCycle: 'h23',
  });
  return (at) => {
    const text = format.format(at); // 2026-03-29 02:30
    const part = (from: number, until: number) => Number(text.slice(from, until));
    return Date.UTC(part(0, 4), part(5, 7) - 1, part(8, 10), part(11, 13), part(14, 16)) / MINUTE_MS;
  };
}

/** The blocks wanted in each minute of the readings, but for the last ones, which the lead looks into. */
export function wantedIn(week: WrittenWeek, readings: Int32Array): Int32Array {
  const lead = week.leadMinutes ?? 0;
  const exceptions = new Map<number, WrittenException[]>();
  for (const exception of week.exceptions ?? [])
    for (const date of exception.dates) {
      const day = Date.parse(`${date}T00:00:00Z`) / MINUTE_MS / DAY;
      exceptions.set(day, [...(exceptions.get(day) ?? []), exception]);
    }
  const byDay = new Map<number, readonly Span[]>();
  const spansOf = (day: number): readonly Span[] => {
    const known = byDay.get(day);
    if (known !== undefined) return known;
    const spans = spansOpening(week, exceptions.get(day), day);
    byDay.set(day, spans);
    return spans;
  };

  const wanted = new Int32Array(readings.length - lead);
  for (let minute = 0; minute < wanted.length; minute += 1) {
    const now = readings[minute]!;
    const ahead = readings[minute + lead]!;
    let most = 0;
    for (let day = Math.floor(now / DAY) - 1; day <= Math.floor(ahead / DAY); day += 1)
      for (const span of spansOf(day)) {
        if (span.from <= ahead && now < span.to && takesPlace(span, readings, minute))
          most = Math.max(most, span.blocks);
      }
    wanted[minute] = most;
  }
  return wanted;
}

interface Span {
  readonly from: number;
  readonly to: number;
  readonly blocks: number;
}

function spansOpening(
  week: WrittenWeek,
  exceptions: readonly WrittenException[] | undefined,
  day: number,
): readonly Span[] {
  const weekday = (((day + 3) % 7) + 7) % 7; // the first day of 1970 was a Thursday
  const hours: readonly Partial<WrittenHours>[] =
    exceptions ?? week.windows.filter(({ letters }) => letters[weekday] !== '-');
  return hours
    .filter(({ blocks }) => blocks !== undefined)
    .map(({ from = '00:00', to = '24:00', blocks = 0 }) => ({
      from: day * DAY + minuteOf(from),
      to: day * DAY + minuteOf(to),
      blocks,
    }));
}

function minuteOf(text: string): number {
  const [, hour, minute, next] = /^(\d\d):(\d\d)(\+1)?$/.exec(text) ?? [];
  return Number(hour) * 60 + Number(minute) + (next === undefined ? 0 : DAY);
}

/** A span takes place if the clock ever shows a time within it; the lead of one that does not is no reason to open. */
function takesPlace({ from, to }: Span, readings: Int32Array, minute: number): boolean {
  let at = minute;
  while (readings[at]! < from) at += 1;
  return readings[at]! < to;
}
