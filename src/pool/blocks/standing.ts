import { type Block, type BlockView, nextOf, viewOf } from '../../block/block.ts';
import { type Instant, NEVER } from '../../domain/time.ts';
import { isPriced } from '../../domain/words.ts';
import type { RenewalTimes } from '../../policy/renewal.ts';
import { tellsAt } from '../ends.ts';
import type { KeptTimes } from '../keptAnswers.ts';
import type { Tally } from './tally.ts';

const MICROS = 1_000_000;

/** What a block counts as for what is wanted. */
export type CountsAs = 'nothing' | 'arriving' | 'serving';

/** What hangs on more than the block itself: it is found anew, by `settled`, once something of that has changed. */
export interface Settled {
  /** Whether it was found for the block as it is. */
  readonly isSettled: boolean;
  /** What the renewal policy said, as long as it may hold; null where it was not asked, or is to be asked in every turn. */
  readonly kept: KeptTimes | null;
  readonly times: RenewalTimes | null;
  readonly countsAs: CountsAs;
  /** Its end is another than the one that it drains by. */
  readonly isToEnd: boolean;
  /** The parts of the pool's moment that the answer hangs on (`reads.ts`). */
  readonly reads: number;
  /** When the pool has to be asked again because of it. */
  readonly turnsAt: Instant;
  /** When this has to be found anew. */
  readonly settleAt: Instant;
}

const UNSETTLED: Settled = {
  isSettled: false,
  kept: null,
  times: null,
  countsAs: 'nothing',
  isToEnd: false,
  reads: 0,
  turnsAt: NEVER,
  settleAt: NEVER,
};

/** A block as its pool holds it, with what it adds to the sums of the pool. Never changed in place. */
export class Standing implements Tally, Settled {
  readonly block: Block;
  readonly view: BlockView;
  /** Blocks are told of, and told, in the order in which they were born. */
  readonly born: number;
  readonly isSettled: boolean;
  readonly kept: KeptTimes | null;
  readonly times: RenewalTimes | null;
  readonly countsAs: CountsAs;
  readonly isToEnd: boolean;
  readonly reads: number;
  readonly turnsAt: Instant;
  readonly settleAt: Instant;

  readonly living: number;
  readonly slots: number;
  readonly gone: number;
  readonly unsettled: number;
  readonly supply: number;
  readonly serving: number;
  readonly inService: number;
  readonly idle: number;
  readonly unleased: number;
  readonly priced: number;
  readonly microUsdPerHour: number;
  readonly draining: number;
  readonly goable: number;
  readonly toEnd: number;
  readonly nextAt: Instant;
  readonly drainAt: Instant;
  readonly tellAt: Instant;

  constructor(block: Block, view: BlockView, born: number, found: Settled) {
    this.block = block;
    this.view = view;
    this.born = born;
    this.isSettled = found.isSettled;
    this.kept = found.kept;
    this.times = found.times;
    this.countsAs = found.countsAs;
    this.isToEnd = found.isToEnd;
    this.reads = found.reads;
    this.turnsAt = found.turnsAt;
    this.settleAt = found.settleAt;

    const { state, lease, leaving, jobs, idleSince } = view;
    const isLiving = state !== 'gone';
    const isSupply = found.countsAs !== 'nothing';
    const isServing = state === 'serving';
    this.living = isLiving ? 1 : 0;
    this.slots = this.living;
    this.gone = isLiving ? 0 : 1;
    this.unsettled = found.isSettled ? 0 : 1;
    this.supply = isSupply ? 1 : 0;
    this.serving = isSupply && isServing ? 1 : 0;
    this.inService = found.times !== null && isServing && view.usable && !leaving ? 1 : 0;
    this.idle = isSupply && isServing && jobs === 0 && idleSince !== null ? 1 : 0;
    this.unleased = isSupply && lease === null ? 1 : 0;
    const hasPrice = isSupply && lease !== null && isPriced(lease.offer);
    this.priced = hasPrice ? 1 : 0;
    this.microUsdPerHour = hasPrice ? Math.round(lease.offer.usdPerHour * MICROS) : 0;
    this.draining = state === 'draining' ? 1 : 0;
    this.goable =
      state === 'resting' || (!leaving && (isServing || state === 'requesting' || state === 'joining')) ? 1 : 0;
    this.toEnd = found.isToEnd ? 1 : 0;
    this.nextAt = isLiving ? nextOf(block.context) : NEVER;
    this.drainAt = leaving || state === 'draining' ? NEVER : (found.times?.drainAt ?? NEVER);
    this.tellAt = tellsAt(view);
  }
}

/** A block that was just born, or adopted. */
export const newStanding = (block: Block, born: number): Standing =>
  new Standing(block, viewOf(block), born, UNSETTLED);

/**
 * The block after an event. Jobs come and go far more often than anything else: where the answer of the policy does not hang on
 * them, all else that was found of the block stays as it is.
 */
export function withBlock(standing: Standing, block: Block, readsJobs: number): Standing {
  const view = viewOf(block);
  const stays = standing.isSettled && (standing.reads & readsJobs) === 0 && differsInJobsOnly(standing.view, view);
  if (stays) return new Standing(block, view, standing.born, standing);
  return new Standing(block, view, standing.born, {
    isSettled: false,
    kept: standing.kept,
    times: standing.times,
    countsAs: standing.countsAs,
    isToEnd: false,
    reads: standing.reads,
    turnsAt: NEVER,
    settleAt: NEVER,
  });
}

const differsInJobsOnly = (before: BlockView, now: BlockView): boolean =>
  before.state === now.state &&
  now.state !== 'draining' &&
  before.lease === now.lease &&
  before.offer === now.offer &&
  before.attempt === now.attempt &&
  before.usable === now.usable &&
  before.leaving === now.leaving &&
  before.atRiskAt === now.atRiskAt &&
  before.reclaimAt === now.reclaimAt &&
  before.deadlineAt === now.deadlineAt &&
  before.ending === now.ending;
