import type { Instant } from '../../domain/time.ts';
import { holdsWhateverJobsTake } from '../keptAnswers.ts';
import type { PoolMemory } from '../memory.ts';
import type { Pool } from '../pool.ts';
import type { Branch } from './branch.ts';
import type { Calm, PoolBlocks } from './poolBlocks.ts';
import { isApartFromJobs } from './reads.ts';

/** The calm of before, where it holds still. */
export function calmAt(memory: PoolMemory, { root, moves, calm }: PoolBlocks, now: Instant): Calm | undefined {
  return calm !== null &&
    now >= calm.from &&
    now < calm.wakeAt &&
    now < root.settleAt &&
    moves === calm.moves &&
    sameSums(root, calm.root) &&
    knowsSameButJobs(memory, calm.memory)
    ? calm
    : undefined;
}

/** With its calm, if it is calm after a turn in which nothing was ordered, asked or told. */
export function calmed(
  pool: Pool,
  memory: PoolMemory,
  blocks: PoolBlocks,
  { wanted, now, wakeAt }: { readonly wanted: number; readonly now: Instant; readonly wakeAt: Instant },
): PoolBlocks {
  const { root, moves } = blocks;
  const isFollowing = pool.policies.scaling.ignoresJobs !== true;
  const isCalm =
    root.toEnd === 0 &&
    root.gone === 0 &&
    // How long one that is due may wait hangs on how long jobs take.
    root.drainAt > now &&
    isApartFromJobs(root.reads) &&
    root.supply >= wanted &&
    // What is idle for how long says what is given back of a surplus.
    (!isFollowing || (root.supply === wanted && holdsWhateverJobsTake(memory.kept)));
  if (isCalm) return { ...blocks, calm: { from: now, wakeAt, moves, memory, root } };
  return uncalmed(blocks);
}

/** Without a calm. */
export const uncalmed = (blocks: PoolBlocks): PoolBlocks => (blocks.calm === null ? blocks : { ...blocks, calm: null });

const sameSums = (now: Branch, before: Branch): boolean =>
  now.unsettled === 0 &&
  now.supply === before.supply &&
  now.living === before.living &&
  now.draining === before.draining &&
  now.goable === before.goable &&
  now.priced === before.priced &&
  now.microUsdPerHour === before.microUsdPerHour &&
  now.inService === before.inService &&
  now.toEnd === before.toEnd &&
  now.gone === before.gone &&
  now.turnsAt === before.turnsAt &&
  now.settleAt === before.settleAt &&
  now.drainAt === before.drainAt &&
  now.tellAt === before.tellAt;

/** Whether it knows what it knew, but how long jobs take and when they come. */
const knowsSameButJobs = (now: PoolMemory, before: PoolMemory): boolean =>
  now === before ||
  (now.offers === before.offers &&
    now.quotedAt === before.quotedAt &&
    now.onDemandUsdPerHour === before.onDemandUsdPerHour &&
    now.askedAt === before.askedAt &&
    now.declinedUntil === before.declinedUntil &&
    now.cooling === before.cooling &&
    now.pace === before.pace &&
    now.joins === before.joins &&
    now.toldPause === before.toldPause &&
    now.openedAts === before.openedAts &&
    now.inventoried === before.inventoried &&
    now.allowance === before.allowance &&
    now.kept === before.kept &&
    now.workload === before.workload &&
    now.holding === before.holding &&
    now.recent === before.recent &&
    now.elsewhere === before.elsewhere &&
    now.heldUnknown === before.heldUnknown &&
    now.wanted === before.wanted &&
    now.announced === before.announced &&
    now.capped === before.capped &&
    now.observations.boots === before.observations.boots &&
    now.observations.markets === before.observations.markets &&
    now.observations.demand === before.observations.demand &&
    now.observations.paid === before.observations.paid);
