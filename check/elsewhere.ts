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

/** Two, so that no policy is as it is by luck of the hour; zones that know no summer time, an odd number of minutes from UTC. */
export const ELSEWHERE: readonly Elsewhere[] = [
  {
    clockMs: hours(24 * 200 + 5) + minutes(17) + 31_123,
    zone: { name: 'Asia/Kathmandu', offsetMs: hours(5) + minutes(45) },
    chance: 0.81,
  },
  {
    clockMs: hours(24 * 93 + 13) + minutes(41) + 13_457,
    zone: { name: 'Pacific/Marquesas', offsetMs: -(hours(9) + minutes(30)) },
    chance: 0.07,
  },
];

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
