import { ALWAYS, hours, type Instant, latest, type Millis } from '../domain/time.ts';
import type { Lease } from '../domain/words.ts';
import type { Spent } from '../policy/scaling.ts';
import { dayOf } from './age.ts';

/**
 * What a pool's blocks have cost by UTC day and month, as far as they are over, or were counted by an earlier life. What lives is
 * reckoned from its lease when it is asked about, so that nothing is counted from turn to turn.
 */
export interface Paid {
  /** The day of the last that was counted, from the epoch. */
  readonly day: number;
  /** Up to here everything is counted, what lives too; blocks cost from here on. ALWAYS in a first life. */
  readonly upTo: Instant;
  /** On that day, in millionths of a dollar, whole ones. */
  readonly dayMicroUsd: number;
  /** In the month of that day, likewise. */
  readonly monthMicroUsd: number;
}

/** A lease that lives, or has lived. */
type Paying = Pick<Lease, 'startsAt'> & { readonly offer: Pick<Lease['offer'], 'usdPerHour'> };

const MICROS = 1_000_000;
const HOUR_MS: Millis = hours(1);
const DAY_MS: Millis = hours(24);

export const nothingPaid: Paid = { day: 0, upTo: ALWAYS, dayMicroUsd: 0, monthMicroUsd: 0 };

/** What today and this month have cost at an instant, with the leases that live. */
export function spentAt(paid: Paid, living: readonly Paying[], now: Instant): Spent {
  const { dayMicroUsd, monthMicroUsd } = withLeases(paid, living, now);
  return { todayUsd: dayMicroUsd / MICROS, monthUsd: monthMicroUsd / MICROS };
}

/** A lease is over, and is paid for no longer. */
export const withOver = (paid: Paid, lease: Paying, until: Instant): Paid => withLeases(paid, [lease], until);

/**
 * All that is paid for counted up to an instant: what is written down for the next life, which goes on from there. The same object
 * where nothing lives: there is nothing new to write down.
 */
export const countedUpTo = (paid: Paid, living: readonly Paying[], now: Instant): Paid =>
  living.length === 0 ? paid : { ...withLeases(paid, living, now), upTo: latest(paid.upTo, now) };

/** What an earlier life has counted, and what was added since. */
export function paidTogether(earlier: Paid, present: Paid): Paid {
  const at = Math.max(earlier.day, present.day) * DAY_MS;
  const [one, other] = [asOf(earlier, at), asOf(present, at)];
  return {
    day: one.day,
    upTo: latest(earlier.upTo, present.upTo),
    dayMicroUsd: one.dayMicroUsd + other.dayMicroUsd,
    monthMicroUsd: one.monthMicroUsd + other.monthMicroUsd,
  };
}

function withLeases(paid: Paid, leases: readonly Paying[], now: Instant): Paid {
  const before = asOf(paid, now);
  const dayFrom = before.day * DAY_MS;
  const monthFrom = monthStart(dayFrom);
  let { dayMicroUsd, monthMicroUsd } = before;
  for (const { startsAt, offer } of leases) {
    const from = latest(startsAt, before.upTo);
    dayMicroUsd += microUsd(offer.usdPerHour, now - latest(from, dayFrom));
    monthMicroUsd += microUsd(offer.usdPerHour, now - latest(from, monthFrom));
  }
  return { ...before, dayMicroUsd, monthMicroUsd };
}

/** The sums as they stand on the day of an instant: those of a day or a month that is over are gone. */
function asOf(paid: Paid, at: Instant): Paid {
  // A clock that is set back goes on with the day that it was.
  const day = Math.max(paid.day, dayOf(at));
  if (day === paid.day) return paid;
  const sameMonth = monthStart(day * DAY_MS) === monthStart(paid.day * DAY_MS);
  return { ...paid, day, dayMicroUsd: 0, monthMicroUsd: sameMonth ? paid.monthMicroUsd : 0 };
}

/** AWS charges by the second; what is less than one is not charged. An unknown price is paid as none: nothing is bought at it. */
function microUsd(usdPerHour: number, lengthMs: Millis): number {
  const seconds = Math.floor(Math.max(0, lengthMs) / 1_000);
  return Number.isNaN(usdPerHour) ? 0 : Math.round((usdPerHour * MICROS * seconds * 1_000) / HOUR_MS);
}

function monthStart(at: Instant): Instant {
  const date = new Date(at);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1);
}
