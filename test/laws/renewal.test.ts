import { describe, expect, it } from 'vitest';
import { hours, NEVER } from '../../src/domain/time.ts';
import { renewalLaws } from '../../src/policy/laws/index.ts';
import { unseenMarket } from '../../src/policy/observed.ts';
import type { RenewalPolicy, RenewalQuestion, RenewalTimes } from '../../src/policy/renewal.ts';
import { everyPolicyKeeps, firesFor } from './everyPolicy.ts';
import { aRenewalQuestion } from './questions.ts';

describe('every renewal policy', () => {
  everyPolicyKeeps('renewal', renewalLaws, aRenewalQuestion);
});

describe('the laws of renewal', () => {
  const answering = (timesFor: (question: RenewalQuestion) => RenewalTimes): RenewalPolicy => ({ timesFor });
  const hourOf = (now: number) => Math.floor(now / hours(1));
  const allAt = (at: number): RenewalTimes => ({ relieveAt: at, drainAt: at, endBy: at });

  it.each<[law: string, wrong: () => RenewalPolicy, sentence: RegExp]>([
    // Looks at the lease that was bought, and not at the end that AWS imposes.
    ['timesAreInOrder', () => answering(({ lease }) => allAt(lease.expiresAt)), /the hard end/],
    [
      'timesAreInOrder',
      () => answering(({ lease }) => ({ ...allAt(lease.startsAt), relieveAt: lease.startsAt + 1 })),
      /expected relieveAt <= drainAt/,
    ],
    ['timesAreInOrder', () => answering(() => allAt(Number.NaN)), /relieveAt NaN/],
    // A lead without a cap.
    [
      'servesFirst',
      () => answering(({ lease }) => allAt(lease.expiresAt - hours(3))),
      /expected an instant after its start/,
    ],
    // A stagger drawn from the lease's end: some later leases come first.
    [
      'laterIsNotEarlier',
      () => answering(({ lease }) => allAt(lease.expiresAt - (lease.expiresAt % hours(1)) * 2)),
      /expected no earlier/,
    ],
    ['timesAnswerAlike', () => counting(), /asked twice/],
    // The types forbid it; a policy in JavaScript can.
    [
      'leavesQuestionAlone',
      () => answering((question) => Object.assign(question.jobs, allAt(question.lease.expiresAt))),
      /tried to change jobs\.relieveAt of its question/,
    ],
    [
      'timesHoldUntil',
      () => answering(({ lease, now }) => ({ ...allAt(lease.expiresAt), until: now })),
      /expected an instant after now/,
    ],
    // Seconds taken for milliseconds.
    [
      'timesHoldUntil',
      () => answering(({ lease, now }) => ({ ...allAt(lease.expiresAt), until: now + 600 })),
      /instants are in milliseconds/,
    ],
    // Goes by the hour, but promises a day.
    [
      'timesHoldUntil',
      () => answering(({ lease, now }) => ({ ...allAt(lease.expiresAt - hourOf(now)), until: now + hours(24) })),
      /returns relieveAt .* until .*, but at /,
    ],
    // Its last moment is wrong.
    [
      'timesHoldUntil',
      () =>
        answering(({ lease, now }) => ({
          ...allAt(lease.expiresAt - hourOf(now + 1)),
          until: (hourOf(now) + 1) * hours(1),
        })),
      /but at .*:59:59\.999Z/,
    ],
    // It does not look at the time of its question, but has one of its own.
    ['timesHoldUntil', () => counting(), /, but at /],
  ])('%s fires', (law, wrong, sentence) => {
    expect(firesFor(renewalLaws, law, wrong, aRenewalQuestion)).toMatch(sentence);
  });

  it('ask nothing of a lease that ends before it has begun', () => {
    const lease = { instanceId: 'i-1', offer: anyOffer, startsAt: 0, expiresAt: 0, hardEndAt: NEVER };
    const question: RenewalQuestion = {
      now: 0,
      slot: 0,
      lease,
      allowance: { blocks: 1, until: NEVER },
      next: { blocks: 1, until: NEVER },
      market: unseenMarket,
      spec: { leaseMs: hours(4), surge: 2, overrunMs: hours(24) },
      hardEnd: false,
      jobs: { running: 0 },
    };
    expect(
      renewalLaws['servesFirst']?.(
        answering(() => allAt(0)),
        question,
      ),
    ).toBeUndefined();
  });

  const anyOffer = {
    instanceType: 'm5.xlarge',
    zone: 'us-east-1a',
    term: 'spot',
    durationMs: hours(4),
    usdPerHour: 0.1,
  } as const;

  function counting(): RenewalPolicy {
    let questions = 0;
    return answering(() => allAt((questions += 1)));
  }
});
