import type { Millis } from '../src/domain/time.ts';

/** The zone of another machine, with an offset that never changes. */
interface Zone {
  readonly name: string;
  readonly offsetMs: Millis;
}

type AnyMethod = (this: Date, ...parts: unknown[]) => unknown;

/**
 * `Date` as another machine has it: a clock that shows another time, and the wall clock of another zone. `methods` are those of its
 * prototype that go by the zone; dates themselves stay what they are.
 */
export function dateIn(
  real: DateConstructor,
  clockMs: Millis,
  zone: Zone | undefined,
): { readonly date: DateConstructor; readonly methods: Readonly<Record<string, AnyMethod>> } {
  const present = (): number => real.now() + clockMs;
  const made = (parts: readonly unknown[]): Date => {
    const [first] = parts;
    if (parts.length === 0) return new real(present());
    if (zone === undefined) return Reflect.construct(real, parts) as Date;
    if (parts.length > 1) return new real(Number(Reflect.apply(real.UTC, real, parts)) - zone.offsetMs);
    return typeof first === 'string' && LOCAL.test(first)
      ? new real(real.parse(`${first}Z`) - zone.offsetMs)
      : (Reflect.construct(real, parts) as Date);
  };
  const date = new Proxy(real, {
    construct: (_, parts) => made(parts),
    apply: () => made([]).toString(),
    get: (target, name): unknown => (name === 'now' ? present : Reflect.get(target, name)),
  });
  return { date, methods: zone === undefined ? {} : methodsIn(real, zone) };
}

/** A time that names no zone is one of the machine's wall clock; a date alone is one of UTC. */
const LOCAL = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?$/;

const PARTS = ['FullYear', 'Month', 'Date', 'Day', 'Hours', 'Minutes'] as const;
const LOCALE_TEXTS = ['toLocaleString', 'toLocaleDateString', 'toLocaleTimeString'] as const;

function methodsIn(real: DateConstructor, { name: timeZone, offsetMs }: Zone): Readonly<Record<string, AnyMethod>> {
  // Known: these are methods of every date.
  const own = real.prototype as unknown as Readonly<Record<string, AnyMethod>>;
  const onWall = (date: Date): Date => new real(date.getTime() + offsetMs);
  const methods: Record<string, AnyMethod> = {
    getTimezoneOffset: () => (0 - offsetMs) / 60_000,
  };
  for (const part of PARTS) {
    const [get, set] = [own[`getUTC${part}`], own[`setUTC${part}`]];
    methods[`get${part}`] = function () {
      return get?.call(onWall(this));
    };
    if (set === undefined) continue;
    methods[`set${part}`] = function (...parts) {
      const wall = onWall(this);
      set.call(wall, ...parts);
      return this.setTime(wall.getTime() - offsetMs);
    };
  }
  // As it is now: by the time it is asked, this one stands in its place.
  const texted = LOCALE_TEXTS.map((text) => [text, Reflect.get(own, text)] as const);
  for (const [text, plain] of texted) {
    methods[text] = function (locales, options) {
      const given = options as Intl.DateTimeFormatOptions | undefined;
      return plain.call(this, locales, { ...given, timeZone: given?.timeZone ?? timeZone });
    };
  }
  const texts = (date: Date): readonly [day: string, time: string] => {
    // "Tue, 06 Oct 2026 08:00:00 GMT", and of a date that is none "Invalid Date".
    const [weekday = '', day = '', month = '', year = '', time = ''] = onWall(date).toUTCString().split(/,? /);
    const minute = Math.abs(offsetMs) / 60_000;
    const two = (count: number): string => String(Math.floor(count)).padStart(2, '0');
    const zone = `GMT${offsetMs < 0 ? '-' : '+'}${two(minute / 60)}${two(minute % 60)}`;
    return time === '' ? ['Invalid Date', ''] : [`${weekday} ${month} ${day} ${year}`, `${time} ${zone}`];
  };
  methods['toDateString'] = function () {
    return texts(this)[0];
  };
  methods['toTimeString'] = function () {
    return texts(this)[1] || 'Invalid Date';
  };
  methods['toString'] = function () {
    return texts(this).join(' ').trim();
  };
  return methods;
}
