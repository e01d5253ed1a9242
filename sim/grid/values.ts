import type { Finding } from '../../src/config/explain.ts';
import { lengthOf, millisOf } from '../../src/policy/options.ts';

/** The values of a setting, in the order in which they were written. */
export interface Values {
  readonly values: readonly unknown[];
  /** Whether each stands in the document by itself. */
  readonly isList: boolean;
}

/** So many values of one setting are more than anybody looks at. */
const MOST_VALUES = 10_000;

const RANGE_KEYS = ['from', 'to', 'step'];

/**
 * The values that are written: a list, each entry one value, or a range `{ from, to, step }` of numbers or lengths with both ends in
 * it. Findings have their paths from what was written.
 */
export function valuesIn(written: unknown): Values | { readonly findings: readonly Finding[] } {
  if (Array.isArray(written)) return ofList(written);
  if (isRange(written)) return ofRange(written);
  const message = 'expected a list of values, or a range such as { from: 1, to: 5, step: 2 }';
  return { findings: [{ path: [], message }] };
}

function ofList(values: readonly unknown[]): Values | { readonly findings: readonly Finding[] } {
  if (values.length === 0) return { findings: [{ path: [], message: 'expected at least one value' }] };
  const texts = values.map((value) => JSON.stringify(value));
  const findings = texts.flatMap((text, index): readonly Finding[] =>
    texts.indexOf(text) < index ? [{ path: [index], message: `${text} stands in the list twice` }] : [],
  );
  return findings.length > 0 ? { findings } : { values, isList: true };
}

const isRange = (written: unknown): written is Readonly<Record<string, unknown>> =>
  typeof written === 'object' && written !== null && Object.keys(written).some((key) => RANGE_KEYS.includes(key));

function ofRange(range: Readonly<Record<string, unknown>>): Values | { readonly findings: readonly Finding[] } {
  const findings: Finding[] = Object.keys(range)
    .filter((key) => !RANGE_KEYS.includes(key))
    .map((key) => ({ path: [key], message: `unknown key "${key}"; known are ${RANGE_KEYS.join(', ')}`, part: 'key' }));
  const isLength = typeof range['from'] === 'string';
  const read = (key: string): number => {
    const value = range[key];
    const number = typeof value === 'string' ? millisOf(value) : value;
    if (typeof number === 'number' && Number.isFinite(number) && (typeof value === 'string') === isLength)
      return number;
    findings.push({
      path: key in range ? [key] : [],
      message: `expected ${isLength ? `a length such as 5m` : 'a number'} as "${key}"`,
    });
    return Number.NaN;
  };
  const [from, to] = [read('from'), read('to')];
  // Whole numbers go up by one; of lengths nothing is usual.
  const step = 'step' in range || isLength ? read('step') : 1;
  if (findings.length > 0) return { findings };
  if (from > to) return { findings: [{ path: ['to'], message: 'expected at least "from": the range is empty' }] };
  if (step <= 0) return { findings: [{ path: ['step'], message: 'expected a step of more than 0' }] };
  // A billionth of a step forgives what decimals lose.
  const count = Math.floor((to - from) / step + 1e-9) + 1;
  if (count > MOST_VALUES)
    return { findings: [{ path: [], message: `expected at most ${MOST_VALUES} values, found ${count}` }] };
  const values = Array.from({ length: count }, (_, n) => Number((from + n * step).toPrecision(12)));
  return { values: isLength ? values.map((ms) => lengthOf(ms)) : values, isList: false };
}
