/** A value that Python printed, and where its parts stand, in characters. */
export interface Printed {
  readonly value: unknown;
  readonly placeOf: (record: object, key?: string) => number;
}

/** What could not be read, and where, in characters. */
export class PythonMistake extends Error {
  override readonly name = 'PythonMistake';
  readonly place: number;

  constructor(place: number, message: string) {
    super(message);
    this.place = place;
  }
}

const TOKEN =
  /[\s,]*(?:([\]})])|([[{(])|[uUbB]?("(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')|(-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)(?![\w.])|(datetime\.datetime|datetime|Timestamp|Decimal|None|True|False)\b|(\S))/y;

/** Deeper than any answer. */
const MOST_DEPTH = 64;

/**
 * Reads dicts, lists and tuples as Python prints them, one after the other. Times become text: `2024-03-04T00:00:12Z`, without a
 * `Z` where they have no zone. Nothing is run.
 *
 * @throws PythonMistake at the first thing that is none of these.
 */
export function* parsePython(text: string): Generator<Printed> {
  const places = new Map<object, ReadonlyMap<string, number>>();
  const starts = new Map<object, number>();
  const placeOf: Printed['placeOf'] = (record, key) =>
    (key === undefined ? undefined : places.get(record)?.get(key)) ?? starts.get(record) ?? 0;
  let at = 0;
  /** Where the token in hand starts. */
  let place = 0;

  const next = (): RegExpExecArray | undefined => {
    TOKEN.lastIndex = at;
    const found = TOKEN.exec(text);
    if (found === null) return undefined;
    at = TOKEN.lastIndex;
    place = at - (found[0].length - (/^[\s,]*/.exec(found[0])?.[0].length ?? 0));
    return found;
  };
  const fail = (what: string): never => {
    throw new PythonMistake(place, `expected ${what}, found ${shownAt(text, place)}`);
  };

  const valueOf = (token: RegExpExecArray | undefined, depth: number): unknown => {
    if (token === undefined || depth > MOST_DEPTH) return fail('a value as Python prints it');
    const [, , open, quoted, number, word] = token;
    if (quoted !== undefined) return quoted.slice(1, -1).replaceAll(/\\(.)/g, '$1');
    if (number !== undefined) return Number(number);
    if (open === '{') return dict(place, depth);
    if (open !== undefined) return list(place, depth);
    switch (word) {
      case 'None':
        return null;
      case 'True':
        return true;
      case 'False':
        return false;
      case 'Decimal':
      case 'Timestamp':
        return argument();
      case undefined:
        return fail('a value as Python prints it');
      default:
        return datetime();
    }
  };
  /** `Decimal('0.1')`, `Timestamp('2024-03-04 00:00:12+0000', tz='UTC')`. */
  const argument = (): string => {
    const found = /^\(\s*['"]?([^'")]*)['"]?[^)]*\)/.exec(text.slice(at, at + 200));
    if (found === null) return fail('one value in brackets');
    at += found[0].length;
    return found[1] ?? '';
  };
  const datetime = (): string => {
    const found = /^\(\s*([\d,\s]+?)\s*(?:,\s*tzinfo\s*=\s*([\w.]+(?:\([^()]*(?:\([^()]*\))?[^()]*\))?)\s*)?\)/.exec(
      text.slice(at, at + 400),
    );
    if (found === null) return fail('the numbers of a time in brackets');
    at += found[0].length;
    const [year = '', month = '', day = '', hour = '0', minute = '0', second = '0', micros = '0'] = (found[1] ?? '')
      .split(',')
      .map((part) => part.trim());
    const two = (part: string): string => part.padStart(2, '0');
    const zone = found[2] ?? '';
    const isUtc =
      /^(?:tzutc\(\)|datetime\.timezone\.utc|timezone\.utc|pytz\.utc|UTC|<UTC>)$|ZoneInfo\(key='(?:Etc\/)?UTC'\)/.test(
        zone,
      );
    return `${year.padStart(4, '0')}-${two(month)}-${two(day)}T${two(hour)}:${two(minute)}:${two(second)}.${micros.padStart(6, '0')}${isUtc ? 'Z' : ''}`;
  };
  const dict = (start: number, depth: number): object => {
    const made: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
    const own = new Map<string, number>();
    starts.set(made, start);
    places.set(made, own);
    for (let token = next(); token?.[1] !== '}'; token = next()) {
      if (token?.[3] === undefined) return fail('a key in quotes, or }');
      const key = token[3].slice(1, -1);
      if (next()?.[6] !== ':') return fail('a colon after the key');
      const value = next();
      own.set(key, place);
      made[key] = valueOf(value, depth + 1);
    }
    return made;
  };
  const list = (start: number, depth: number): readonly unknown[] => {
    const made: unknown[] = [];
    starts.set(made, start);
    for (let token = next(); token?.[1] === undefined; token = next()) made.push(valueOf(token, depth + 1));
    return made;
  };

  for (let token = next(); token !== undefined; token = next()) yield { value: valueOf(token, 0), placeOf };
}

const shownAt = (text: string, place: number): string =>
  place >= text.length ? 'the end of the file' : JSON.stringify(text.slice(place, place + 20).split('\n')[0] ?? '');
