import type { BlockView } from '../block/block.ts';
import { isRouted, type PoolConfig } from '../config/pools.ts';
import { leaseEnd } from '../domain/leaseEnd.ts';
import { TAINT } from '../domain/nodeLabels.ts';
import { type Instant, NEVER } from '../domain/time.ts';
import type { BlockState } from '../domain/words.ts';
import type { Resolution } from '../live/aws/template/resolveTemplate.ts';
import type { Pool } from '../pool/pool.ts';
import type { RestReason } from '../pool/rests.ts';
import { deedsOf } from './deeds.ts';
import type { Look } from './look.ts';
import { type PoolPicture, poolPicture } from './poolPicture.ts';
import { counted, whenText } from './words.ts';

/** Something that is due, and when. */
export interface Due {
  readonly at: Instant;
  readonly what: string;
}

/** A pool as people ask about it. */
export interface PoolExplained {
  readonly name: string;
  readonly hours: 'open' | 'closed' | 'unknown';
  /**
   * `open by weekly: 5 wanted until 2026-05-11 16:00Z, then 0`; of a pool that follows its jobs
   * `open by weekly: 5 allowed until 2026-05-11 16:00Z, then 0; 2 jobs wait, 1 runs; followJobs wants 3`
   */
  readonly because: string;
  readonly wanted: number | undefined;
  /** What the hours allow; the same as `wanted` where the pool does not look at its jobs. */
  readonly allowed: number | undefined;
  /** Null where they are not known; undefined where the pool does not look at them. */
  readonly jobs: PoolPicture['jobs'];
  readonly wantedUntil: Instant;
  readonly wantedNext: number;
  readonly counts: PoolPicture['counts'];
  /** Why fewer are there or on their way than wanted, and nothing is bought. */
  readonly short: string | undefined;
  /** What would be done now, in words. */
  readonly now: readonly string[];
  readonly nextChange: Due | undefined;
  /** What stands in the way of copying its template, or is not copied; each names its remedy. */
  readonly conditions: readonly string[];
  /** What rests after a refusal, and nothing at all is bought until then: only a keeper that runs knows either. */
  readonly met:
    | {
        readonly kind: 'known';
        readonly pausedUntil: Instant | undefined;
        readonly cooling: readonly Rest[];
        /** Why it buys nothing, or not everything. */
        readonly conditions: readonly string[];
      }
    | { readonly kind: 'unknown'; readonly why: string };
  readonly blocks: readonly BlockLine[];
}

export interface Rest {
  readonly offer: string;
  readonly until: Instant;
  readonly reason: RestReason;
}

/** A block in a line. */
export interface BlockLine {
  readonly id: string;
  readonly state: BlockState;
  readonly instanceType: string;
  readonly zone: string;
  readonly node: string | undefined;
  readonly jobs: number;
  readonly next: Due | undefined;
}

/** Why each pool is as it is, and what changes next. */
export const explainPools = (look: Look): readonly PoolExplained[] =>
  look.pools.flatMap((pool) => {
    const config = look.file.pools.find(({ name }) => name === pool.spec.name);
    return config === undefined ? [] : [explainPool(look, pool, config)];
  });

function explainPool(look: Look, pool: Pool, config: PoolConfig): PoolExplained {
  const { name } = config;
  const { now } = look.foresight;
  const quote = look.quotes.get(name);
  const after = poolPicture(pool, now.after, look.at, quote);
  const found = poolPicture(pool, { ...now.before, memories: now.after.memories }, look.at, quote);
  const { wanted, allowed, jobs, wantedUntil, wantedNext, counts } = found;
  const blocks = found.living.toSorted((one, other) => one.slot - other.slot || one.generation - other.generation);
  return {
    name,
    hours: allowed === undefined ? 'unknown' : allowed > 0 ? 'open' : 'closed',
    because: hoursText(found, config),
    ...{ wanted, allowed, jobs, wantedUntil, wantedNext, counts },
    short: after.short,
    now: deedsOf(now, [pool], look.quotes).map(({ what, because }) => `${what}: ${because}`),
    nextChange: nextOf(found, look.at),
    conditions: conditionsOf(look.templates.get(name)),
    met: metOf(look, name),
    blocks: blocks.map((view) => ({
      id: view.id,
      state: view.state,
      ...offerOf(look, view),
      node: look.foresight.now.before.blocks.get(view.id)?.context.node ?? undefined,
      jobs: view.jobs,
      next: dueOf(view, found, look.at)[0],
    })),
  };
}

/** Whether a pool is open, by which policy, until when, and what then. */
export function hoursText(picture: PoolPicture, config: PoolConfig): string {
  const { wanted, allowed = 0, jobs, wantedUntil, memory } = picture;
  const { policy } = config.policies.operatingHours;
  if (wanted === undefined) return `the operating hours (${policy}) were not asked`;
  if (jobs !== undefined) {
    const next = Math.min(memory.allowance?.next.blocks ?? 0, config.maxBlocks);
    const how = allowed > 0 ? `open by ${policy}: ${allowed} allowed` : `closed by ${policy}: none allowed`;
    const until = wantedUntil === NEVER ? 'always' : `until ${whenText(wantedUntil)}, then ${next}`;
    return `${how}${wantedUntil === NEVER ? ', ' : ' '}${until}; ${jobsText(picture, config)}`;
  }
  const { wantedNext } = picture;
  const now = wanted > 0 ? `open by ${policy}: ${wanted} wanted` : `closed by ${policy}: none wanted`;
  return wantedUntil === NEVER ? `${now}, always` : `${now} until ${whenText(wantedUntil)}, then ${wantedNext}`;
}

/** Why a pool that follows its jobs wants what it wants. */
function jobsText({ wanted = 0, jobs, advised }: PoolPicture, config: PoolConfig): string {
  const { scaling } = config.policies;
  if (jobs == null)
    return `its jobs are not known, so that ${scaling.policy} is not asked and what is there is held: ${wanted}`;
  const { waiting, running, overflow } = jobs;
  const does = (count: number, one: string): string => `${count} ${one}${count === 1 ? 's' : ''}`;
  const elsewhere = overflow === 0 ? '' : `, ${does(overflow, 'run')} elsewhere`;
  const counts = isRouted(config) ? `of the jobs that tolerate ${TAINT.routing}=${config.name}, ` : '';
  return `${counts}${counted(waiting, 'job')} wait${waiting === 1 ? 's' : ''}, ${does(running, 'run')}${elsewhere}; ${scaling.policy} wants ${wanted}${advised === undefined || advised === wanted ? '' : `, and learned would want ${advised}`}`;
}

/** A job may run for long past the end of a lease; this is the end of its time. */
const ENDED = 'it is terminated even if a job runs';

/** All that is due of a block if nothing happens, soonest first. */
export function dueOf(view: BlockView, { times }: PoolPicture, at: Instant): readonly Due[] {
  const due = times.get(view.id);
  const ends: Due[] = [];
  if (view.state === 'requesting') ends.push({ at: view.deadlineAt, what: 'its launch is called off' });
  if (view.state === 'joining') ends.push({ at: view.deadlineAt, what: 'it is given up if no node has joined' });
  if (view.state === 'draining') ends.push({ at: view.deadlineAt, what: ENDED });
  if (due !== undefined && (view.state === 'serving' || view.state === 'joining')) {
    if (due.relieveAt < due.drainAt)
      ends.push({ at: due.relieveAt, what: 'its successor is bought, if one is wanted' });
    ends.push({ at: due.drainAt, what: 'it drains' });
    const overAt = view.lease === null ? NEVER : leaseEnd(view.lease);
    if (overAt < due.endBy) ends.push({ at: overAt, what: 'its lease is over; a job that still runs may finish' });
    ends.push({ at: due.endBy, what: ENDED });
  }
  return ends.filter((one) => one.at > at && one.at < NEVER).toSorted((one, other) => one.at - other.at);
}

function nextOf(picture: PoolPicture, at: Instant): Due | undefined {
  const { wanted = 0, wantedUntil, wantedNext, living } = picture;
  const dues = living.flatMap((view) =>
    dueOf(view, picture, at)
      .slice(0, 1)
      .map(({ at: dueAt, what }) => ({ at: dueAt, what: `${view.id}: ${what}` })),
  );
  // Where the answer only holds for a while and the next one is the same, nothing changes.
  if (wantedUntil < NEVER && wantedNext !== wanted)
    dues.push({ at: wantedUntil, what: `${counted(wantedNext, 'block')} wanted in place of ${wanted}` });
  return dues.toSorted((one, other) => one.at - other.at)[0];
}

/** What people have to know of a pool's template, a sentence each. */
export function conditionsOf(resolution: Resolution | undefined): readonly string[] {
  switch (resolution?.kind) {
    case undefined:
      return [];
    case 'resolved':
      return resolution.warnings;
    case 'unsupported':
      return resolution.problems.map((problem) => `no block can be launched: ${problem}`);
    case 'unknown':
      return [`the template is not known: ${resolution.why}`];
  }
}

function metOf({ running, at }: Look, name: string): PoolExplained['met'] {
  if (running === undefined)
    return { kind: 'unknown', why: 'only a keeper that runs knows what it was refused; --keeper URL asks one' };
  if (running.kind === 'unknown') return running;
  if (running.value.leads !== true) return { kind: 'unknown', why: 'the keeper that was asked does not lead' };
  const met = running.value.pools.get(name);
  if (met === undefined) return { kind: 'unknown', why: `the keeper that was asked keeps no pool ${name}` };
  const { pausedUntil, cooling, conditions } = met;
  return {
    kind: 'known',
    pausedUntil: pausedUntil !== undefined && pausedUntil > at ? pausedUntil : undefined,
    cooling: [...cooling].flatMap(([offer, { until, why }]) => (until > at ? [{ offer, until, reason: why }] : [])),
    conditions,
  };
}

function offerOf(
  { foresight }: Look,
  { id, zone }: BlockView,
): { readonly instanceType: string; readonly zone: string } {
  return { instanceType: foresight.now.before.blocks.get(id)?.context.offer.instanceType ?? '', zone };
}
