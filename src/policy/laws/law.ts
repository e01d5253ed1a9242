import { type Instant, isoOf, NEVER } from '../../domain/time.ts';

/**
 * What every policy of a slot keeps, put as one question to one policy: a sentence when it is broken, else undefined.
 * Pure, as the policy is: a question that broke a law breaks it again.
 */
export type Law<Policy, Question> = (policy: Policy, question: Question) => string | undefined;

/** The laws of a slot, by name. */
export type Laws<Policy, Question> = Readonly<Record<string, Law<Policy, Question>>>;

/** A law that did not hold. */
export interface Breach {
  readonly law: string;
  /** What the policy answered, and what the law expects. */
  readonly sentence: string;
}

/** The first law that a policy breaks when asked a question; a policy that throws breaks the law it was asked for. */
export function breachOf<Policy, Question>(
  laws: Laws<Policy, Question>,
  policy: Policy,
  question: Question,
): Breach | undefined {
  for (const [law, holds] of Object.entries(laws)) {
    const sentence = sentenceOf(holds, policy, question);
    if (sentence !== undefined) return { law, sentence };
  }
  return undefined;
}

function sentenceOf<Policy, Question>(
  law: Law<Policy, Question>,
  policy: Policy,
  question: Question,
): string | undefined {
  try {
    return law(policy, question);
  } catch (error) {
    return `threw ${error instanceof Error ? error.message : String(error)}`;
  }
}

/** An instant in a sentence, or the number itself where a policy's answer is none: NaN has no date. */
export const instantText = (at: Instant): string => (at === NEVER || Math.abs(at) <= 8.64e15 ? isoOf(at) : String(at));
