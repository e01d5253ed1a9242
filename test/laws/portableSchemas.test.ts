import { RE2JS } from 're2js';
import { describe, expect, it } from 'vitest';
import { SCHEMAS } from '../../cli/commands/schema.ts';
import { isDataPath } from '../../sim/scenario/paths.ts';
import { name } from '../../src/config/fields.ts';
import { valuesSchema } from '../packaging/valuesSchema.ts';
import { fileOf } from '../support/chart.ts';

/** Every JSON Schema that is shipped or printed: Helm holds values to the first, editors hold files to the others. */
const schemas: Readonly<Record<string, unknown>> = {
  'values.schema.json': JSON.parse(fileOf('charts/spot-keeper/values.schema.json')) as unknown,
  ...Object.fromEntries(Object.entries(SCHEMAS).map(([file, make]) => [file, make()])),
};

/** The regular expressions of a schema: those of its texts, and the keys of `patternProperties`. */
function patternsIn(schema: unknown): readonly string[] {
  if (Array.isArray(schema)) return schema.flatMap(patternsIn);
  if (typeof schema !== 'object' || schema === null) return [];
  return Object.entries(schema).flatMap(([keyword, value]: readonly [string, unknown]) => {
    if (keyword === 'pattern' && typeof value === 'string') return [value];
    const keys = keyword === 'patternProperties' && typeof value === 'object' ? Object.keys(value ?? {}) : [];
    return [...keys, ...patternsIn(value)];
  });
}

/** Why RE2, the syntax of Go and so of Helm, cannot read a pattern; undefined if it can. */
function refusalOf(pattern: string): string | undefined {
  try {
    RE2JS.compile(pattern);
    return undefined;
  } catch (error) {
    return String(error);
  }
}

describe('The patterns of a JSON Schema', () => {
  it.each(Object.keys(schemas))('can be read without looking ahead: %s', (file) => {
    const patterns = patternsIn(schemas[file]);
    expect(patterns).not.toHaveLength(0);
    expect(patterns.map((pattern) => [pattern, refusalOf(pattern)]).filter(([, refusal]) => refusal)).toEqual([]);
  });

  it.each(['^(?!latest$)a', '(?=.{1,32}$)', '(?<=a)b', '(?<!a)b', '(a)\\1', '(?<n>a)\\k<n>', '\\u0041', 'a{2000}'])(
    'are refused where Go would refuse them: %s',
    (pattern) => {
      expect(patternsIn({ not: { items: [{ pattern }] } })).toEqual([pattern]);
      expect(refusalOf(pattern)).toBeDefined();
    },
  );
});

describe('What a pattern cannot say is refused all the same', () => {
  it('a tag that is latest', () => {
    const withTag = (tag: string) => valuesSchema.safeParse({ pools: 'x', image: { tag } }).success;
    expect(['', '1.2.3', 'latest-1'].map(withTag)).toEqual([true, true, true]);
    expect(['latest', 'a b'].map(withTag)).toEqual([false, false]);
  });

  it('a name that is too long, in one mistake', () => {
    expect(name().safeParse('a'.repeat(32)).success).toBe(true);
    for (const wrong of ['', 'a'.repeat(33), `${'a'.repeat(33)}-`, '-a'])
      expect(name().safeParse(wrong).error?.issues, wrong).toHaveLength(1);
  });

  it('a path that leaves the folder, on whatever line of it', () => {
    for (const right of ['a', 'data/prices.csv', '.hidden', 'a/..b', '...'])
      expect(isDataPath(right), right).toBe(true);
    for (const wrong of ['..', '../a', 'a/../b', 'a/..', './a', 'a/.', '/a', '', 'a\n/../b', 'a'.repeat(201)])
      expect(isDataPath(wrong), wrong).toBe(false);
  });
});
