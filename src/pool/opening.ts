import type { Effect } from '../domain/effects.ts';
import { ALWAYS, after, earliest, type Instant, NEVER, seconds } from '../domain/time.ts';
import { blockIdOf, type Offer } from '../domain/words.ts';
import { allowedNow, withOpened } from './allowed.ts';
import { offersAt } from './ask.ts';
import { freeSlots, livingIn } from './blocks/branch.ts';
import type { PoolBlocks } from './blocks/poolBlocks.ts';
import { generationIn } from './generations.ts';
import { afterProbe, isBroken } from './joins.ts';
import type { Asking } from './keptAnswers.ts';
import { type PoolMemory, withGeneration } from './memory.ts';
import { needOf } from './need.ts';
import type { Order } from './orders.ts';
import type { Pool, PoolSpec } from './pool.ts';
import type { PoolMoment } from './renewalQuestion.ts';
import { asksForMany, firstRestOver, untriedFirst, usableOffers } from './rests.ts';
import { budgetOf } from './spendingCap.ts';

/** A quote that was asked for and has not come is asked for again after this long. */
const QUOTE_PATIENCE_MS = seconds(30);

/** What is to be opened, and by whose judgement. */
export interface Opening {
  /** How many blocks are missing, as far as there is room for them. */
  readonly count: number;
  readonly rate: PoolSpec['launchRate'];
  readonly moment: PoolMoment;
  readonly asking: Asking;
  /** Tells people of a pause of buying, once; the memory after it. */
  readonly tellPause: (memory: PoolMemory) => PoolMemory;
}

/** The blocks that were opened, and when to try for the others. */
export interface Opened {
  readonly orders: readonly Order[];
  readonly effects: readonly Effect[];
  readonly memory: PoolMemory;
  readonly wakeAt: Instant;
}

/** Opens blocks: as many as are missing and may be bought, each from the best offer. */
export function opening(
  { spec }: Pool,
  before: PoolMemory,
  { root }: PoolBlocks,
  { count, rate, moment, asking, tellPause }: Opening,
): Opened {
  const { now } = moment;
  let memory = before;
  const orders: Order[] = [];
  const effects: Effect[] = [];
  const until = (wakeAt: Instant): Opened => ({ orders, effects, memory, wakeAt });

  const pace = allowedNow(memory, rate, now);
  const allowed = Math.min(count, pace.blocks);
  if (allowed <= 0) return until(pace.moreAt);
  // Creating demands a fresh known price: an old quote is asked for anew, and none is bought from meanwhile.
  if (now - memory.quotedAt > spec.quoteMs) {
    if (now - memory.askedAt < QUOTE_PATIENCE_MS) return until(after(memory.askedAt, QUOTE_PATIENCE_MS));
    effects.push({ type: 'quoteOffers', pool: spec.name });
    memory = { ...memory, askedAt: now };
    return until(after(now, QUOTE_PATIENCE_MS));
  }
  const untaken = usableOffers(memory.cooling, memory.offers, now);
  const budget = budgetOf(spec.spending, memory.observations.paid, () => livingIn(root), now);
  const capped = budget.whyNone(untaken) ?? null;
  if (capped?.note !== memory.capped?.note) memory = { ...memory, capped };
  memory = tellPause(memory);
  if (capped !== null) return until(capped.until);
  const bought: Offer[] = [];
  const opened: Instant[] = [];
  let askAgainAt = NEVER;
  for (const slot of freeSlots(root, allowed)) {
    const generation = generationIn(memory.generations, slot) + 1;
    const blockId = blockIdOf(spec.name, slot, generation);
    const need = needOf(moment, memory, { root, slot, blockId, bought: [...bought] });
    const usable = budget.affordable(untaken);
    const ranking = asking.rank({ offers: usable, need });
    const [best, ...others] = bestFirst(offersAt(ranking, usable));
    const declinedUntil =
      best === undefined ? earliest(ranking.until ?? NEVER, after(memory.quotedAt, spec.quoteMs)) : ALWAYS;
    if (declinedUntil !== memory.declinedUntil) memory = { ...memory, declinedUntil };
    if (best === undefined) {
      askAgainAt = ranking.until ?? NEVER;
      break;
    }
    memory = withGeneration(memory, slot, generation);
    // Whether what was refused to many of them holds still, one of them tells.
    const offers = [best, ...(asksForMany(memory.cooling, best) ? [] : others)] as const;
    orders.push({ type: 'open', slot, generation, offers });
    budget.take(offers);
    bought.push(best);
    opened.push(now);
  }
  memory = { ...memory, openedAts: withOpened(memory.openedAts, opened, spec, now) };
  if (opened.length > 0 && isBroken(memory.joins)) memory = { ...memory, joins: afterProbe(memory.joins, now) };
  if (opened.length === count) return until(NEVER);
  return until(
    earliest(
      askAgainAt,
      firstRestOver(memory.cooling, now),
      after(memory.quotedAt, spec.quoteMs + 1),
      opened.length === allowed ? allowedNow(memory, rate, now).moreAt : NEVER,
    ),
  );

  /** While what the pool may buy is refused, what was not tried comes before what the policy likes best. */
  function bestFirst(ranked: readonly Offer[]): readonly Offer[] {
    return memory.pace === null ? ranked : untriedFirst(memory.cooling, ranked);
  }
}
