import { z } from 'zod';
import type { Workload } from '../domain/facts.ts';
import type { Instant } from '../domain/time.ts';
import { entrySchema, type PoolJson, poolSchema } from '../live/http/apiSchema.ts';
import { BUYING } from '../live/observers/buyingConditions.ts';
import type { HoldCounts } from '../live/observers/holdCounts.ts';
import type { Rest, Rests } from '../pool/rests.ts';
import { type Found, known, unknown } from './found.ts';

/** What only a keeper that runs can know: what it was refused, and for how long it therefore leaves what alone. */
export interface RunningKeeper {
  /** Whether the process that was asked leads; the other one knows nothing of what the leader met. */
  readonly leads: boolean | undefined;
  readonly pools: ReadonlyMap<string, Met>;
  /** What EC2 refused, oldest first, as far back as the process remembers. */
  readonly refusals: readonly Refused[];
}

/** What a pool has met. */
export interface Met {
  readonly pausedUntil: Instant | undefined;
  readonly cooling: Rests;
  /** Buying stops because nothing that is bought joins. */
  readonly neverJoins: boolean;
  /** Its jobs as the keeper sees them; undefined where it follows none, or does not know. */
  readonly jobs?: JobsMet | undefined;
  /** What became of holds of its jobs since that process began; undefined where it holds none, or does not say. */
  readonly holds?: HoldCounts | undefined;
  /** Why it buys nothing, or not everything; a sentence each. */
  readonly conditions: readonly string[];
}

/** A pool's jobs, and how many came in each of the last minutes. */
export interface JobsMet {
  readonly workload: Workload;
  readonly arrivals: readonly number[];
}

export interface Refused {
  readonly at: Instant;
  readonly pool: string;
  readonly refusal: string;
  readonly market: string;
}

/** Asks a keeper's own API, as it is reached by `kubectl port-forward`. */
export async function askKeeper(url: string, signal: AbortSignal): Promise<Found<RunningKeeper>> {
  try {
    const [pools, history] = await Promise.all([
      answerOf(url, '/api/v1/pools', signal),
      answerOf(url, '/api/v1/history?limit=1000', signal),
    ]);
    const { leader, pools: told } = POOLS.parse(pools);
    return known({
      leads: leader ?? undefined,
      pools: new Map(
        told.map(({ name, pausedUntil, cooling, conditions, jobs, holds }) => [
          name,
          {
            pausedUntil: pausedUntil === null ? undefined : Date.parse(pausedUntil),
            cooling: new Map(
              cooling.map(({ offer, until, reason: why }) => {
                const rest: Rest = { until: Date.parse(until), why, at: Date.parse(until), times: 1 };
                return [offer, rest];
              }),
            ),
            jobs: jobs == null ? undefined : jobsIn(jobs),
            holds: holds ?? undefined,
            neverJoins: conditions.some(({ condition, reason }) => condition === BUYING && reason === 'NeverJoins'),
            conditions: conditions.flatMap(({ condition, message }) =>
              condition === BUYING && message !== null ? [message] : [],
            ),
          },
        ]),
      ),
      refusals: HISTORY.parse(history).entries.flatMap((entry) =>
        entry.kind === 'refusal'
          ? [
              {
                at: Date.parse(entry.at),
                pool: entry.pool,
                refusal: entry.refusal,
                market: `${entry.instanceType}/${entry.zone}/${entry.term}`,
              },
            ]
          : [],
      ),
    });
  } catch (error) {
    const why = error instanceof z.ZodError ? 'an answer that is none of a keeper' : reasonIn(error);
    return unknown(`${url}: ${why}`);
  }
}

function jobsIn({ arrivals, waitingSince, ...jobs }: NonNullable<PoolJson['jobs']>): JobsMet {
  const since = waitingSince === null ? {} : { waitingSince: Date.parse(waitingSince) };
  return { workload: { ...jobs, ...since, arrived: 0, jobsPerBlock: Math.max(1, jobs.jobsPerBlock) }, arrivals };
}

async function answerOf(url: string, path: string, signal: AbortSignal): Promise<unknown> {
  const response = await fetch(new URL(path, url), { signal, headers: { connection: 'close' } });
  if (!response.ok) throw new Error(`HTTP ${response.status}`);
  return response.json();
}

/** What broke a connection stands in the cause of an error that says nothing. */
function reasonIn(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message : error.message;
}

// A later keeper may say more; what is read here it says in any case.
const POOLS = z.object({
  leader: z.boolean().nullable(),
  pools: z.array(
    z
      .object(poolSchema.shape)
      .pick({ name: true, pausedUntil: true, cooling: true, conditions: true, jobs: true, holds: true })
      // An earlier keeper did not say it.
      .partial({ jobs: true, holds: true }),
  ),
});
const HISTORY = z.object({ entries: z.array(entrySchema) });
