import { lengthBetween } from '../src/config/fields.ts';
import { BadInput, type Mistake } from '../src/config/mistakes.ts';
import { optionsIn } from '../src/config/policyChoices.ts';
import { parseSource, type Source, sourceOf } from '../src/config/source.ts';
import { suggestion } from '../src/config/suggest.ts';
import type { Millis } from '../src/domain/time.ts';
import { TERMS, type Term, type Terms } from '../src/domain/words.ts';
import { POLICY_SLOTS, type PolicySlot } from '../src/policy/definePolicy.ts';
import { type AlternativeTexts, SLOT_FLAGS } from './options.ts';
import { parts } from './parts.ts';

/** A policy of the command line. */
export interface PolicyAlternative {
  readonly name: string;
  readonly options: Readonly<Record<string, unknown>>;
  /** Named without options: a pool whose own it is keeps its own. */
  readonly isBare: boolean;
  /** Where its mistakes are. */
  readonly source: Source;
}

/** What the command line puts in place of the pools' own; what it says nothing of is undefined. */
export interface Alternatives {
  readonly policies: { readonly [Slot in PolicySlot]?: readonly PolicyAlternative[] };
  readonly leases: readonly Millis[] | undefined;
  readonly terms: readonly Terms[] | undefined;
  readonly pools: readonly string[] | undefined;
}

/** Reads the flags; every mistake is put to the others, and what is wrong is left out. */
export function readAlternatives(texts: AlternativeTexts, mistakes: Mistake[]): Alternatives {
  const each = <Value>(
    flag: string,
    values: readonly string[] | undefined,
    read: (text: string, column: number) => Value,
  ): readonly Value[] | undefined =>
    values?.flatMap((value) => {
      const found = parts(value);
      const filled = found.filter(({ text }) => text !== '');
      // Once, however many are empty: each would show the whole of it.
      if (filled.length < found.length)
        mistakes.push({
          file: flag,
          message:
            value.trim() === ''
              ? 'expected a value, or several separated by commas, found an empty text'
              : `expected values separated by commas, found nothing before or after one in ${JSON.stringify(value)}`,
        });
      return filled.flatMap(({ text, column }) => {
        try {
          return [read(text, column)];
        } catch (error) {
          if (!(error instanceof BadInput)) throw error;
          mistakes.push(...error.mistakes);
          return [];
        }
      });
    });
  const policies = POLICY_SLOTS.flatMap((slot) => {
    const flag = SLOT_FLAGS[slot];
    const read = each(flag, texts[slot], (text, column) => policyIn(text, column, flag));
    return read === undefined
      ? []
      : [[slot, once(read, ({ name, options }) => JSON.stringify([name, options]))] as const];
  });
  const leases = each('--lease', texts.lease, leaseIn);
  const terms = each('--term', texts.term, termsIn);
  const pools = each('--pools', texts.pools, (text) => text);
  return {
    policies: Object.fromEntries(policies),
    leases: leases && once(leases, String),
    terms: terms && once(terms, String),
    pools: pools && once(pools, String),
  };
}

/** A name, or a mapping as `pools.yaml` has it, on one line. */
function policyIn(text: string, column: number, flag: string): PolicyAlternative {
  if (!text.startsWith('{')) {
    if (/[\s:{}]/.test(text))
      throw new BadInput([
        { file: flag, message: `expected a name, or { policy: NAME, OPTION: VALUE }, found ${JSON.stringify(text)}` },
      ]);
    return { name: text, options: {}, isBare: true, source: sourceOf({}, flag) };
  }
  const source = parsedAt(column, text, flag);
  const { value } = source;
  const name: unknown = typeof value === 'object' && value !== null && 'policy' in value ? value.policy : undefined;
  if (typeof name !== 'string')
    throw new BadInput([
      { file: flag, ...source.placeOf([]), message: `expected { policy: NAME, OPTION: VALUE }, found ${text}` },
    ]);
  return { name, options: optionsIn(value), isBare: false, source };
}

/** A part of a flag's value: its mistakes have the columns that they have in the whole of it. */
function parsedAt(column: number, text: string, flag: string): Source {
  const moved = <Where extends { readonly line?: number; readonly column?: number }>(where: Where): Where =>
    where.line === 1 && where.column !== undefined ? { ...where, column: where.column + column } : where;
  try {
    const source = parseSource(text, flag);
    return {
      ...source,
      placeOf: (path, part) => {
        const place = source.placeOf(path, part);
        return place && moved(place);
      },
    };
  } catch (error) {
    if (!(error instanceof BadInput)) throw error;
    throw new BadInput(error.mistakes.map(moved));
  }
}

function leaseIn(text: string): Millis {
  const read = lengthBetween('1m', '30d').safeParse(text);
  if (read.success) return read.data;
  const message = `expected a length from 1m to 30d such as 4h, found ${JSON.stringify(text)}`;
  throw new BadInput([{ file: '--lease', message }]);
}

/** One term, or a list between which the purchase policy chooses: `[spot, on-demand]`. */
function termsIn(text: string): Terms {
  if (!text.startsWith('[')) return termIn(text);
  const list = text.endsWith(']') ? parts(text.slice(1, -1)).map((part) => part.text) : [];
  if (list.length === 0 || list.some((one) => one === ''))
    throw new BadInput([{ file: '--term', message: `expected a list such as [spot, on-demand], found ${text}` }]);
  const terms = list.map(termIn);
  const twice = terms.find((one, index) => terms.indexOf(one) < index);
  if (twice !== undefined)
    throw new BadInput([{ file: '--term', message: `${JSON.stringify(twice)} stands in the list twice` }]);
  return terms;
}

function termIn(text: string): Term {
  const term = TERMS.find((one) => one === text);
  if (term !== undefined) return term;
  const message = `expected one of ${TERMS.join(', ')}, or a list of them such as [spot, on-demand], found ${JSON.stringify(text)}${suggestion(text, TERMS)}`;
  throw new BadInput([{ file: '--term', message }]);
}

/** What is written twice is run once. */
const once = <Value>(values: readonly Value[], keyOf: (value: Value) => string): readonly Value[] => [
  ...new Map(values.map((value) => [keyOf(value), value])).values(),
];
