import { z } from 'zod';
import { type Catalogue, POLICY_SLOTS, type PolicySlot } from '../policy/definePolicy.ts';
import { POLICY_PATH } from './beside.ts';
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
      delete jsonSchema['withinMaxBlocks'];
      const { description, policyFor, embedsFile } = jsonSchema;
      const slot = POLICY_SLOTS.find((one) => one === policyFor);
      // What people write is a choice like the pool's own, and the path of a file in place of its text.
      if (slot !== undefined) become(jsonSchema, { description, allOf: [{ $ref: `#/definitions/${slot}` }] });
      else if (embedsFile === true) become(jsonSchema, { description, type: 'string' });
    },
  });

function become(schema: Record<string, unknown>, other: JsonSchema): void {
  for (const keyword of Object.keys(schema)) Reflect.deleteProperty(schema, keyword);
  Object.assign(schema, other);
}

/** The JSON Schema of `pools.yaml`, with the options of every policy in the catalogue. */
export function poolsJsonSchema(catalogue: Catalogue): JsonSchema {
  const choices = Object.fromEntries(POLICY_SLOTS.map((slot) => [slot, choiceSchema(catalogue, slot)]));
  const schema = withChoices(jsonSchemaOf(poolsSchema), choices);
  const nested = POLICY_SLOTS.filter((slot) => JSON.stringify(choices).includes(`"#/definitions/${slot}"`));
  if (nested.length === 0) return schema;
  return { ...schema, definitions: Object.fromEntries(nested.map((slot) => [slot, choices[slot]])) };
}

/** Puts what the catalogue knows where the schema, which knows no policy, has only a name. */
function withChoices(schema: JsonSchema, choices: Readonly<Record<string, JsonSchema>>): JsonSchema {
  const pools = part(part(schema, 'properties'), 'pools');
  const pool = part(pools, 'items');
  const properties = part(pool, 'properties');
  const merged = Object.fromEntries(
    Object.entries(properties).map(([key, value]) => {
      const { description } = part(properties, key);
      const fallback = POLICY_SLOTS.find((slot) => slot === key && DEFAULT_POLICIES[slot] !== undefined);
      const byDefault = fallback === undefined ? {} : { default: { policy: DEFAULT_POLICIES[fallback] } };
      return [key, choices[key] === undefined ? value : { description, ...byDefault, ...choices[key] }];
    }),
  );
  return {
    ...schema,
    properties: { ...part(schema, 'properties'), pools: { ...pools, items: { ...pool, properties: merged } } },
  };
}

/** One branch a policy, told apart by its name, and one for policies in files, whose options only the file knows. */
function choiceSchema(catalogue: Catalogue, slot: PolicySlot): JsonSchema {
  const ownBranches = Object.values(policiesFor(catalogue, slot)).map(({ name, about, options }) => {
    const schema = jsonSchemaOf(strict(options));
    const required: readonly unknown[] = Array.isArray(schema['required']) ? schema['required'] : [];
    return {
      ...Object.fromEntries(Object.entries(schema).filter(([keyword]) => keyword !== '$schema')),
      description: about,
      properties: { policy: { const: name, description: about }, ...part(schema, 'properties') },
      required: ['policy', ...required],
    };
  });
  const description = 'A policy of your own, by the path of its file from this one';
  const fileBranch = {
    type: 'object',
    description,
    properties: { policy: { type: 'string', pattern: POLICY_PATH.source, description } },
    required: ['policy'],
  };
  return { type: 'object', required: ['policy'], oneOf: [...ownBranches, fileBranch] };
}

const part = (schema: JsonSchema, key: string): JsonSchema => {
  const value = schema[key];
  // Known: where a JSON Schema nests a record, it nests a schema or a record of schemas.
  return typeof value === 'object' && value !== null ? (value as JsonSchema) : {};
};
