import fc from 'fast-check';
import { expect, it } from 'vitest';
import { catalogue } from '../../policies/catalogue.ts';
import type { PolicyDefinition, PolicySlot, PolicySlots } from '../../src/policy/definePolicy.ts';
import { breachOf, type Laws } from '../../src/policy/laws/index.ts';
import { aShelf } from '../support/aShelf.ts';
import { someOptions } from './someOptions.ts';

/** Runs every policy of a slot through the laws of the slot, with random options and random questions. */
export function everyPolicyKeeps<Slot extends PolicySlot, Question>(
  slot: Slot,
  laws: Laws<PolicySlots[Slot], Question>,
  questions: fc.Arbitrary<Question>,
  runs = 30,
): void {
  const definitions: Readonly<Record<string, PolicyDefinition<Slot>>> = catalogue[slot];

  it.each(Object.values(definitions))('$name', (definition) => {
    fc.assert(
      fc.property(someOptions(definition), fc.array(questions, { minLength: 1, maxLength: 3 }), (options, asked) => {
        const policy = definition.create(definition.options.parse(options), aShelf);
        for (const question of asked) expect(breachOf(laws, policy, question)).toBeUndefined();
      }),
      { numRuns: runs },
    );
  });
}

/** Whether a law names its breach by a policy that is wrong on purpose, in any of many random questions. */
export function firesFor<Policy, Question>(
  laws: Laws<Policy, Question>,
  law: string,
  wrong: () => Policy,
  questions: fc.Arbitrary<Question>,
): string | undefined {
  for (const question of fc.sample(questions, { numRuns: 300, seed: 7 })) {
    const sentence = laws[law]?.(wrong(), question);
    if (sentence !== undefined) return sentence;
  }
  return undefined;
}
