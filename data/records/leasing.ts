import { after, hours, type Instant, type Millis } from '../../src/domain/time.ts';
import { type JobHistory, jobHistoryOf } from './jobs/history.ts';
import { ascendingOrder } from './ordered.ts';
import type { RecordedJob } from './rows.ts';

/** What leases cost, in the price of one on-demand machine-hour: `hours × (shareAt1h + sharePerHour × (hours - 1))`. */
export interface LeasePrice {
  readonly shareAt1h: number;
  readonly sharePerHour: number;
}

/** The rule of the last years of spot blocks (`docs/data.md`). */
export const BLOCK_PRICE: LeasePrice = { shareAt1h: 0.55, sharePerHour: 0.03 };

/** AWS sold blocks of one to six whole hours; a longer job runs on demand. */
const MOST_HOURS = 6;

/** What fixed-duration leasing of recorded jobs comes to; costs in on-demand machine-hours. */
export interface Leasing {
  readonly leases: number;
  readonly leaseHours: number;
  readonly cost: number;
}

/**
 * The recorded jobs on leases of whole hours, one job a machine, no boot time, every job at its recorded start: each with a
 * lease of its own, and with leases used again. Reused is, of the leases that are free and last long enough, the one that
 * ends first, then the one that has been free for longest; where there is none, the shortest that fits is bought.
 */
export function leasingOf(
  jobs: Iterable<RecordedJob> & { readonly length: number },
  price: LeasePrice,
): { readonly noReuse: Leasing; readonly reuse: Leasing } {
  const runs = runsInOrder(jobHistoryOf(jobs));
  return { noReuse: leased(runs, price, false), reuse: leased(runs, price, true) };
}

/** By start, then by length. */
interface Runs {
  readonly startsAt: Float64Array;
  readonly durationMs: Float64Array;
}

function runsInOrder(jobs: JobHistory): Runs {
  const starts = Float64Array.from({ length: jobs.length }, (_, job) => jobs.runsAt(job));
  const order = ascendingOrder(starts);
  const lengths = jobs.columns.durationMs;
  const startsAt = order === undefined ? starts : starts.map((_, place) => starts[order[place]!]!);
  const durationMs = lengths.map((_, place) => lengths[order?.[place] ?? place]!);
  for (let from = 0, until = 1; from < startsAt.length; from = until, until += 1) {
    while (startsAt[until] === startsAt[from]) until += 1;
    if (until > from + 1) durationMs.subarray(from, until).sort();
  }
  return { startsAt, durationMs };
}

function leased(runs: Runs, { shareAt1h, sharePerHour }: LeasePrice, again: boolean): Leasing {
  let leases = 0;
  let leaseHours = 0;
  let cost = 0;
  const held = newHeld();
  for (let run = 0; run < runs.startsAt.length; run += 1) {
    const [startsAt, durationMs] = [runs.startsAt[run]!, runs.durationMs[run]!];
    if (durationMs > hours(MOST_HOURS)) {
      cost += durationMs / hours(1);
      continue;
    }
    if (again && held.takeAgain(startsAt, durationMs)) continue;
    const length = Math.max(1, Math.ceil(durationMs / hours(1)));
    leases += 1;
    leaseHours += length;
    cost += length * (shareAt1h + sharePerHour * (length - 1));
    if (again) held.add({ endsAt: after(startsAt, hours(length)), freeAt: after(startsAt, durationMs) });
  }
  return { leases, leaseHours, cost };
}

interface Lease {
  readonly endsAt: Instant;
  freeAt: Instant;
}

/** Leases that are held, in the order in which they end: the first that is free and lasts long enough is the one to take. */
function newHeld() {
  let leases: Lease[] = [];
  return {
    add: (lease: Lease): void => {
      leases.splice(placeOf(leases, lease.endsAt), 0, lease);
    },
    takeAgain: (startsAt: Instant, durationMs: Millis): boolean => {
      if ((leases[0]?.endsAt ?? startsAt + 1) <= startsAt) leases = leases.filter(({ endsAt }) => endsAt > startsAt);
      let best: Lease | undefined;
      for (let index = placeOf(leases, startsAt + durationMs); index < leases.length; index += 1) {
        const lease = leases[index]!;
        if (best !== undefined && lease.endsAt > best.endsAt) break;
        if (lease.freeAt <= startsAt && (best === undefined || lease.freeAt < best.freeAt)) best = lease;
      }
      if (best === undefined) return false;
      best.freeAt = after(startsAt, durationMs);
      return true;
    },
  };
}

/** Before the first lease that ends at `endsAt` or later. */
function placeOf(leases: readonly Lease[], endsAt: Instant): number {
  let [from, until] = [0, leases.length];
  while (from < until) {
    const middle = (from + until) >>> 1;
    if (leases[middle]!.endsAt < endsAt) from = middle + 1;
    else until = middle;
  }
  return from;
}
