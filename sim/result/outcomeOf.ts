import type { Instant } from '../../src/domain/time.ts';
import { marketOf, termsOf } from '../../src/domain/words.ts';
import type { Pool } from '../../src/pool/pool.ts';
import type { BlockBar, Outcome, Timeline, ValueFrom } from '../outcome.ts';
import type { Scenario } from '../scenario/scenario.ts';
import type { Counts, Truth } from '../world/simulatedWorld.ts';
import { billOf, leaseUsd, spentBy } from './bill.ts';
import { classesOf } from './classes.ts';
import { added, demandOf, uncoveredBlockHours, wantedBy } from './coverage.ts';
import { jobsOf } from './jobs.ts';
import type { Lives } from './lives.ts';
import type { Wants } from './wants.ts';

/** Points of the curve of money spent. */
const SPENT_POINTS = 240;

/** Counts a finished run: the world's truth, and the lives of blocks as the keeper told them. */
export function outcomeOf(
  scenario: Scenario,
  run: {
    readonly label: string;
    readonly pools: readonly Pool[];
    readonly truth: Truth;
    readonly lives: Lives;
    /** What pools wanted that follow their jobs; left out, every pool is measured against what its hours allow. */
    readonly wants?: Wants;
    readonly turns: number;
    readonly digest: string;
  },
): Outcome {
  const { truth, lives, pools, wants } = run;
  const { from, until } = truth;
  const cost = billOf(truth, scenario.onDemandGroup, scenario.service);
  const classes = classesOf(truth, scenario.classes, cost);
  let timeline: Timeline | undefined;
  return {
    scenario: scenario.name,
    about: scenario.about,
    label: run.label,
    composed: scenario.composed,
    billing: scenario.billing,
    seed: scenario.seed,
    from,
    until,
    turns: run.turns,
    digest: run.digest,
    cost,
    servicePrices: scenario.service,
    jobs: jobsOf(truth),
    ...(classes.length === 0 ? {} : { classes }),
    blocks: {
      launched: truth.instances.length,
      peak: most(truth.counts.alive, truth.counts.length),
      hours:
        truth.instances.reduce(
          (ms, { instance }) => ms + Math.min(instance.endedAt, until) - instance.lease.startsAt,
          0,
        ) / 3_600_000,
      ended: lives.endings(),
    },
    uncoveredBlockHours: uncoveredBlockHours(pools, truth.counts, from, until, wants),
    // Drawn only for those who look: a sweep does not.
    get timeline() {
      timeline ??= timelineOf(scenario, pools, truth, lives, wants);
      return timeline;
    },
  };
}

function timelineOf(
  scenario: Scenario,
  pools: readonly Pool[],
  truth: Truth,
  lives: Lives,
  wants: Wants | undefined,
): Timeline {
  const { from, until, counts, market } = truth;
  const paid = new Map(truth.instances.map((one) => [one.instance.blockId, one]));
  const instants = Array.from({ length: SPENT_POINTS + 1 }, (_, n) => from + ((until - from) / SPENT_POINTS) * n);
  const spent = spentBy(truth, scenario.onDemandGroup, instants);
  return {
    blocks: lives.bars(until).map((bar): BlockBar => {
      const own = paid.get(bar.blockId);
      if (own === undefined) return { ...bar, usd: 0 };
      const { offer } = own.instance.lease;
      return { ...bar, market: marketOf(offer), term: offer.term, usd: leaseUsd(truth, own) };
    }),
    wanted: added(pools.map((pool) => demandOf(pool, wants, from, until))),
    allowed: added(pools.map(({ policies }) => wantedBy(policies.operatingHours, from, until))),
    serving: stepsOf(counts, (index) => counts.servingOfAll(index)),
    overflow: stepsOf(counts, (index) => counts.overflow[index]!),
    jobsRunning: stepsOf(counts, (index) => counts.jobsRunning[index]!),
    jobsWaiting: stepsOf(counts, (index) => counts.jobsWaiting[index]!),
    spent: instants.map((at, n) => ({ at, value: spent[n] ?? 0 })),
    prices: market.priceSteps(
      scenario.pools.pools.flatMap(({ lease }) =>
        termsOf(lease.term).map((term) => ({ term, durationMs: lease.durationMs })),
      ),
    ),
    purchases: truth.instances.map(({ instance: { blockId, lease } }) => ({
      at: lease.startsAt,
      blockId,
      market: marketOf(lease.offer),
      usdPerHour: lease.offer.usdPerHour,
    })),
    waits: truth.jobs.flatMap(({ startedAt, queuedAt }) =>
      startedAt === undefined ? [] : [{ at: queuedAt, waitMs: startedAt - queuedAt }],
    ),
    killed: truth.kills.map(({ at, blockId }) => ({ at, blockId: blockId ?? 'on-demand' })),
  };
}

function most(column: Int32Array, length: number): number {
  let peak = 0;
  for (let index = 0; index < length; index += 1) if (column[index]! > peak) peak = column[index]!;
  return peak;
}

/** A count as steps: the last value of an instant stands, equal neighbours are one. */
function stepsOf(counts: Counts, count: (index: number) => number): readonly ValueFrom[] {
  const steps: { at: Instant; value: number }[] = [];
  for (let index = 0; index < counts.length; index += 1) {
    const [at, value] = [counts.at[index]!, count(index)];
    const last = steps.at(-1);
    if (last?.value === value) continue;
    if (last?.at === at) last.value = value;
    else steps.push({ at, value });
  }
  return steps.filter(({ value }, n) => steps[n - 1]?.value !== value);
}
