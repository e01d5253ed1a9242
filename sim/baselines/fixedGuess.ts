import type { JobRow } from '../../data/records/rows.ts';
import { hours, type Millis, minutes } from '../../src/domain/time.ts';
import { termsOf } from '../../src/domain/words.ts';
import { EventQueue } from '../kernel/queue.ts';
import { marketIn } from '../market/ofScenario.ts';
import type { Scenario } from '../scenario/scenario.ts';

/** Where to begin the search for a fixed count; nothing that is shown comes from here. */
export interface FixedGuesses {
  readonly enough: number;
  readonly cheapest: number;
  /** More blocks than jobs ever run at once are never of use. */
  readonly most: number;
}

/** A job that finds no block costs about so much more than its own time on demand: the node's boot and idle time. */
const OVERFLOW_FACTOR = 1.5;
const OVERFLOW_WAIT_MS = minutes(1.5);

/** Counts by a quick loop over the jobs: each takes a free slot of a block at once, or is lost to the on-demand group. */
export function guessesOf(scenario: Scenario, share: number): FixedGuesses {
  const { jobs, cluster, from, until, service } = scenario;
  const slots = cluster.jobsPerNode;
  const most = Math.ceil(lossesAt(jobs, Number.POSITIVE_INFINITY).peak / slots) + 1;
  const usdOnDemand = scenario.market.onDemand[scenario.onDemandGroup.instanceType] ?? 0;
  const usdSpot = cheapestPrice(scenario);
  const enough = firstFrom(0, most, (blocks) => lossesAt(jobs, blocks * slots).lost <= (1 - share) * jobs.length);
  const togetherAt = (blocks: number): number => {
    const { lost, lostMs } = lossesAt(jobs, blocks * slots);
    const overflow = (lostMs / hours(1)) * (usdOnDemand / slots) * OVERFLOW_FACTOR;
    const waiting = ((lost * OVERFLOW_WAIT_MS) / hours(1)) * service.usdPerHourWaited;
    return blocks * ((until - from) / hours(1)) * usdSpot + overflow + waiting;
  };
  let cheapest = 0;
  // Coarse: the search that follows looks at the neighbours.
  const step = Math.max(1, Math.floor(most / 24));
  for (let blocks = 0; blocks <= most; blocks += step) if (togetherAt(blocks) < togetherAt(cheapest)) cheapest = blocks;
  return { enough, cheapest, most };
}

/** The lowest count that will do, found by halving: more slots never lose more. */
function firstFrom(low: number, high: number, holds: (count: number) => boolean): number {
  let [least, enough] = [low, high];
  while (least < enough) {
    const middle = (least + enough) >> 1;
    if (holds(middle)) enough = middle;
    else least = middle + 1;
  }
  return enough;
}

function lossesAt(jobs: readonly JobRow[], slots: number): { lost: number; lostMs: Millis; peak: number } {
  const ends = new EventQueue<void>();
  let running = 0;
  let [lost, lostMs, peak] = [0, 0, 0];
  for (const { queuedAt, durationMs } of jobs) {
    while (ends.dueAt <= queuedAt) {
      ends.pop();
      running -= 1;
    }
    if (running >= slots) {
      lost += 1;
      lostMs += durationMs;
      continue;
    }
    ends.push(queuedAt + durationMs, undefined);
    running += 1;
    peak = Math.max(peak, running);
  }
  return { lost, lostMs, peak };
}

/** USD per hour of the cheapest market, on average over the window: what a block costs that is always there. */
function cheapestPrice(scenario: Scenario): number {
  const { from, until, pools } = scenario;
  const market = marketIn(scenario);
  const [pool] = pools.pools;
  let [sum, count] = [0, 0];
  for (let at = from; at < until; at += hours(1)) {
    const prices = (pool?.instanceTypes ?? []).flatMap((type) =>
      (pool?.zones ?? []).flatMap((zone) =>
        termsOf(pool?.lease.term ?? 'spot').flatMap(
          (term) => market.quote(type, zone, term, pool?.lease.durationMs ?? hours(1), at) ?? [],
        ),
      ),
    );
    if (prices.length === 0) continue;
    sum += Math.min(...prices);
    count += 1;
  }
  return count === 0 ? 0 : sum / count;
}
