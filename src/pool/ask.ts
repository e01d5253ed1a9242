import { before, earliest, type Instant, latest, minutes } from '../domain/time.ts';
import type { Lease, Offer } from '../domain/words.ts';
import type { Demand, OperatingHoursPolicy } from '../policy/operatingHours.ts';
import type { Need, PurchasePolicy } from '../policy/purchase.ts';
import type { RenewalPolicy, RenewalQuestion, RenewalTimes } from '../policy/renewal.ts';

/**
 * The only place where policies are asked. Policies are user code: what they answer is checked, and where the answer is
 * no answer, a stated fallback decides. A fault is handed to `fault`, which tells people once.
 */
export type Fault = (slot: 'operatingHours' | 'renewal' | 'purchase', what: string) => void;

/** How long a fallback's answer holds before the operating hours are asked again. */
const ASK_AGAIN_MS = minutes(5);

/** How long before its lease ends the fallback drains a block, and how much earlier it asks for a successor. */
const FALLBACK_LEAD_MS = minutes(30);
const FALLBACK_OVERLAP_MS = minutes(5);

/** The demand at `now`; as fallback what was last known, or none: doing nothing is always safe. */
export function askDemand(policy: OperatingHoursPolicy, now: Instant, last: Demand | null, fault: Fault): Demand {
  const answer = attempt('operatingHours', () => policy.demandAt(now), demandFault(now), fault);
  return answer ?? { blocks: last?.blocks ?? 0, until: now + ASK_AGAIN_MS };
}

/** When a block is relieved, drained and ended; as fallback half an hour before its lease ends. */
export function askTimes(policy: RenewalPolicy, question: RenewalQuestion, fault: Fault): RenewalTimes {
  return (
    attempt('renewal', () => policy.timesFor(question), timesFault(question.lease), fault) ??
    fallbackTimes(question.lease)
  );
}

/** What to buy, best first; as fallback the cheapest. */
export function askRank(policy: PurchasePolicy, offers: readonly Offer[], need: Need, fault: Fault): readonly Offer[] {
  return attempt('purchase', () => policy.rank(offers, need), rankFault(offers), fault) ?? cheapestFirst(offers);
}

function attempt<Answer>(
  slot: 'operatingHours' | 'renewal' | 'purchase',
  ask: () => Answer,
  faultIn: (answer: Answer) => string | undefined,
  fault: Fault,
): Answer | undefined {
  let what: string | undefined;
  try {
    const answer = ask();
    what = faultIn(answer);
    if (what === undefined) return answer;
  } catch (error) {
    what = `threw ${error instanceof Error ? error.message : String(error)}`;
  }
  fault(slot, what);
  return undefined;
}

// The types promise what follows, but a policy may be JavaScript: each check is for what a user could really write.

const demandFault =
  (now: Instant) =>
  (answer: Partial<Demand> | null | undefined): string | undefined => {
    if (answer === null || typeof answer !== 'object') return `answered ${typeof answer} instead of { blocks, until }`;
    const { blocks, until } = answer;
    if (typeof blocks !== 'number' || !Number.isSafeInteger(blocks) || blocks < 0)
      return `answered blocks: ${String(blocks)}; expected a whole number, zero or more`;
    if (typeof until !== 'number' || !(until > now))
      return `answered until: ${String(until)}; expected an instant after now`;
    return undefined;
  };

const timesFault =
  (lease: Lease) =>
  (answer: Partial<RenewalTimes> | null | undefined): string | undefined => {
    if (answer === null || typeof answer !== 'object')
      return `answered ${typeof answer} instead of { relieveAt, drainAt, endBy }`;
    const { relieveAt, drainAt, endBy } = answer;
    if (![relieveAt, drainAt, endBy].every((at) => typeof at === 'number' && !Number.isNaN(at)))
      return 'answered a time that is no instant';
    if (!(Number(relieveAt) <= Number(drainAt) && Number(drainAt) <= Number(endBy)))
      return 'answered times out of order; expected relieveAt <= drainAt <= endBy';
    if (Number(endBy) > lease.hardEndAt) return 'answered an endBy after the end that AWS imposes';
    return undefined;
  };

const rankFault =
  (offers: readonly Offer[]) =>
  (answer: readonly Offer[] | null | undefined): string | undefined => {
    if (!Array.isArray(answer)) return `answered ${typeof answer} instead of a list of offers`;
    const known = new Set(offers);
    const seen = new Set<Offer>();
    for (const offer of answer as readonly Offer[]) {
      if (!known.has(offer)) return 'answered an offer that was not among those it was given';
      if (seen.has(offer)) return 'answered an offer twice';
      seen.add(offer);
    }
    return undefined;
  };

function fallbackTimes({ startsAt, expiresAt, hardEndAt }: Lease): RenewalTimes {
  const endBy = earliest(expiresAt, hardEndAt);
  const middle = startsAt + (endBy - startsAt) / 2;
  const drainAt = latest(before(endBy, FALLBACK_LEAD_MS), middle);
  return { relieveAt: latest(before(drainAt, FALLBACK_OVERLAP_MS), middle), drainAt, endBy };
}

const cheapestFirst = (offers: readonly Offer[]): readonly Offer[] =>
  offers.toSorted((a, b) => a.usdPerHour - b.usdPerHour || (a.zone < b.zone ? -1 : a.zone > b.zone ? 1 : 0));
