import { hours, type Millis, minutes } from '../src/domain/time.ts';
import { dateIn } from './otherDate.ts';

/** A machine that a policy might run on instead: another time of day and year, another zone, other luck. */
export interface Elsewhere {
  /** How far its clock is from this one. */
  readonly clockMs: Millis;
  readonly zone: { readonly name: string; readonly offsetMs: Millis };
  /** What `Math.random` draws first. */
  readonly chance: number;
}

/** What of a machine a policy may have gone by, and how people are told. */
export const OUTSIDE = {
  clock: 'while the clock of the machine shows another time',
  zone: 'on a machine in another time zone',
  chance: 'while Math.random draws other numbers',
} as const;
export type Outside = keyof typeof OUTSIDE;

/**
 * So many, and so far apart, that a policy which goes by any part of the clock (the hour, the day of the week, an even date) meets another
 * value of it on one of them, whenever it is checked. The zones know no summer time, and are an odd number of minutes from UTC.
 */
export const ELSEWHERE: readonly Elsewhere[] = [
  { clockMs: daysOn(388, 6, 12, 7), zone: zoneAt('Asia/Kathmandu', hours(5) + minutes(45)), chance: 0.81 },
  { clockMs: daysOn(32, 3, 5, 15), zone: zoneAt('Pacific/Marquesas', -(hours(9) + minutes(30))), chance: 0.07 },
  { clockMs: daysOn(26, 20, 6, 32), zone: zoneAt('Asia/Kabul', hours(4) + minutes(30)), chance: 0.5 },
  { clockMs: daysOn(21, 12, 10, 21), zone: zoneAt('Australia/Darwin', hours(9) + minutes(30)), chance: 0.33 },
  { clockMs: daysOn(8, 15, 46, 17), zone: zoneAt('Asia/Yangon', hours(6) + minutes(30)), chance: 0.95 },
];

function daysOn(days: number, hour: number, minute: number, second: number): Millis {
  return hours(24 * days + hour) + minutes(minute) + second * 1_000 + 123;
}

function zoneAt(name: string, offsetMs: Millis): Elsewhere['zone'] {
  return { name, offsetMs };
}

/** Runs something that does not wait as if on another machine: `Date`, `Intl` and `Math.random` are those of that one meanwhile. */
export function runElsewhere<Result>(
  { clockMs, zone, chance }: Elsewhere,
  differs: ReadonlySet<Outside>,
  run: () => Result,
): Result {
  const undo: (() => void)[] = [];
  const put = (of: object, name: string, value: unknown): void => {
    const was = Object.getOwnPropertyDescriptor(of, name);
    if (was === undefined) return;
    Object.defineProperty(of, name, { ...was, value });
    undo.push(() => Object.defineProperty(of, name, was));
  };
  try {
    const { date, methods } = dateIn(Date, differs.has('clock') ? clockMs : 0, differs.has('zone') ? zone : undefined);
    for (const [name, method] of Object.entries(methods)) put(Date.prototype, name, method);
    if (differs.has('zone')) put(Intl, 'DateTimeFormat', formatIn(zone.name));
    if (differs.has('chance')) put(Math, 'random', randomFrom(chance));
    put(globalThis, 'Date', date);
    return run();
  } finally {
    for (const back of undo.toReversed()) back();
  }
}

/** Formats that name no zone go by that of the machine. */
function formatIn(timeZone: string): typeof Intl.DateTimeFormat {
  type Parts = ConstructorParameters<typeof Intl.DateTimeFormat>;
  const zoned = ([locales, options]: Parts): Parts => [
    locales,
    { ...options, timeZone: options?.timeZone ?? timeZone },
  ];
  return new Proxy(Intl.DateTimeFormat, {
    construct: (Format, parts) => new Format(...zoned(parts as Parts)),
    apply: (format, _, parts) => format(...zoned(parts as Parts)),
  });
}

const randomFrom = (first: number): (() => number) => {
  let drawn = first;
  return () => {
    drawn = (drawn + 0.381_966_011_25) % 1;
    return drawn;
  };
};
