import { hours, type Instant, minutes, NEVER } from '../../domain/time.ts';
import type { Allowance, OperatingHoursPolicy } from '../operatingHours.ts';
import { shortly } from '../saidBy.ts';
import { alwaysSoon, instantText, type Law, type Laws } from './law.ts';

type HoursLaw = Law<OperatingHoursPolicy, Instant>;

/** Blocks are counted: a whole number, zero or more. */
export const blocksAreWhole: HoursLaw = (policy, now) => {
  const { blocks } = policy.allowedAt(now);
  return Number.isSafeInteger(blocks) && blocks >= 0
    ? undefined
    : `wants ${shortly(blocks)} blocks at ${instantText(now)}; expected a whole number, zero or more`;
};

/** An answer holds for some time: an `until` that has passed would have the keeper ask again in the same instant, for ever. */
export const untilIsLater: HoursLaw = (policy, now) => {
  const { until } = policy.allowedAt(now);
  return until > now
    ? alwaysSoon((at) => policy.allowedAt(at).until, now)
    : `returns until ${instantText(until)} at ${instantText(now)}; expected an instant after now`;
};

/**
 * As many blocks are wanted throughout `[now, until)`: the keeper sleeps until then, and would see no change before. A policy
 * may be careful and ask to be asked again early; it must not be late.
 */
export const holdsUntil: HoursLaw = (policy, now) => {
  const allowance = policy.allowedAt(now);
  for (const at of instantsIn(now, allowance.until)) {
    const later = policy.allowedAt(at);
    if (later.blocks !== allowance.blocks)
      return `wants ${wordsOf(allowance)} when it is asked at ${instantText(now)}, but at ${instantText(at)} it wants ${later.blocks}; expected the same number until then`;
  }
  return undefined;
};

/** The same question gets the same answer, whatever was asked in between: a policy keeps no count of its questions. */
export const hoursAnswerAlike: HoursLaw = (policy, now) => {
  const first = policy.allowedAt(now);
  for (const elsewhere of [now + hours(24 * 200), now - hours(24 * 200), now + 1]) policy.allowedAt(elsewhere);
  const second = policy.allowedAt(now);
  return first.blocks === second.blocks && first.until === second.until
    ? undefined
    : `wants first ${wordsOf(first)} and then ${wordsOf(second)}, asked twice about ${instantText(now)}; expected the same both times`;
};

/** What every operating hours policy keeps, at whatever instant it is asked. */
export const operatingHoursLaws: Laws<OperatingHoursPolicy, Instant> = {
  blocksAreWhole,
  untilIsLater,
  holdsUntil,
  hoursAnswerAlike,
};

/** Where a broken promise shows: soon after, all along, and in the last moment before `until`. */
function instantsIn(now: Instant, until: Instant): readonly Instant[] {
  // What is promised for ever is tried over two years, in which any calendar shows its changes.
  const end = until === NEVER ? now + hours(24 * 731) : until;
  const along = Array.from({ length: 16 }, (_, part) => Math.floor(now + ((end - now) * part) / 16));
  return [...along, now + minutes(1), end - minutes(1), end - 1].filter((at) => at > now && at < end);
}

const wordsOf = ({ blocks, until }: Allowance): string => `${blocks} blocks until ${instantText(until)}`;
