import { hours, type Instant, isoOf, minutes, NEVER, seconds } from '../../domain/time.ts';
import { saidBy } from '../saidBy.ts';
import { apartFromNow } from '../shown/ask.ts';
import type { Reads } from '../shown/reads.ts';

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

/**
 * What a policy breaks that gives no answer: it throws, or what it returns is none. That is no matter of the law for which it was
 * asked; `spot-keeper check` has a promise of this name.
 */
export const ANSWERS = 'answers';

/** The first law that a policy breaks when asked a question; one that gives no answer breaks `ANSWERS`. */
export function breachOf<Policy, Question>(
  laws: Laws<Policy, Question>,
  policy: Policy,
  question: Question,
): Breach | undefined {
  for (const [law, holds] of Object.entries(laws)) {
    try {
      const sentence = holds(policy, question);
      if (sentence !== undefined) return { law, sentence };
    } catch (error) {
      return { law: ANSWERS, sentence: `threw ${saidBy(error)}` };
    }
  }
  return undefined;
}

/** An instant in a sentence, or the number itself where a policy's answer is none: NaN has no date. */
export const instantText = (at: Instant): string => (at === NEVER || Math.abs(at) <= 8.64e15 ? isoOf(at) : String(at));

/** " until …" for an answer that says how long it holds. */
export const untilText = (until: Instant | undefined): string =>
  until === undefined ? '' : ` until ${instantText(until)}`;

/** An answer that holds for less than this, time after time, was meant to hold for longer: seconds were taken for milliseconds. */
const SOON_MS = seconds(5);

/**
 * What is wrong with answers that hold for a moment only, each of them: the keeper would do nothing else but ask. One that ends soon
 * is right where the next one does not, as just before the hour. `untilAt`: until when the answer holds that is given at an instant.
 */
export function alwaysSoon(untilAt: (at: Instant) => Instant | undefined, now: Instant): string | undefined {
  let at = now;
  for (let time = 0; time < 3; time += 1) {
    const until = untilAt(at);
    if (until === undefined || !(until > at) || until - at >= SOON_MS) return undefined;
    at = until;
  }
  return `returns until ${instantText(at)} at the third time from ${instantText(now)} on, so that it would be asked every few seconds without end; expected answers that hold for longer: instants are in milliseconds`;
}

/** Instants after `now` at which the keeper still goes by an answer: none where it asks again at once. */
export function instantsHeld(
  { answer: { until }, reads }: { readonly answer: { readonly until?: Instant }; readonly reads: Reads | undefined },
  now: Instant,
): readonly Instant[] {
  if (until === undefined && (reads === undefined || apartFromNow(reads) !== reads)) return [];
  // Soon after, and in the last moment; what is promised for ever is tried over a day.
  const end = Math.min(until ?? NEVER, now + hours(24));
  const middle = Math.floor(now + (end - now) / 2);
  return [now + 1, now + minutes(1), middle, end - 1].filter((at) => at > now && at < end);
}
