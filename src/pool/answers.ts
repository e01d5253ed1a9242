import { ALWAYS, type Instant, type Millis, NEVER } from '../domain/time.ts';
import type { Lease, Offer } from '../domain/words.ts';
import type { Allowance } from '../policy/operatingHours.ts';
import type { Ranking } from '../policy/purchase.ts';
import type { RenewalTimes } from '../policy/renewal.ts';
import { shortly } from '../policy/saidBy.ts';
import type { Wanted } from '../policy/scaling.ts';

/**
 * An answer of a policy, read: a fresh plain value, or, as text, what is wrong with it. Each field is read once, here, so
 * that what was checked is what is used; a getter or a proxy that throws does so where the question was asked.
 */
export type Read<Value extends object> = Value | string;

/** What `Date` can hold; an instant after it never comes. */
const LAST_INSTANT: Instant = 8.64e15;

/** What operating hours answered at `now`. */
export function allowanceIn(answer: unknown, now: Instant): Read<Allowance> {
  const fields = fieldsIn(answer, '{ blocks, until }');
  if (typeof fields === 'string') return fields;
  const { blocks, until } = fields;
  if (!isCount(blocks)) return `answered blocks: ${shortly(blocks)}; expected a whole number, zero or more`;
  return isAfter(until, now) ? { blocks, until: withinCalendars(until) } : notAfter(until);
}

const isCount = (value: unknown): value is number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;

const isLengthOrAbsent = (value: unknown): value is Millis | undefined =>
  value === undefined || (typeof value === 'number' && value >= 0);

/** What a scaling policy answered at `now`. */
export function wantedIn(answer: unknown, now: Instant): Read<Wanted> {
  const fields = fieldsIn(answer, '{ blocks }');
  if (typeof fields === 'string') return fields;
  const { blocks, until, giveBackIdleAfterMs, giveBackBeforeHourMs } = fields;
  if (!isCount(blocks)) return `answered blocks: ${shortly(blocks)}; expected a whole number, zero or more`;
  if (until !== undefined && !isAfter(until, now)) return notAfter(until);
  if (!isLengthOrAbsent(giveBackIdleAfterMs))
    return `answered giveBackIdleAfterMs: ${shortly(giveBackIdleAfterMs)}; expected a length in milliseconds, zero or more`;
  // No instant is within nothing before the end of an hour: such a pool would never give back.
  if (!isLengthOrAbsent(giveBackBeforeHourMs) || giveBackBeforeHourMs === 0)
    return `answered giveBackBeforeHourMs: ${shortly(giveBackBeforeHourMs)}; expected a length in milliseconds, more than zero`;
  return {
    blocks,
    ...(until === undefined ? {} : { until: withinCalendars(until) }),
    ...(giveBackIdleAfterMs === undefined ? {} : { giveBackIdleAfterMs }),
    ...(giveBackBeforeHourMs === undefined ? {} : { giveBackBeforeHourMs }),
  };
}

/** What a renewal policy answered at `now` about a block with this lease. */
export function timesIn(answer: unknown, { hardEndAt }: Lease, now: Instant = ALWAYS): Read<RenewalTimes> {
  const fields = fieldsIn(answer, '{ relieveAt, drainAt, endBy }');
  if (typeof fields === 'string') return fields;
  const { relieveAt, drainAt, endBy, until } = fields;
  if (!isInstant(relieveAt)) return noInstant('relieveAt', relieveAt);
  if (!isInstant(drainAt)) return noInstant('drainAt', drainAt);
  if (!isInstant(endBy)) return noInstant('endBy', endBy);
  if (!(relieveAt <= drainAt && drainAt <= endBy))
    return 'answered times out of order; expected relieveAt <= drainAt <= endBy';
  if (endBy > hardEndAt) return 'answered an endBy after the end that AWS imposes';
  if (until === undefined) return { relieveAt, drainAt, endBy };
  if (!isAfter(until, now)) return notAfter(until);
  return { relieveAt, drainAt, endBy, until: withinCalendars(until) };
}

/** What a purchase policy answered at `now` about these offers: a list, or one with how long it holds. */
export function rankingIn(answer: unknown, offers: readonly Offer[], now: Instant): Read<Ranking> {
  if (Array.isArray(answer) || typeof answer !== 'object' || answer === null || !('ranked' in answer)) {
    const ranked = rankIn(answer, offers);
    return typeof ranked === 'string' ? ranked : { ranked };
  }
  const ranked = rankIn(answer.ranked, offers);
  if (typeof ranked === 'string') return ranked;
  const until: unknown = 'until' in answer ? answer.until : undefined;
  if (until === undefined) return { ranked };
  return isAfter(until, now) ? { ranked, until: withinCalendars(until) } : notAfter(until);
}

/** What a purchase policy answered about these offers. */
export function rankIn(answer: unknown, offers: readonly Offer[]): Read<readonly Offer[]> {
  if (!Array.isArray(answer)) return `answered ${promised(answer) ?? shortly(answer)} instead of a list of offers`;
  const { length } = answer;
  if (length > offers.length) return `answered ${length} offers; it was given ${offers.length}`;
  const known = new Set<unknown>(offers);
  const ranked = new Set<Offer>();
  for (let index = 0; index < length; index += 1) {
    const offer: unknown = answer[index];
    if (!isAmong(known, offer)) return 'answered an offer that was not among those it was given';
    if (ranked.has(offer)) return 'answered an offer twice';
    ranked.add(offer);
  }
  return [...ranked];
}

function fieldsIn(answer: unknown, form: string): Read<Readonly<Record<string, unknown>>> {
  if (typeof answer !== 'object' || answer === null) return `answered ${shortly(answer)} instead of ${form}`;
  const promise = promised(answer);
  if (promise !== undefined) return `answered ${promise} instead of ${form}`;
  // Known: it is an object, and whatever fields it has are unknown.
  return answer as Readonly<Record<string, unknown>>;
}

/** A turn does not wait: a policy that must look something up can read it when it is made. */
const promised = (answer: unknown): string | undefined =>
  typeof answer === 'object' && answer !== null && 'then' in answer && typeof answer.then === 'function'
    ? 'a promise'
    : undefined;

const isAfter = (value: unknown, now: Instant): value is Instant => typeof value === 'number' && value > now;

const notAfter = (until: unknown): string => `answered until: ${shortly(until)}; expected an instant after now`;

const withinCalendars = (until: Instant): Instant => (until > LAST_INSTANT ? NEVER : until);

const isInstant = (value: unknown): value is Instant => typeof value === 'number' && !Number.isNaN(value);

const noInstant = (field: string, value: unknown): string =>
  `answered ${field}: ${shortly(value)}; expected an instant`;

const isAmong = (known: ReadonlySet<unknown>, offer: unknown): offer is Offer => known.has(offer);
