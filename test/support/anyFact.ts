import fc from 'fast-check';
import type { z } from 'zod';
import { ABOUT, type BlockFact, FACT_TYPES, type Fact } from '../../src/domain/facts.ts';
import { FACT_SHAPES } from '../../src/world/factShapes.ts';

/** What fields of a name hold, wherever they are. */
export type Fields = Readonly<Record<string, fc.Arbitrary<unknown>>>;

/** Facts of every type, made from their shapes, so that one that is added is tested too. `fields` says what some fields hold. */
export const anyFact = (fields: Fields, types: readonly Fact['type'][] = FACT_TYPES): fc.Arbitrary<Fact> =>
  fc.oneof(
    ...types.map((type) =>
      // A shape and what is made from it have the same fields.
      arbitraryOf(FACT_SHAPES[type], fields).map((fact) => ({ type, ...(fact as object) }) as Fact),
    ),
  );

/** Facts about a block. */
export const anyBlockFact = (fields: Fields): fc.Arbitrary<BlockFact> =>
  anyFact(
    fields,
    FACT_TYPES.filter((type) => ABOUT[type] === 'block'),
  ) as fc.Arbitrary<BlockFact>;

/** The parts of a shape that a value is made from. */
interface Definition {
  readonly type: string;
  readonly shape?: Readonly<Record<string, z.ZodType>>;
  readonly element?: z.ZodType;
  readonly innerType?: z.ZodType;
  readonly valueType?: z.ZodType;
  readonly entries?: Readonly<Record<string, string>>;
}

function arbitraryOf(shape: z.ZodType, fields: Fields, name = ''): fc.Arbitrary<unknown> {
  const { type, shape: members, element, innerType, valueType, entries } = shape.def as Definition;
  const known = fields[name];
  switch (type) {
    case 'object': {
      if (known !== undefined) return known;
      const all = Object.entries(members ?? {});
      return fc.record(Object.fromEntries(all.map(([key, member]) => [key, arbitraryOf(member, fields, key)])), {
        requiredKeys: all.flatMap(([key, member]) => ((member.def as Definition).type === 'optional' ? [] : [key])),
      });
    }
    case 'optional':
      return arbitraryOf(innerType!, fields, name);
    case 'nullable':
      return fc.option(arbitraryOf(innerType!, fields, name));
    case 'array':
      return known ?? fc.array(arbitraryOf(element!, fields), { maxLength: 2 });
    case 'record':
      return known ?? fc.dictionary(fc.constantFrom('ci-0', 'ci-1'), arbitraryOf(valueType!, fields), { maxKeys: 2 });
    case 'enum':
      return known ?? fc.constantFrom(...Object.values(entries ?? {}));
    case 'boolean':
      return known ?? fc.boolean();
    case 'number':
      return known ?? fc.integer({ min: 1, max: 10 });
    case 'string':
      return known ?? fc.constantFrom('a', 'b');
    case 'unknown':
      return known ?? fc.constantFrom('anything', 1, null);
    case 'custom':
      return known ?? fields['instant'] ?? fc.nat(10_000);
    default:
      throw new TypeError(`${name}: no value can be made of ${type}`);
  }
}
