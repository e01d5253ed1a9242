import { blockEnd, leaseEnd } from '../domain/leaseEnd.ts';
import { before, type Instant, latest, minutes } from '../domain/time.ts';
import type { Offer } from '../domain/words.ts';
import type { PolicySlot } from '../policy/definePolicy.ts';
import type { Allowance, OperatingHoursPolicy } from '../policy/operatingHours.ts';
import type { Need, PurchasePolicy, PurchaseQuestion } from '../policy/purchase.ts';
import type { RenewalPolicy, RenewalQuestion, RenewalTimes } from '../policy/renewal.ts';
import { saidBy } from '../policy/saidBy.ts';
import { neededBlocks, type ScalingPolicy, type ScalingQuestion, type Wanted } from '../policy/scaling.ts';
import { type Said, showPurchase, showRenewal, showScaling, wroteTo } from '../policy/shown/ask.ts';
import type { Reads } from '../policy/shown/reads.ts';
import { allowanceIn, type Read, rankingIn, timesIn, wantedIn } from './answers.ts';
import { type FaultKind, PolicyFault } from './policyFault.ts';

/**
 * The only place where policies are asked. Policies are user code: they are shown frozen copies, what they answer is read once
 * and checked, and where the answer is no answer, a stated fallback decides. A fault is handed to `fault`, which tells people
 * once of each kind.
 */
export type Fault = (slot: PolicySlot, kind: FaultKind, what: string) => void;

/** An answer, and what it hangs on. */
export interface Heard<Answer> {
  readonly answer: Answer;
  /** What was read of the question; undefined where a fallback decided or nobody knows: it is to be asked again. */
  readonly reads: Reads | undefined;
}

/** What to buy, best first, by places in the list of offers; and how long that holds. */
export interface RankedPlaces {
  readonly places: readonly number[];
  readonly until?: Instant;
}

/** How long a fallback's answer holds before the operating hours are asked again. */
const ASK_AGAIN_MS = minutes(5);

/** How long before its lease ends the fallback drains a block, and how much earlier it asks for a successor. */
const FALLBACK_LEAD_MS = minutes(30);
const FALLBACK_OVERLAP_MS = minutes(5);

/** The allowance at `now`; as fallback what was last known, or none: doing nothing is always safe. */
export function askAllowance(
  policy: OperatingHoursPolicy,
  now: Instant,
  last: Allowance | null,
  fault: Fault,
): Allowance {
  const heard = attempt(
    'operatingHours',
    // An instant is all that it is shown, and `until` all that it hangs on.
    () => ({ answer: allowanceIn(policy.allowedAt(now), now), reads: undefined }),
    fault,
  );
  return heard?.answer ?? { blocks: last?.blocks ?? 0, until: now + ASK_AGAIN_MS };
}

/** When a block is relieved, drained and ended; as fallback half an hour before its lease ends. */
export const askTimes = (policy: RenewalPolicy, question: RenewalQuestion, fault: Fault): RenewalTimes =>
  hearTimes(policy, question, fault).answer;

/** As `askTimes`, with what the answer hangs on. */
export function hearTimes(policy: RenewalPolicy, question: RenewalQuestion, fault: Fault): Heard<RenewalTimes> {
  const { lease, now } = question;
  const heard = attempt(
    'renewal',
    () => showRenewal(question, (shown) => timesIn(policy.timesFor(shown), lease, now)),
    fault,
  );
  return heard ?? { answer: fallbackTimes(question), reads: undefined };
}

/** How many blocks are wanted, with what that hangs on; as fallback those that jobs need. */
export function hearWanted(policy: ScalingPolicy, question: ScalingQuestion, fault: Fault): Heard<Wanted> {
  const heard = attempt(
    'scaling',
    () => showScaling(question, (shown) => wantedIn(policy.wantedNow(shown), question.now)),
    fault,
  );
  return heard ?? { answer: { blocks: neededBlocks(question) }, reads: undefined };
}

/** What to buy, best first; as fallback the cheapest. */
export const askRank = (policy: PurchasePolicy, offers: readonly Offer[], need: Need, fault: Fault): readonly Offer[] =>
  offersAt(hearRank(policy, { offers, need }, fault).answer, offers);

/** As `askRank`, with how long it holds and what it hangs on. */
export function hearRank(policy: PurchasePolicy, question: PurchaseQuestion, fault: Fault): Heard<RankedPlaces> {
  const { offers, need } = question;
  const heard = attempt(
    'purchase',
    () => showPurchase(question, (shown) => placesIn(policy.rank(shown.offers, shown.need), shown.offers, need.now)),
    fault,
  );
  return heard ?? { answer: { places: cheapestFirst(offers) }, reads: undefined };
}

/** The offers at these places of the list. */
export const offersAt = ({ places }: RankedPlaces, offers: readonly Offer[]): readonly Offer[] =>
  places.map((place) => offers[place]).filter((offer) => offer !== undefined);

/** A ranking of offers as they were shown, in places: what was shown is nobody's but the policy's. */
export function placesIn(answer: unknown, shown: readonly Offer[], now: Instant): Read<RankedPlaces> {
  const ranking = rankingIn(answer, shown, now);
  if (typeof ranking === 'string') return ranking;
  const { ranked, until } = ranking;
  const places = ranked.map((offer) => shown.indexOf(offer));
  return until === undefined ? { places } : { places, until };
}

/** The answer; undefined, once `fault` has been told, where there is none. */
function attempt<Answer extends object>(
  slot: PolicySlot,
  ask: () => Said<Read<Answer>>,
  fault: Fault,
): Heard<Answer> | undefined {
  try {
    const said = ask();
    if ('wrote' in said) fault(slot, 'wrote', wroteTo(said.wrote));
    else {
      const { answer, reads } = said;
      if (typeof answer !== 'string') return { answer, reads };
      fault(slot, 'answer', answer);
    }
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

function cheapestFirst(offers: readonly Offer[]): readonly number[] {
  const sorted = offers.map((offer, place) => ({ offer, place }));
  sorted.sort(({ offer: a }, { offer: b }) => a.usdPerHour - b.usdPerHour || compare(a.zone, b.zone));
  return sorted.map(({ place }) => place);
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
