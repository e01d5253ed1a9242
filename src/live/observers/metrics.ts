import { collectDefaultMetrics, type Gauge, Registry } from 'prom-client';
import { holdsJobs, type PoolsFile } from '../../config/pools.ts';
import type { Workload } from '../../domain/facts.ts';
import { earliest, type Instant } from '../../domain/time.ts';
import { BLOCK_STATES, termsOf } from '../../domain/words.ts';
import type { Keeper, Step } from '../../keeper/keeper.ts';
import { adviceOf } from '../../pool/advice.ts';
import type { PoolMemory } from '../../pool/memory.ts';
import type { Pool, PoolSpec } from '../../pool/pool.ts';
import { spentAt } from '../../pool/spending.ts';
import { QUEUE_MESSAGE } from '../ports/telemetry.ts';
import { counting } from './counting.ts';
import { HOLD_RESULTS } from './holdCounts.ts';
import { instruments } from './instruments.ts';
import { labelsOf } from './labels.ts';
import type { Observer } from './observers.ts';
import type { Present } from './present.ts';
import { wantedOf } from './wanted.ts';

export interface Metrics extends Observer {
  /** Everything in the text format of Prometheus. */
  readonly text: () => Promise<string>;
  readonly contentType: string;
  /** The same step, with the real time of each turn measured. */
  timed<State, Fact>(step: (state: State, fact: Fact) => Step<State>): (state: State, fact: Fact) => Step<State>;
}

export interface MetricsSettings {
  /** The pools, types and zones that labels may name. */
  readonly pools: Pick<PoolsFile, 'pools'>;
  readonly present: Present;
  readonly release: string;
  /** Adds memory, CPU and event loop of the process. */
  readonly process?: boolean;
}

/** Metrics of a keeper, in a registry of their own. Labels are of few values: never a node, an instance, a block or a pod. */
export function metrics({ pools, present, release, process: ofProcess = false }: MetricsSettings): Metrics {
  const registry = new Registry();
  const to = instruments(registry);
  const labels = labelsOf(pools);
  const counts = counting(to, labels);
  to.build.set({ version: release, node: process.version }, 1);
  if (ofProcess) collectDefaultMetrics({ register: registry });
  // From the first scrape on: the increase to one of a counter that was not there is none to Prometheus.
  for (const { name } of pools.pools) counts.beginAt0(labels.pool(name));

  return {
    name: 'metrics',
    turn: counts.turn,
    called: ({ api, action, outcome, durationMs }) => {
      to.calls.inc({ api, action: labels.word(action), outcome: labels.word(outcome) });
      to.callDurations.observe({ api }, durationMs / 1_000);
    },
    noted: (_level, event, data) => {
      if (event === QUEUE_MESSAGE) to.messages.inc({ outcome: labels.word(String(data?.['outcome'])) });
    },
    text: () => {
      const now = present.now();
      // What a former leader bought is another's to pay for.
      if (present.leader() === true) counts.upTo(now);
      look(now);
      return registry.metrics();
    },
    contentType: registry.contentType,
    timed: (step) => (state, fact) => {
      // Real time is meant: how long this machine takes, whatever the keeper's clock shows.
      const startedAt = performance.now();
      const turn = step(state, fact);
      to.turns.observe((performance.now() - startedAt) / 1_000);
      return turn;
    },
  };

  /**
   * Sets what is a state and no count. What is unknown has no value, and is absent: to who does not lead, everything about
   * the pools. What a former leader remembers would go into the sums of those who look at all pods.
   */
  function look(now: Instant): void {
    for (const gauge of [
      to.blocks,
      to.wanted,
      to.advised,
      to.jobs,
      to.windowOpen,
      to.nextExpiry,
      to.held,
      to.conditions,
      to.spent,
      to.spendingLimit,
    ])
      gauge.reset();
    lookAtHolds();
    const leader = present.leader();
    to.unclaimed.remove();
    setOrRemove(to.leader, leader === undefined ? undefined : Number(leader));
    const lastTurnAt = leader === true ? present.lastTurnAt() : undefined;
    setOrRemove(to.lastTurn, lastTurnAt === undefined ? undefined : lastTurnAt / 1_000);
    const inventoryAt = leader === true ? present.inventoryAt() : undefined;
    setOrRemove(to.inventoryAge, inventoryAt === undefined ? undefined : Math.max(0, now - inventoryAt) / 1_000);
    if (leader !== true) return;
    const keeper = present.keeper();
    for (const pool of keeper.pools) if (pool.isLeftover !== true) lookAt(pool, keeper, now);
    lookAtUnclaimed(keeper);
    for (const { pool, condition, status } of present.conditions())
      if (status !== 'unknown')
        to.conditions.set({ pool: labels.pool(pool), condition: labels.word(condition) }, status === 'true' ? 1 : 0);
  }

  /** Counted elsewhere, for as long as the process lives. */
  function lookAtHolds(): void {
    to.holds.reset();
    for (const { name } of pools.pools.filter(holdsJobs)) {
      const counts = present.holds(name);
      for (const result of HOLD_RESULTS) to.holds.inc({ pool: labels.pool(name), result }, counts[result]);
    }
  }

  function lookAtSpending({ name, spending }: PoolSpec, memory: PoolMemory, { blocks }: Keeper, now: Instant): void {
    const pool = labels.pool(name);
    const leases = [...blocks.values()]
      .filter(({ state, context }) => context.pool === name && state !== 'gone')
      .flatMap(({ context: { lease } }) => (lease === null ? [] : [lease]));
    const { todayUsd, monthUsd } = spentAt(memory.observations.paid, leases, now);
    to.spent.set({ pool, period: 'day' }, todayUsd);
    to.spent.set({ pool, period: 'month' }, monthUsd);
    if (spending?.usdPerDay !== undefined) to.spendingLimit.set({ pool, period: 'day' }, spending.usdPerDay);
    if (spending?.usdPerMonth !== undefined) to.spendingLimit.set({ pool, period: 'month' }, spending.usdPerMonth);
  }

  /** Known once everything that exists was listed. */
  function lookAtUnclaimed({ pools, memories, blocks }: Keeper): void {
    if (![...memories.values()].some(({ inventoried }) => inventoried)) return;
    const leftover = new Set(pools.filter(({ isLeftover }) => isLeftover === true).map(({ spec }) => spec.name));
    const there = [...blocks.values()].filter(({ state, context }) => state !== 'gone' && leftover.has(context.pool));
    to.unclaimed.set(there.length);
  }

  function lookAt(of: Pool, keeper: Keeper, now: Instant): void {
    const { spec } = of;
    const pool = labels.pool(spec.name);
    const memory = keeper.memories.get(spec.name);
    const wanted = wantedOf(keeper, spec.name, now);
    if (wanted !== undefined) {
      to.wanted.set({ pool }, wanted.blocks);
      to.windowOpen.set({ pool }, wanted.allowed > 0 ? 1 : 0);
    }
    const advice = adviceOf(of, memory, keeper.blocks.of(spec.name), now);
    if (advice !== undefined) to.advised.set({ pool }, advice.learned);
    const workload = memory?.workload?.workload;
    if (workload != null) {
      for (const [where, count] of Object.entries(jobsByWhere(workload))) to.jobs.set({ pool, where }, count);
      if (spec.holdsJobs) to.held.set({ pool }, workload.held);
    }
    // Before the first complete inventory nobody knows what exists; none seen is not none there.
    if (memory?.inventoried !== true) return;
    for (const state of BLOCK_STATES)
      if (state !== 'gone') for (const term of termsOf(spec.term)) to.blocks.set({ pool, state, term }, 0);
    lookAtSpending(spec, memory, keeper, now);
    let expiresAt = Number.POSITIVE_INFINITY;
    for (const { state, context } of keeper.blocks.values()) {
      if (context.pool !== spec.name || state === 'gone') continue;
      to.blocks.inc({ pool, state, term: context.offer.term });
      if (context.lease !== null) expiresAt = earliest(expiresAt, context.lease.expiresAt, context.lease.hardEndAt);
    }
    if (Number.isFinite(expiresAt)) to.nextExpiry.set({ pool }, (expiresAt - now) / 1_000);
  }
}

/** A pool's jobs by where they are. */
const jobsByWhere = ({ waiting, onBlocks, overflow }: Workload): Readonly<Record<string, number>> => ({
  ...{ waiting, overflow },
  blocks: Object.values(onBlocks).reduce((sum, jobs) => sum + jobs, 0),
});

function setOrRemove(gauge: Gauge<never>, value: number | undefined): void {
  if (value === undefined) gauge.remove();
  else gauge.set(value);
}
