import type { PolicySlot } from '../src/policy/definePolicy.ts';
import { shortly } from '../src/policy/saidBy.ts';

/** The fields of an answer: all are numbers, and those in `may` can be left out. */
const FIELDS: Readonly<
  Record<Exclude<PolicySlot, 'purchase'>, { readonly must: readonly string[]; readonly may: readonly string[] }>
> = {
  operatingHours: { must: ['blocks', 'until'], may: [] },
  scaling: { must: ['blocks'], may: ['until', 'giveBackIdleAfterMs', 'giveBackBeforeHourMs'] },
  renewal: { must: ['relieveAt', 'drainAt', 'endBy'], may: ['until'] },
};

/**
 * What is wrong with the form of an answer, as people are told after the policy's name: no law can be about an answer that has none.
 * Undefined where it has the form, whatever its numbers say.
 */
export function wrongForm(slot: PolicySlot, answer: unknown): string | undefined {
  if (typeof answer !== 'object' || answer === null) return `returned ${shortly(answer)}; expected an answer`;
  const fields = answer as Readonly<Record<string, unknown>>;
  if (typeof fields['then'] === 'function')
    return `returned a promise; expected ${formOf(slot)} at once, without async or await`;
  if (slot === 'purchase') {
    if (Array.isArray(answer) || Array.isArray(fields['ranked'])) return undefined;
    return 'ranked' in fields
      ? `returned ranked: ${shortly(fields['ranked'])}; expected a list of offers`
      : `returned an object without ranked; expected ${formOf(slot)}`;
  }
  const { must, may } = FIELDS[slot];
  for (const name of [...must, ...may]) {
    const value = fields[name];
    if (value === undefined && may.includes(name)) continue;
    if (value === undefined) return `returned no ${name}; expected ${formOf(slot)}`;
    if (typeof value !== 'number') return `returned ${name}: ${shortly(value)}; expected a number${unitOf(name)}`;
  }
  return undefined;
}

const formOf = (slot: PolicySlot): string => {
  if (slot === 'purchase') return 'a list of offers, or { ranked, until }';
  return `{ ${FIELDS[slot].must.join(', ')} }`;
};

/** What the number counts. */
const unitOf = (field: string): string => {
  if (field === 'blocks') return '';
  return field.endsWith('Ms') ? ' of milliseconds' : ', milliseconds since 1970 as in the question';
};
