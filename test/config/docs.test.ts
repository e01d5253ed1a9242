import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { catalogue } from '../../policies/catalogue.ts';
import { tryScenarioText } from '../../sim/scenario/readScenario.ts';
import { scenarioSchema } from '../../sim/scenario/schema.ts';
import { jsonSchemaOf } from '../../src/config/jsonSchema.ts';
import { poolsSchema } from '../../src/config/poolsSchema.ts';
import { readPools } from '../../src/config/readPools.ts';

const page = await readFile(new URL('../../docs/configuration.md', import.meta.url), 'utf8');
const examples = (kind: string): readonly string[] =>
  [...page.matchAll(/^```yaml (\w+)\n([^]*?)^```$/gm)].flatMap(([, of, text]) =>
    of === kind && text !== undefined ? [text] : [],
  );

describe('docs/configuration.md', () => {
  it('shows pools files that read without a mistake', () => {
    expect(examples('pools')).not.toHaveLength(0);
    for (const text of examples('pools')) expect(() => readPools(text, 'docs', catalogue)).not.toThrow();
  });

  it('shows scenario files that read without a mistake', () => {
    expect(examples('scenario')).not.toHaveLength(0);
    for (const text of examples('scenario')) expect(tryScenarioText(text, 'docs').mistakes).toEqual([]);
  });

  it('names every key that there is', () => {
    const keys = new Set<string>();
    const look = (schema: unknown): void => {
      if (typeof schema !== 'object' || schema === null) return;
      for (const [keyword, value] of Object.entries<unknown>({ ...schema })) {
        if (keyword === 'properties' && typeof value === 'object' && value !== null)
          for (const key of Object.keys(value)) keys.add(key);
        look(value);
      }
    };
    look(jsonSchemaOf(poolsSchema));
    look(jsonSchemaOf(scenarioSchema));
    expect([...keys].filter((key) => !new RegExp(`\\b${key}\\b`).test(page))).toEqual([]);
  });
});
