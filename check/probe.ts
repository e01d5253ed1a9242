import type { Instant } from '../src/domain/time.ts';
import type { PolicySlot, PolicySlots } from '../src/policy/definePolicy.ts';
import {
  ANSWERS,
  type Breach,
  breachOf,
  operatingHoursLaws,
  purchaseLaws,
  renewalLaws,
  scalingLaws,
} from '../src/policy/laws/index.ts';
import { shortly } from '../src/policy/saidBy.ts';
import { plainOf } from '../src/policy/shown/tracked.ts';

/** A promise that a policy did not keep: which, when in the world, and what happened in one sentence. */
export interface Broken {
  readonly promise: string;
  readonly at: Instant;
  readonly sentence: string;
}

/** A policy that is held to the laws of its slot whenever it is asked, and to its own answers when the run is over. */
export interface Probe<Slot extends PolicySlot> {
  readonly policy: PolicySlots[Slot];
  /** The first law that was broken, if one was. */
  broken(): Broken | undefined;
}

/** Every question is put to the laws up to this count, then every tenth: a long run is no new question each time. */
const ALL_UP_TO = 200;
const THEN_EVERY = 10;

/** How many answers are asked for again at the end. */
const KEPT = 60;

/**
 * Wraps a policy. `fresh` makes another of the same definition and options, which must answer alike whatever was asked
 * before: what differs has leaked from an earlier question or another pool.
 */
export function probe<Slot extends PolicySlot>(
  slot: Slot,
  policy: PolicySlots[Slot],
  fresh: () => PolicySlots[Slot],
): Probe<Slot> {
  let first: Broken | undefined;
  let asked = 0;
  const kept: { readonly at: Instant; readonly again: (of: PolicySlots[Slot]) => string; readonly answer: string }[] =
    [];

  const hold = (at: Instant, breach: () => Breach | undefined, ask: () => unknown): void => {
    asked += 1;
    if (first !== undefined || (asked > ALL_UP_TO && asked % THEN_EVERY !== 0)) return;
    const found = breach();
    if (found === undefined) return;
    // What is no answer at all has nothing that a law could be about.
    const none = nothingIn(ask);
    first =
      none === undefined
        ? { promise: found.law, at, sentence: `the policy ${found.sentence}` }
        : { promise: ANSWERS, at, sentence: `the policy ${none}` };
  };
  const keep = (at: Instant, answer: string, again: (of: PolicySlots[Slot]) => string): void => {
    // The first answers, and then ever rarer ones from the whole run.
    if (kept.length < KEPT || asked % (kept.length * 2) === 0) kept.push({ at, again, answer });
  };

  const wrapped: PolicySlots = {
    operatingHours: {
      allowedAt: (now) => {
        const own = policy as PolicySlots['operatingHours'];
        hold(
          now,
          () => breachOf(operatingHoursLaws, own, now),
          () => own.allowedAt(now),
        );
        const answer = own.allowedAt(now);
        keep(now, textOf(answer), (of) => textOf((of as PolicySlots['operatingHours']).allowedAt(now)));
        return answer;
      },
    },
    scaling: {
      wantedNow: (question) => {
        const own = policy as PolicySlots['scaling'];
        const { now } = question;
        const plain = plainOf(question);
        hold(
          now,
          () => breachOf(scalingLaws, own, plain),
          () => own.wantedNow(plain),
        );
        const answer = own.wantedNow(question);
        keep(now, textOf(answer), (of) => textOf((of as PolicySlots['scaling']).wantedNow(plain)));
        return answer;
      },
    },
    renewal: {
      timesFor: (question) => {
        const own = policy as PolicySlots['renewal'];
        // The time is read, so that the laws hear of every turn; but what the laws read is not the policy's reading.
        const { now } = question;
        const plain = plainOf(question);
        hold(
          now,
          () => breachOf(renewalLaws, own, plain),
          () => own.timesFor(plain),
        );
        const answer = own.timesFor(question);
        keep(now, textOf(answer), (of) => textOf((of as PolicySlots['renewal']).timesFor(plain)));
        return answer;
      },
    },
    purchase: {
      rank: (offers, need) => {
        const own = policy as PolicySlots['purchase'];
        const { now } = need;
        const plain = plainOf({ offers, need });
        hold(
          now,
          () => breachOf(purchaseLaws, own, plain),
          () => own.rank(plain.offers, plain.need),
        );
        const answer = own.rank(offers, need);
        keep(now, textOf(answer), (of) => textOf((of as PolicySlots['purchase']).rank(plain.offers, plain.need)));
        return answer;
      },
    },
  };

  return {
    // Each wrapper reads the policy as what its own slot says it is; only the one of this slot is ever asked.
    policy: wrapped[slot],
    broken: () => first ?? changedMind(),
  };

  function changedMind(): Broken | undefined {
    const others = [
      ['when asked the same again later', () => policy],
      ['when asked of a policy made afresh', fresh],
    ] as const;
    for (const [when, make] of others) {
      const other = make();
      // Backwards, so that an answer that hangs on the question before it meets another one.
      for (const { at, again, answer } of kept.toReversed()) {
        const now = textIn(() => again(other));
        if (now === answer) continue;
        const sentence = `the policy answered ${answer}, and ${now} ${when}; expected the same answer to the same question`;
        return { promise: 'sameAnswer', at, sentence };
      }
    }
    return undefined;
  }
}

/** What is wrong with an answer that is none at all; undefined where it has something to look at, or asking throws. */
function nothingIn(ask: () => unknown): string | undefined {
  try {
    const answer = ask();
    return typeof answer === 'object' && answer !== null
      ? undefined
      : `returned ${shortly(answer)}; expected an answer`;
  } catch {
    return undefined;
  }
}

const textIn = (ask: () => string): string => {
  try {
    return ask();
  } catch (error) {
    return `an error (${error instanceof Error ? error.message : String(error)})`;
  }
};

/** An answer as a text that tells two apart. Infinity has no JSON, and neither has undefined, which no answer should be. */
const textOf = (answer: unknown): string =>
  answer === undefined
    ? 'undefined'
    : JSON.stringify(plainOf(answer), (_, value: unknown) =>
        typeof value === 'number' && !Number.isFinite(value) ? String(value) : value,
      );
