import { z } from 'zod';
import { type Catalogue, POLICY_SLOTS, type PolicySlot } from '../policy/definePolicy.ts';
import { DEFAULT_POLICIES, policiesFor, strict } from './policyChoices.ts';
import { poolsSchema } from './poolsSchema.ts';

/** A JSON Schema, or a part of one. */
export interface JsonSchema {
  readonly [keyword: string]: unknown;
}

/** Draft 7 is what editors and Helm read. The input side: what people write, before defaults are filled in. */
export const jsonSchemaOf = (schema: z.ZodType): JsonSchema =>
  z.toJSONSchema(schema, {
    target: 'draft-7',
    io: 'input',
    reused: 'inline',
    override: ({ jsonSchema }) => {
      // zod bounds every whole number by what a double can hold; that tells nobody anything.
      if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
    },
  });

/** The JSON Schema of `pools.yaml`, with the options of every policy in the catalogue. */
export function poolsJsonSchema(catalogue: Catalogue): JsonSchema {
  const choices = Object.fromEntries(POLICY_SLOTS.map((slot) => [slot, choiceSchema(catalogue, slot)]));
  return withChoices(jsonSchemaOf(poolsSchema), choices);
}

/** Puts what the catalogue knows where the schema, which knows no policy, has only a name. */
function withChoices(schema: JsonSchema, choices: Readonly<Record<string, JsonSchema>>): JsonSchema {
  const pools = part(part(schema, 'properties'), 'pools');
  const pool = part(pools, 'items');
  const properties = part(pool, 'properties');
  const merged = Object.fromEntries(
    Object.entries(properties).map(([key, value]) => {
      const { description } = part(properties, key);
      return [key, choices[key] === undefined ? value : { description, ...choices[key] }];
    }),
  );
  return {
    ...schema,
    properties: { ...part(schema, 'properties'), pools: { ...pools, items: { ...pool, properties: merged } } },
  };
}

/** One branch a policy, told apart by its name. */
function choiceSchema(catalogue: Catalogue, slot: PolicySlot): JsonSchema {
  const fallback = DEFAULT_POLICIES[slot];
  return {
    type: 'object',
    ...(fallback === undefined ? {} : { default: { policy: fallback } }),
    required: ['policy'],
    oneOf: Object.values(policiesFor(catalogue, slot)).map(({ name, about, options }) => {
      const schema = jsonSchemaOf(strict(options));
      const required: readonly unknown[] = Array.isArray(schema['required']) ? schema['required'] : [];
      return {
        ...Object.fromEntries(Object.entries(schema).filter(([keyword]) => keyword !== '$schema')),
        description: about,
        properties: { policy: { const: name, description: about }, ...part(schema, 'properties') },
        required: ['policy', ...required],
      };
    }),
  };
}

const part = (schema: JsonSchema, key: string): JsonSchema => {
  const value = schema[key];
  // Known: where a JSON Schema nests a record, it nests a schema or a record of schemas.
  return typeof value === 'object' && value !== null ? (value as JsonSchema) : {};
};
