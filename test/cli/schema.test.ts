import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { command } from '../../cli/commands/schema.ts';
import { catalogue } from '../../policies/catalogue.ts';
import { STARTER } from '../../sim/scenario/starter.ts';
import { POLICY_SLOTS } from '../../src/policy/definePolicy.ts';
import { fileOf } from '../support/chart.ts';
import { outputOf } from './outputOf.ts';

interface Schema {
  readonly $schema?: string;
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | Schema;
  readonly items?: Schema;
  readonly oneOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly minItems?: number;
  readonly pattern?: string;
  readonly enum?: readonly unknown[];
}

// Known: what is printed is a JSON Schema, and these tests look at the keywords named above.
const printed = async (file: string): Promise<Schema> => JSON.parse(await outputOf(command(), file)) as Schema;

/** Whether a value fits, as far as the keywords go that our schemas use for structure. */
function fits(schema: Schema, value: unknown): boolean {
  if (Object.keys(schema).length === 0) return true;
  const branches = schema.oneOf ?? schema.anyOf;
  if (branches !== undefined) return branches.filter((branch) => fits(branch, value)).length > 0;
  if ('const' in schema) return schema.const === value;
  if (schema.enum !== undefined) return schema.enum.includes(value);
  if (schema.pattern !== undefined) return typeof value === 'string' && new RegExp(schema.pattern, 'u').test(value);
  if (Array.isArray(value) && value.length < (schema.minItems ?? 0)) return false;
  if (Array.isArray(value)) return schema.type === 'array' && value.every((entry) => fits(schema.items ?? {}, entry));
  if (typeof value === 'object' && value !== null) {
    if (schema.type !== 'object') return false;
    if (!(schema.required ?? []).every((key) => key in value)) return false;
    return Object.entries(value).every(([key, entry]) => {
      const property = schema.properties?.[key];
      if (property !== undefined) return fits(property, entry);
      return typeof schema.additionalProperties === 'object'
        ? fits(schema.additionalProperties, entry)
        : schema.additionalProperties !== false;
    });
  }
  if (typeof schema.type === 'object') return schema.type.some((type) => fits({ type }, value));
  return (
    schema.type === undefined ||
    schema.type === (Number.isInteger(value) && schema.type === 'integer' ? 'integer' : typeof value)
  );
}

/** The grid of the docs, with a range and lists in it. */
const GRID = /^```yaml grid\n([\s\S]*?)^```$/m.exec(fileOf('docs/sweep.md'))?.[1] ?? '';

const EXAMPLE: Readonly<Record<string, string>> = { ...STARTER, 'grid.yaml': GRID };

describe.each(['pools', 'scenario', 'grid'])('the schema of %s.yaml', (file) => {
  it('is one JSON value of draft 7 with a newline at its end', async () => {
    expect(await outputOf(command(), file)).toMatch(/^\{[^]*\}\n$/);
    expect((await printed(file)).$schema).toBe('http://json-schema.org/draft-07/schema#');
  });

  it('accepts the starter or the example of the docs, and not with an unknown key', async () => {
    const schema = await printed(file);
    // Known: all of them are mappings.
    const starter = parse(EXAMPLE[`${file}.yaml`] ?? '') as object;
    expect(fits(schema, starter)).toBe(true);
    expect(fits(schema, { ...starter, nmae: 'x' })).toBe(false);
  });

  it('describes every key', async () => {
    const undescribed: string[] = [];
    const look = (schema: Schema, path: string): void => {
      for (const [key, property] of Object.entries(schema.properties ?? {})) {
        if (property.description === undefined && !('const' in property)) undescribed.push(`${path}.${key}`);
        look(property, `${path}.${key}`);
      }
      for (const part of [schema.items, ...(schema.oneOf ?? []), ...(schema.anyOf ?? [])])
        if (part !== undefined) look(part, path);
    };
    look(await printed(file), file);
    expect(undescribed).toEqual([]);
  });
});

it('has a branch for every policy, told apart by name, with its options', async () => {
  const pool = (await printed('pools')).properties?.['pools']?.items;
  for (const slot of POLICY_SLOTS) {
    const branches = pool?.properties?.[slot]?.oneOf ?? [];
    const names = branches.map(({ properties }) => properties?.['policy']?.const);
    // The last branch is for policies in files, which are told by their form.
    expect(names).toEqual([...Object.keys(catalogue[slot]), undefined]);
    expect(branches.at(-1)?.properties?.['policy']?.pattern).toBeDefined();
    for (const branch of branches) expect(branch.required).toContain('policy');
  }
  const surge = pool?.properties?.['renewal']?.oneOf?.find(
    ({ properties }) => properties?.['policy']?.const === 'surge',
  );
  expect(Object.keys(surge?.properties ?? {})).toContain('lead');
});

it.each([
  ['an unknown key beside the ends of a range', { surge: { from: 1, to: 2, until: 3 } }],
  ['a list without a value', { surge: [] }],
  ['a value that is in no list', { surge: 1 }],
])('of a grid does not accept %s', async (_, pools) => {
  expect(fits(await printed('grid'), { version: 1, pools })).toBe(false);
});

it('of anything else is refused with the names there are', async () => {
  const quiet = command().configureOutput({ writeErr: () => undefined });
  await expect(outputOf(quiet, 'pool')).rejects.toThrow('Allowed choices are pools, scenario, grid');
});
