import { describe, expect, it } from 'vitest';
import { judge } from '../../check/judge.ts';
import { subjectOf } from '../../check/subject.ts';
import { catalogue } from '../../policies/catalogue.ts';
import { definePolicy, type PolicySlot, z } from '../../src/policy/index.ts';
import { warmGroup } from './worlds/warmGroup.ts';

const ASKED = { operatingHours: 'allowedAt', scaling: 'wantedNow', renewal: 'timesFor', purchase: 'rank' } as const;

type Row = readonly [slot: PolicySlot, answer: (now: number) => unknown, sentence: string];

const rows: readonly Row[] = [
  [
    'operatingHours',
    () => Promise.resolve({ blocks: 2 }),
    'a promise; expected { blocks, until } at once, without async or await',
  ],
  [
    'operatingHours',
    (now) => ({ blocks: 2, until: new Date(now + 1) }),
    'until: an object; expected a number, milliseconds since 1970 as in the question',
  ],
  ['operatingHours', () => ({ blocks: 2 }), 'no until; expected { blocks, until }'],
  ['scaling', () => ({ blocks: '3' }), 'blocks: "3"; expected a number'],
  ['scaling', () => ({ wanted: 3 }), 'no blocks; expected { blocks }'],
  ['renewal', () => ({ relieveAt: 1, drainAt: 2 }), 'no endBy; expected { relieveAt, drainAt, endBy }'],
  ['purchase', () => ({ offers: [] }), 'an object without ranked; expected a list of offers, or { ranked, until }'],
  ['purchase', () => ({ ranked: 'none' }), 'ranked: "none"; expected a list of offers'],
];

describe('an answer without the form of one', () => {
  it.each(rows)('of a %s policy is told as what it is, %#', async (slot, answer, said) => {
    const method = (question: unknown, need?: { readonly now: number }): unknown =>
      answer(typeof question === 'number' ? question : (need?.now ?? 0));
    // Known: this is no policy, which is what is tried.
    const create = () => ({ [ASKED[slot]]: method }) as never;
    const wrong = definePolicy({ slot, name: 'wrong', about: 'For a test.', options: z.object({}), create });
    expect(await judge(subjectOf(wrong, catalogue), warmGroup)).toMatchObject({
      promise: 'answers',
      sentence: `the policy returned ${said}`,
    });
  });
});
