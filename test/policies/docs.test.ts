import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { catalogue } from '../../policies/catalogue.ts';
import { POLICY_SLOTS, type PolicySlot } from '../../src/policy/definePolicy.ts';
import { aShelf } from '../support/aShelf.ts';

const page = readFileSync(join(import.meta.dirname, '../../docs/policies.md'), 'utf8');

const compared = readFileSync(join(import.meta.dirname, '../../docs/shelf.md'), 'utf8');

const choice = z.partialRecord(z.enum(POLICY_SLOTS), z.looseObject({ policy: z.string() }));

/** Files that the examples name, by their names. */
const files = new Map(
  [...page.matchAll(/^```ics (\S+)\n(.*?)^```$/gms)].map(([, file = '', text = '']) => [file, text]),
);

/** What each example on the page chooses, with the texts of its files in the place of their names. */
const examples = [...page.matchAll(/^```yaml policy\n(.*?)^```$/gms)].flatMap(([, text = '']) =>
  POLICY_SLOTS.flatMap((slot) => {
    const chosen = choice.parse(parse(text))[slot];
    if (chosen === undefined) return [];
    const { policy, ...written } = chosen;
    const options = Object.fromEntries(
      Object.entries(written).map(([option, value]) => {
        const embedded = typeof value === 'string' ? files.get(value) : undefined;
        return [option, embedded === undefined ? value : { file: value, text: embedded }];
      }),
    );
    return [{ slot, policy, options }];
  }),
);

const shelf = POLICY_SLOTS.flatMap((slot) => Object.keys(catalogue[slot]).map((name) => ({ slot, name })));

describe('docs/policies.md', () => {
  it.each(examples)('has an example of $policy that works', ({ slot, policy, options }) => {
    expect(() =>
      definitionOf(slot, policy).create(definitionOf(slot, policy).options.parse(options), aShelf),
    ).not.toThrow();
  });

  it.each(shelf)('shows $name with each of its options and its default', ({ slot, name }) => {
    expect(examples).toContainEqual(expect.objectContaining({ slot, policy: name }));
    const section = page.split(/^#{2,3} /m).find((text) => text.startsWith(`\`${name}\``)) ?? '';
    const { properties } = z.toJSONSchema(definitionOf(slot, name).options, { io: 'input' });
    for (const [option, schema] of Object.entries(properties ?? {})) {
      const row = section.split('\n').find((line) => line.startsWith(`| \`${option}\``));
      expect(row, `a row for the option ${option} of ${name}`).toBeDefined();
      const written = typeof schema === 'object' ? schema.default : undefined;
      if (written !== undefined && !Array.isArray(written)) expect(row).toContain(`\`${shownAs(written)}\``);
    }
  });

  it.each(shelf)('says of $name on the shelf what it says of itself', ({ slot, name }) => {
    const { about } = definitionOf(slot, name);
    expect(page).toContain(`| [\`${name}\`](#${name.toLowerCase()}) | ${about} |`);
  });

  it.each(shelf.filter(({ slot, name }) => definitionOf(slot, name).options.safeParse({}).success))(
    'compares $name in docs/shelf.md: npm run golden',
    ({ slot, name }) => {
      const [, ...scenarios] = compared.split(/^### /m);
      for (const scenario of scenarios)
        expect(scenario).toMatch(new RegExp(`^\\| ${slot} \\| (\\*\\*)?${name}\\1?(, \\d+ blocks)? \\|`, 'm'));
    },
  );

  it('shows nothing that is not on the shelf', () => {
    const sections = [...page.matchAll(/^### `(\w+)`$/gm)].map(([, name = '']) => name);
    expect(sections.toSorted()).toEqual(shelf.map(({ name }) => name).toSorted());
  });
});

/** A default as a person reads it: a policy without options by its name. */
function shownAs(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value);
  return 'policy' in value ? String(value.policy) : JSON.stringify(value);
}

function definitionOf(slot: PolicySlot, name: string) {
  const definition = catalogue[slot][name];
  if (definition === undefined)
    throw new Error(`docs/policies.md shows the policy ${name}, which is not in the catalogue`);
  return definition;
}
