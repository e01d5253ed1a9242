import type { BlockRules } from '../../src/block/block.ts';
import type { BlockContext } from '../../src/block/context.ts';
import { ALWAYS, NEVER } from '../../src/domain/time.ts';
import type { Timeouts } from '../../src/domain/timeouts.ts';
import type { Lease, Offer } from '../../src/domain/words.ts';
import { hours, minutes } from './lengths.ts';

export const TIMEOUTS: Timeouts = {
  launchMs: minutes(5),
  joinMs: minutes(15),
  restMs: minutes(3),
  terminateMs: minutes(5),
  evictMs: minutes(15),
};

/** What a block is held to, unless said otherwise. */
export const RULES: BlockRules = { timeouts: TIMEOUTS, overrunMs: hours(24) };

/** An offer: four hours of plain spot at ten cents, unless said otherwise. */
export const anOffer = (over: Partial<Offer> = {}): Offer => ({
  instanceType: 'm5.2xlarge',
  zone: 'us-east-1a',
  term: 'spot',
  durationMs: hours(4),
  usdPerHour: 0.1,
  ...over,
});

/** A lease of that offer from instant 0. */
export function aLease(over: Partial<Lease> = {}): Lease {
  const offer = over.offer ?? anOffer();
  const startsAt = over.startsAt ?? 0;
  return { instanceId: 'i-1', offer, startsAt, expiresAt: startsAt + offer.durationMs, hardEndAt: NEVER, ...over };
}

export const aContext = (over: Partial<BlockContext> = {}): BlockContext => ({
  id: 'ci-0.1',
  pool: 'ci',
  slot: 0,
  generation: 1,
  ...RULES,
  attempt: 1,
  offer: anOffer(),
  offersLeft: [],
  lease: null,
  node: null,
  nodeGone: false,
  ready: false,
  unusableAt: NEVER,
  cordoned: false,
  cordonedAt: null,
  atRiskAt: null,
  reclaimAt: null,
  deadlineAt: minutes(5),
  askAgainAt: NEVER,
  seenAt: ALWAYS,
  jobsSeenAt: ALWAYS,
  jobs: [],
  jobsKnown: true,
  endedJobs: [],
  busySince: null,
  idleSince: null,
  ending: null,
  ...over,
});
