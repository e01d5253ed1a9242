import { type Millis, minutes } from '../../domain/time.ts';
import type { Lease } from '../../domain/words.ts';
import type { RenewalPolicy, RenewalQuestion, RenewalTimes } from '../renewal.ts';
import { showRenewal, wroteTo } from '../shown/ask.ts';
import { alwaysSoon, instantsHeld, instantText, type Law, type Laws, untilText } from './law.ts';

type RenewalLaw = Law<RenewalPolicy, RenewalQuestion>;

/** Relieved, then drained, then ended, and ended by the time that AWS imposes. */
export const timesAreInOrder: RenewalLaw = (policy, question) => {
  const times = policy.timesFor(question);
  const { relieveAt, drainAt, endBy } = times;
  // Put so that NaN breaks the law too: it is neither before nor after anything.
  if (relieveAt <= drainAt && drainAt <= endBy && endBy <= question.lease.hardEndAt) return undefined;
  return `returns ${timesText(times)} for ${leaseText(question.lease)}; expected relieveAt <= drainAt <= endBy <= ${instantText(question.lease.hardEndAt)}, the hard end`;
};

/** A block counts as supply for a while: one that is relieved at its birth has its successor bought at once, without end. */
export const servesFirst: RenewalLaw = (policy, question) => {
  const { startsAt, expiresAt, hardEndAt } = question.lease;
  if (Math.min(expiresAt, hardEndAt) <= startsAt) return undefined; // a lease without length has no first part
  const { relieveAt } = policy.timesFor(question);
  return relieveAt > startsAt
    ? undefined
    : `relieves ${leaseText(question.lease)} at ${instantText(relieveAt)}; expected an instant after its start`;
};

/**
 * A lease that starts no earlier and ends later is never relieved earlier: else a pool that looks ahead in the order of the
 * leases overlooks one.
 */
export const laterIsNotEarlier: RenewalLaw = (policy, question) => {
  const { relieveAt } = policy.timesFor(question);
  for (const lease of laterThan(question.lease)) {
    const later = policy.timesFor({ ...question, lease }).relieveAt;
    if (later < relieveAt)
      return `relieves ${leaseText(question.lease)} at ${instantText(relieveAt)}, but ${leaseText(lease)} at ${instantText(later)}; expected no earlier`;
  }
  return undefined;
};

/** The same question gets the same answer, whatever was asked in between. */
export const timesAnswerAlike: RenewalLaw = (policy, question) => {
  const first = policy.timesFor(question);
  for (const lease of laterThan(question.lease)) policy.timesFor({ ...question, lease });
  const second = policy.timesFor(question);
  return first.relieveAt === second.relieveAt && first.drainAt === second.drainAt && first.endBy === second.endBy
    ? undefined
    : `returns first ${timesText(first)} and then ${timesText(second)}, asked twice about ${leaseText(question.lease)}; expected the same both times`;
};

/** What it is shown is a copy, and not to be changed: the keeper takes a try for a fault, and lets its fallback decide. */
export const leavesQuestionAlone: RenewalLaw = (policy, question) => {
  const said = showRenewal(question, (shown) => policy.timesFor(shown));
  return 'wrote' in said ? wroteTo(said.wrote) : undefined;
};

/**
 * What the keeper keeps is what it would be told: the times are the same until their `until`, or where they have none and the
 * policy did not look at `now`, for good.
 */
export const timesHoldUntil: RenewalLaw = (policy, question) => {
  const { now, lease } = question;
  const said = showRenewal(question, (shown) => policy.timesFor(shown));
  if ('wrote' in said) return wroteTo(said.wrote);
  const { until } = said.answer;
  if (until !== undefined && !(until > now))
    return `returns until ${instantText(until)} at ${instantText(now)}; expected an instant after now`;
  const soon = alwaysSoon((at) => policy.timesFor({ ...question, now: at }).until, now);
  if (soon !== undefined) return soon;
  const first = timesText(said.answer);
  for (const at of instantsHeld(said, now)) {
    const later = timesText(policy.timesFor({ ...question, now: at }));
    if (later !== first)
      return `returns ${first}${untilText(until)} for ${leaseText(lease)} when it is asked at ${instantText(now)}, but at ${instantText(at)} it returns ${later}; expected the same times until then`;
  }
  return undefined;
};

/** What every renewal policy keeps, for whatever lease it is asked about. */
export const renewalLaws: Laws<RenewalPolicy, RenewalQuestion> = {
  leavesQuestionAlone,
  timesAreInOrder,
  servesFirst,
  laterIsNotEarlier,
  timesAnswerAlike,
  timesHoldUntil,
};

/** Leases that are the given one a little or a lot later, of the same length and longer by as much. */
function laterThan(lease: Lease): readonly Lease[] {
  const lengthMs = lease.expiresAt - lease.startsAt;
  return [1, minutes(1), lengthMs / 2, lengthMs]
    .filter((byMs) => byMs > 0)
    .flatMap((byMs) => [shifted(lease, byMs, byMs), shifted(lease, 0, byMs)]);
}

const shifted = (lease: Lease, startMs: Millis, endMs: Millis): Lease => ({
  ...lease,
  startsAt: lease.startsAt + startMs,
  expiresAt: lease.expiresAt + endMs,
  hardEndAt: lease.hardEndAt + endMs,
});

const leaseText = ({ startsAt, expiresAt }: Lease): string =>
  `the lease ${instantText(startsAt)} to ${instantText(expiresAt)}`;

const timesText = ({ relieveAt, drainAt, endBy }: RenewalTimes): string =>
  `relieveAt ${instantText(relieveAt)}, drainAt ${instantText(drainAt)}, endBy ${instantText(endBy)}`;
