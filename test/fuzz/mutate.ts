/** Numbers from 0 up to 1, from a seed: the same for the same seed, wherever it runs. */
export type Chance = () => number;

export function chanceOf(seed: number): Chance {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** No input is longer: readers have limits of their own, and are tried beyond them elsewhere. */
const MOST_CHARACTERS = 512 * 1024;

/** What a field may hold in a file that nobody checked. */
const STRANGE = [
  ...['', '0', '-0', '-1', '1e308', '-1e308', '1e-320', 'NaN', 'Infinity', '999999999999999999999', '0x10', '1_000'],
  ...['null', 'true', '[]', '{}', '{ toString: 1 }', '{"toString":1}', '{ valueOf: 1 }', '{"toJSON":1}', '[[], {}]'],
  ...['toString', 'constructor', '__proto__', 'hasOwnProperty', 'length', '"', "'", '|', '>', '&a', '*a', '!!binary x'],
  ...['\0', '\uFEFF', '\uFFFD', '\u2028', '\uD800', '\r', '\t', '🚀', 'İ', '../../etc/passwd', '/dev/zero', '/'],
  ...['0001-01-01T00:00:00Z', '9999-12-31T23:59:59Z', '2026-02-30', '+275760-09-13T00:00:00Z', '00010101T000000Z'],
  ...[
    'P999999999D',
    'PT1S',
    '1000000000d',
    '0s',
    '24:00',
    '06:00+1',
    '@yearly',
    '*/0 * * * *',
    '0 0 31 2 *',
    '* * L * *',
  ],
  ...['FREQ=DAILY;BYMONTHDAY=-1', 'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30', 'INTERVAL=999999999', 'COUNT=2000000000'],
];

type Mutation = (text: string, chance: Chance) => string;

const upTo = (most: number, chance: Chance): number => Math.floor(chance() * most);

const pick = <Value>(values: readonly Value[], chance: Chance, other: Value): Value =>
  values[upTo(values.length, chance)] ?? other;

const replaced = (text: string, from: number, until: number, by: string): string =>
  text.slice(0, from) + by + text.slice(until);

const aToken = (text: string, chance: Chance): { readonly from: number; readonly until: number } => {
  const tokens = [...text.slice(0, 20_000).matchAll(/[\w.+-]+/g)];
  const token = tokens[upTo(tokens.length, chance)];
  return token === undefined ? { from: 0, until: 0 } : { from: token.index, until: token.index + token[0].length };
};

const MUTATIONS: readonly Mutation[] = [
  function bytes(text, chance) {
    const at = upTo(text.length + 1, chance);
    return replaced(text, at, at + upTo(3, chance), String.fromCharCode(upTo(chance() < 0.9 ? 128 : 65_536, chance)));
  },
  function tokenIsStrange(text, chance) {
    const { from, until } = aToken(text, chance);
    return replaced(text, from, until, pick(STRANGE, chance, ''));
  },
  function valueIsStrange(text, chance) {
    const values = [...text.slice(0, 20_000).matchAll(/([:=,]\s*)([^\s:=,{}[\];]+)/g)];
    const value = values[upTo(values.length, chance)];
    if (value === undefined) return text;
    const from = value.index + (value[1]?.length ?? 0);
    return replaced(text, from, from + (value[2]?.length ?? 0), pick(STRANGE, chance, ''));
  },
  function tokenIsAnother(text, chance) {
    const [one, other] = [aToken(text, chance), aToken(text, chance)];
    return replaced(text, one.from, one.until, text.slice(other.from, other.until));
  },
  function tokenRepeats(text, chance) {
    const { from, until } = aToken(text, chance);
    return replaced(
      text,
      from,
      until,
      text
        .slice(from, until)
        .repeat(2 ** upTo(14, chance))
        .slice(0, 200_000),
    );
  },
  function numberIsNear(text, chance) {
    const numbers = [...text.slice(0, 20_000).matchAll(/\d+/g)];
    const number = numbers[upTo(numbers.length, chance)];
    if (number === undefined) return text;
    const value = Number(number[0]) * pick([0, 1, -1, 10, 1e3, 1e9], chance, 1) + pick([0, 1, -1, 0.5], chance, 0);
    return replaced(text, number.index, number.index + number[0].length, String(value));
  },
  function aRunOfOne(text, chance) {
    const at = upTo(text.length + 1, chance);
    const one = pick([' ', '\t', '0', 'a', '-', '/', '|', '"', ',', '.', '=', '#', '('], chance, ' ');
    return replaced(text, at, at, one.repeat(2 ** upTo(19, chance)));
  },
  function lineIsElsewhere(text, chance) {
    const lines = text.split('\n');
    const [line = ''] = lines.splice(upTo(lines.length, chance), 1);
    if (chance() < 0.7) lines.splice(upTo(lines.length + 1, chance), 0, line);
    return lines.join('\n');
  },
  function lineRepeats(text, chance) {
    const lines = text.split('\n');
    const at = upTo(lines.length, chance);
    const line = lines[at] ?? '';
    // What is cut off again need not be made: a long line so often is more than a text can hold.
    const times = Math.min(2 ** upTo(12, chance), Math.ceil(MOST_CHARACTERS / (line.length + 1)));
    lines.splice(at, 0, ...Array.from({ length: times }, () => line));
    return lines.join('\n');
  },
  function isCutShort(text, chance) {
    return text.slice(0, upTo(text.length, chance));
  },
  function nests(text, chance) {
    const at = upTo(text.length + 1, chance);
    const opening = pick(['[', '{', '{"a":', '- ', '"', '(', '{ a: '], chance, '[');
    return replaced(text, at, at, opening.repeat(2 ** upTo(15, chance)));
  },
  function isWrittenOtherwise(text, chance) {
    return pick<Mutation>(
      [
        (one) => `\uFEFF${one}`,
        (one) => one.replaceAll('\n', '\r\n'),
        (one) => one.replaceAll('\n', '\r'),
        (one) => one.replaceAll(/(.)/g, '$1\0'),
        (one) => one.toUpperCase(),
        (one) => one.replaceAll(',', ';'),
        (one) => one.replaceAll('  ', '\t'),
        (one) => one + one,
      ],
      chance,
      (one) => one,
    )(text, chance);
  },
];

/** A text that a person, a program or a disk may have made of one that is right: one to four changes of its structure. */
export function mutated(text: string, chance: Chance): string {
  let changed = text;
  for (let changes = 1 + upTo(4, chance); changes > 0; changes -= 1)
    changed = pick(MUTATIONS, chance, (one) => one)(changed, chance).slice(0, MOST_CHARACTERS);
  return changed;
}

/** Smaller texts that still fail, by leaving out ever smaller parts. `fails` is asked at most so often. */
export async function shrunk(
  text: string,
  fails: (text: string) => Promise<boolean>,
  mostTries = 300,
): Promise<string> {
  let [small, tries] = [text, 0];
  for (let size = Math.ceil(small.length / 2); size >= 1 && tries < mostTries; size = Math.floor(size / 2)) {
    for (let at = 0; at < small.length && tries < mostTries; tries += 1) {
      const less = replaced(small, at, at + size, '');
      if (await fails(less)) small = less;
      else at += size;
    }
  }
  return small;
}
