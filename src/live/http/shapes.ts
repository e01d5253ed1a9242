import { type Block, viewOf } from '../../block/block.ts';
import { earliest, type Instant, isoOf, latest, seconds } from '../../domain/time.ts';
import { BLOCK_STATES } from '../../domain/words.ts';
import type { Keeper } from '../../keeper/keeper.ts';
import { adviceOf } from '../../pool/advice.ts';
import { pauseOf } from '../../pool/buying.ts';
import { noMemory, type PoolMemory } from '../../pool/memory.ts';
import type { Pool } from '../../pool/pool.ts';
import { recentAt } from '../../pool/recentArrivals.ts';
import type { Entry } from '../observers/history.ts';
import type { PoolCondition, Present } from '../observers/present.ts';
import { wantedOf } from '../observers/wanted.ts';
import type { BlockJson, EntryJson, PoolJson } from './apiSchema.ts';

/** An instant as the API writes it; null for the two ends of time, and for none. */
export const instantJson = (at: Instant | null | undefined): string | null =>
  at != null && Number.isFinite(at) ? isoOf(latest(FIRST_AT, earliest(LAST_AT, at))) : null;

/** ISO 8601 has four digits for a year: an instant that a clock gone mad has named must not break an answer. */
const FIRST_AT = Date.UTC(1970, 0);
const LAST_AT = Date.UTC(9999, 0);

/** A block as the API tells it. */
export function blockJson(block: Block): BlockJson {
  const view = viewOf(block);
  const { offer, node } = block.context;
  return {
    id: view.id,
    pool: view.pool,
    slot: view.slot,
    generation: view.generation,
    state: view.state,
    term: offer.term,
    instanceType: offer.instanceType,
    zone: offer.zone,
    usdPerHour: offer.usdPerHour,
    instanceId: view.lease?.instanceId ?? null,
    node,
    startsAt: instantJson(view.lease?.startsAt),
    expiresAt: instantJson(view.lease?.expiresAt),
    hardEndAt: instantJson(view.lease?.hardEndAt),
    deadlineAt: instantJson(view.deadlineAt),
    usable: view.usable,
    leaving: view.leaving,
    ending: view.ending,
    jobs: view.jobs,
    busySince: instantJson(view.busySince),
    atRiskAt: instantJson(view.atRiskAt),
  };
}

/** A pool as the API tells it. */
export function poolJson(
  pool: Pool,
  keeper: Keeper,
  { conditions, holds }: { readonly conditions: readonly PoolCondition[]; readonly holds: Present['holds'] },
  now: Instant,
): PoolJson {
  const { spec, policies } = pool;
  const { name } = spec;
  const memory = keeper.memories.get(name) ?? noMemory;
  const { inventoried, quotedAt, cooling } = memory;
  const wanted = wantedOf(keeper, name, now);
  return {
    name,
    term: typeof spec.term === 'string' ? spec.term : [...spec.term],
    leaseSeconds: spec.leaseMs / seconds(1),
    maxBlocks: spec.maxBlocks,
    surge: spec.surge,
    inventoried,
    wanted: wanted?.blocks ?? null,
    allowed: wanted?.allowed ?? null,
    wantedUntil: instantJson(wanted?.until),
    advised: adviceOf(pool, memory, keeper.blocks.of(name), now)?.learned ?? null,
    jobs: jobsJson(memory, now),
    holds: spec.holdsJobs && policies.scaling.ignoresJobs !== true ? { ...holds(name) } : null,
    blocks: countsOf(keeper, name),
    quotedAt: instantJson(quotedAt),
    pausedUntil: instantJson(pauseOf(memory, now)?.until),
    cooling: [...cooling].flatMap(([offer, { until, why }]) => {
      const iso = until > now ? instantJson(until) : null;
      return iso === null ? [] : [{ offer, until: iso, reason: why }];
    }),
    conditions: conditions
      .filter((one) => one.pool === name)
      .map(({ condition, status, reason, message, since }) => ({
        condition,
        status,
        reason: reason ?? null,
        message: message ?? null,
        since: instantJson(since),
      })),
  };
}

function jobsJson({ workload, recent }: PoolMemory, now: Instant): PoolJson['jobs'] {
  if (workload?.workload == null) return null;
  const { waiting, waitingSince, onBlocks, overflow, held, jobsPerBlock } = workload.workload;
  return {
    ...{ waiting, waitingSince: instantJson(waitingSince), onBlocks, overflow, held, jobsPerBlock },
    arrivals: [...recentAt(recent, now).counts],
  };
}

/** An entry of the history as the API tells it. */
export function entryJson({ id, happening }: Entry): EntryJson {
  const { at, ...rest } = happening;
  const told = { id, at: isoOf(at), ...rest };
  return told.kind === 'refusal' ? { ...told, retryAt: instantJson(told.retryAt) } : told;
}

function countsOf({ blocks }: Keeper, pool: string): PoolJson['blocks'] {
  // Every living state is a key, as the type says.
  const counts = Object.fromEntries(BLOCK_STATES.filter((one) => one !== 'gone').map((one) => [one, 0])) as Record<
    keyof PoolJson['blocks'],
    number
  >;
  for (const { state, context } of blocks.values()) if (context.pool === pool && state !== 'gone') counts[state] += 1;
  return counts;
}
