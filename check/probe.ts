import { type Instant, isoOf, NEVER } from '../src/domain/time.ts';
import type { Lease } from '../src/domain/words.ts';
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
import type { RenewalTimes } from '../src/policy/renewal.ts';
import { plainOf } from '../src/policy/shown/tracked.ts';
import { ELSEWHERE, OUTSIDE, type Outside, runElsewhere } from './elsewhere.ts';
import { wrongForm } from './form.ts';

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
 * before: what differs has leaked from an earlier question or another pool. The laws are held against one of these, since they
 * ask what no world would: a policy that keeps the most jobs it ever saw is to live without theirs.
 */
export function probe<Slot extends PolicySlot>(
  slot: Slot,
  policy: PolicySlots[Slot],
  fresh: () => PolicySlots[Slot],
): Probe<Slot> {
  let first: Broken | undefined;
  const tried = fresh();
  let asked = 0;
  const kept: { readonly at: Instant; readonly again: (of: PolicySlots[Slot]) => string; readonly answer: string }[] =
    [];

  const hold = (at: Instant, breach: () => Breach | undefined, ask: () => unknown): void => {
    asked += 1;
    if (first !== undefined || (asked > ALL_UP_TO && asked % THEN_EVERY !== 0)) return;
    const found = breach();
    if (found === undefined) return;
    // What is no answer at all has nothing that a law could be about.
    const none = formIn(slot, ask);
    first =
      none === undefined
        ? { promise: found.law, at, sentence: `the policy ${found.sentence}` }
        : { promise: ANSWERS, at, sentence: `the policy ${none}` };
  };
  const keep = (at: Instant, answer: string, again: (of: PolicySlots[Slot]) => string): void => {
    // The first answers, and then ever rarer ones from the whole run.
    if (kept.length < KEPT || asked % (kept.length * 2) === 0) kept.push({ at, again, answer });
  };

  // Once a law is broken, the rest of the life tells nothing, and is made short.
  const wrapped: PolicySlots = {
    operatingHours: {
      allowedAt: (now) => {
        const own = policy as PolicySlots['operatingHours'];
        const lawful = tried as PolicySlots['operatingHours'];
        hold(
          now,
          () => breachOf(operatingHoursLaws, lawful, now),
          () => lawful.allowedAt(now),
        );
        if (first !== undefined) return { blocks: 0, until: NEVER };
        const answer = own.allowedAt(now);
        keep(now, textOf(answer), (of) => textOf((of as PolicySlots['operatingHours']).allowedAt(now)));
        return answer;
      },
    },
    scaling: {
      wantedNow: (question) => {
        const own = policy as PolicySlots['scaling'];
        const lawful = tried as PolicySlots['scaling'];
        const { now } = question;
        const plain = plainOf(question);
        hold(
          now,
          () => breachOf(scalingLaws, lawful, plain),
          () => lawful.wantedNow(plain),
        );
        if (first !== undefined) return { blocks: 0 };
        const answer = own.wantedNow(question);
        keep(now, textOf(answer), (of) => textOf((of as PolicySlots['scaling']).wantedNow(plain)));
        return answer;
      },
    },
    renewal: {
      timesFor: (question) => {
        const own = policy as PolicySlots['renewal'];
        const lawful = tried as PolicySlots['renewal'];
        // The time is read, so that the laws hear of every turn; but what the laws read is not the policy's reading.
        const { now } = question;
        const plain = plainOf(question);
        hold(
          now,
          () => breachOf(renewalLaws, lawful, plain),
          () => lawful.timesFor(plain),
        );
        if (first !== undefined) return overAt(question.lease);
        const answer = own.timesFor(question);
        keep(now, textOf(answer), (of) => textOf((of as PolicySlots['renewal']).timesFor(plain)));
        return answer;
      },
    },
    purchase: {
      rank: (offers, need) => {
        const own = policy as PolicySlots['purchase'];
        const lawful = tried as PolicySlots['purchase'];
        const { now } = need;
        const plain = plainOf({ offers, need });
        hold(
          now,
          () => breachOf(purchaseLaws, lawful, plain),
          () => lawful.rank(plain.offers, plain.need),
        );
        if (first !== undefined) return [];
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
    return (
      differing('when asked the same again later', () => policy) ??
      differing('when asked of a policy made afresh', fresh) ??
      differingElsewhere()
    );
  }

  function differing(when: string, make: () => PolicySlots[Slot]): Broken | undefined {
    const other = make();
    // Backwards, so that an answer that hangs on the question before it meets another one.
    for (const { at, again, answer } of kept.toReversed()) {
      const now = textIn(() => again(other));
      if (now !== answer) return changed(at, answer, now, when);
    }
    return undefined;
  }

  /** A policy knows the time from its question alone: the machine that it runs on decides nothing. */
  function differingElsewhere(): Broken | undefined {
    const all = new Set<Outside>(['clock', 'zone', 'chance']);
    for (const elsewhere of ELSEWHERE) {
      const asked = (differs: ReadonlySet<Outside>, some: typeof kept) =>
        runElsewhere(elsewhere, differs, () => {
          const other = fresh();
          return some.map((one) => ({ ...one, now: textIn(() => one.again(other)) }));
        }).find(({ answer, now }) => now !== answer);
      const found = asked(all, kept);
      if (found === undefined) continue;
      const { at, answer, now } = found;
      const alone = [...all].find((one) => asked(new Set([one]), kept) !== undefined);
      return changed(at, answer, now, alone === undefined ? 'on another machine' : OUTSIDE[alone]);
    }
    return undefined;
  }
}

/** A block that stays to the end of its lease. */
const overAt = (lease: Lease): RenewalTimes => {
  const at = Math.min(lease.expiresAt, lease.hardEndAt);
  return { relieveAt: at, drainAt: at, endBy: at };
};

const changed = (at: Instant, answer: string, now: string, when: string): Broken => ({
  promise: 'sameAnswer',
  at,
  sentence: `the policy returned ${answer} at ${isoOf(at)}, and ${now} ${when}; expected the same answer to the same question`,
});

/** What is wrong with the form of an answer; undefined where there is nothing, or asking throws. */
function formIn(slot: PolicySlot, ask: () => unknown): string | undefined {
  try {
    return wrongForm(slot, ask());
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
