import fc from 'fast-check';
import { z } from 'zod';
import type { PolicyDefinition } from '../../src/policy/definePolicy.ts';
import { writtenOptions } from './writtenOptions.ts';

type Options = fc.Arbitrary<Readonly<Record<string, unknown>>>;

/** Options as somebody might write them: those in `writtenOptions.ts`, else any that the policy's schema takes. */
export function someOptions({ name, options: schema }: Pick<PolicyDefinition, 'name' | 'options'>): Options {
  const written = writtenOptions[name];
  if (written !== undefined) return written;
  if (!schema.safeParse({}).success)
    throw new Error(`${name} cannot do without options: test/laws/writtenOptions.ts must say what people write`);
  return derivedOptions(schema);
}

/** What an option may be, if its schema takes it. */
const VALUES: readonly unknown[] = [
  ...['0s', '90s', '5m', '30m', '1h', '3h', '30h'],
  ...[0, 0.05, 0.5, 1, 3, 9],
  ...[true, false],
];

function derivedOptions(schema: z.ZodType): Options {
  const { properties = {} } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  const taken = Object.entries(properties).flatMap(([option, form]) => {
    const named: readonly unknown[] = (typeof form === 'object' ? form.enum : undefined) ?? [];
    const values = [...named, ...VALUES].filter((value) => schema.safeParse({ [option]: value }).success);
    // An option that takes none of these is left out.
    return values.length === 0 ? [] : [[option, fc.constantFrom(...values)] as const];
  });
  return (
    fc
      .record(Object.fromEntries(taken), { requiredKeys: [] })
      // Options that do not go together are none.
      .filter((options) => schema.safeParse(options).success)
  );
}
