import { blockEnd, leaseEnd } from '../domain/leaseEnd.ts';
import { before, type Instant, latest, minutes } from '../domain/time.ts';
import type { Offer } from '../domain/words.ts';
import type { PolicySlot } from '../policy/definePolicy.ts';
import type { Demand, OperatingHoursPolicy } from '../policy/operatingHours.ts';
import type { Need, PurchasePolicy } from '../policy/purchase.ts';
import type { RenewalPolicy, RenewalQuestion, RenewalTimes } from '../policy/renewal.ts';
import { saidBy } from '../policy/saidBy.ts';
import { demandIn, type Read, rankIn, timesIn } from './answers.ts';
import { type FaultKind, PolicyFault } from './policyFault.ts';

/**
 * The only place where policies are asked. Policies are user code: what they answer is read once and checked, and where the
 * answer is no answer, a stated fallback decides. A fault is handed to `fault`, which tells people once of each kind.
 */
export type Fault = (slot: PolicySlot, kind: FaultKind, what: string) => void;

/** How long a fallback's answer holds before the operating hours are asked again. */
const ASK_AGAIN_MS = minutes(5);

/** How long before its lease ends the fallback drains a block, and how much earlier it asks for a successor. */
const FALLBACK_LEAD_MS = minutes(30);
const FALLBACK_OVERLAP_MS = minutes(5);

/** The demand at `now`; as fallback what was last known, or none: doing nothing is always safe. */
export function askDemand(policy: OperatingHoursPolicy, now: Instant, last: Demand | null, fault: Fault): Demand {
  const answer = attempt(
    'operatingHours',
    () => policy.demandAt(now),
    (given) => demandIn(given, now),
    fault,
  );
  return answer ?? { blocks: last?.blocks ?? 0, until: now + ASK_AGAIN_MS };
}

/** When a block is relieved, drained and ended; as fallback half an hour before its lease ends. */
export function askTimes(policy: RenewalPolicy, question: RenewalQuestion, fault: Fault): RenewalTimes {
  return (
    attempt(
      'renewal',
      () => policy.timesFor(question),
      (given) => timesIn(given, question.lease),
      fault,
    ) ?? fallbackTimes(question)
  );
}

/** What to buy, best first; as fallback the cheapest. */
export function askRank(policy: PurchasePolicy, offers: readonly Offer[], need: Need, fault: Fault): readonly Offer[] {
  return (
    attempt(
      'purchase',
      () => policy.rank(offers, need),
      (given) => rankIn(given, offers),
      fault,
    ) ?? cheapestFirst(offers)
  );
}

/** The answer; undefined, once `fault` has been told, where there is none. */
function attempt<Answer extends object>(
  slot: PolicySlot,
  ask: () => unknown,
  read: (answer: unknown) => Read<Answer>,
  fault: Fault,
): Answer | undefined {
  try {
    const answer = read(ask());
    if (typeof answer !== 'string') return answer;
    fault(slot, 'answer', answer);
  } catch (error) {
    if (error instanceof PolicyFault) {
      error.decided();
      fault(slot, error.kind, error.message);
    } else fault(slot, 'threw', `threw ${saidBy(error)}`);
  }
  return undefined;
}

function fallbackTimes({ lease, spec }: RenewalQuestion): RenewalTimes {
  const overAt = leaseEnd(lease);
  const middle = lease.startsAt + (overAt - lease.startsAt) / 2;
  const drainAt = latest(before(overAt, FALLBACK_LEAD_MS), middle);
  const endBy = blockEnd(lease, spec.overrunMs);
  return { relieveAt: latest(before(drainAt, FALLBACK_OVERLAP_MS), middle), drainAt, endBy };
}

const cheapestFirst = (offers: readonly Offer[]): readonly Offer[] =>
  offers.toSorted((a, b) => a.usdPerHour - b.usdPerHour || (a.zone < b.zone ? -1 : a.zone > b.zone ? 1 : 0));
