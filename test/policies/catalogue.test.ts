import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { catalogue } from '../../policies/catalogue.ts';
import { POLICY_SLOTS, type PolicyDefinition } from '../../src/policy/definePolicy.ts';

const shelf = POLICY_SLOTS.flatMap((slot) => {
  const definitions: Readonly<Record<string, PolicyDefinition>> = catalogue[slot];
  return Object.entries(definitions).map(([key, definition]) => ({ slot, key, definition }));
});

describe.each(shelf)('$slot $key in the catalogue', ({ slot, key, definition }) => {
  it('stands under its name and in its slot, and says what it does', () => {
    expect(definition.name).toBe(key);
    expect(definition.slot).toBe(slot);
    expect(definition.about).toMatch(/^[A-Z].*\.$/);
  });

  it('describes each option, in a form that editors understand', () => {
    const { properties } = z.toJSONSchema(definition.options, { io: 'input' });
    for (const [option, schema] of Object.entries(properties ?? {}))
      expect(schema, option).toHaveProperty('description', expect.stringMatching(/^[A-Z]/));
  });

  it('refuses an option that it does not know', () => {
    const parsed = definition.options.safeParse({ nonsense: 1 });
    expect(parsed.error?.issues).toContainEqual(expect.objectContaining({ code: 'unrecognized_keys' }));
  });
});
