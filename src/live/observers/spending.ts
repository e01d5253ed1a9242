import type { Block } from '../../block/block.ts';
import { type Instant, latest } from '../../domain/time.ts';
import type { Instruments } from './instruments.ts';
import type { Labels } from './labels.ts';

/** Adds up what leases cost, at the price that they were quoted at: an estimate that needs no bill. */
export interface Spending {
  /** A lease is paid for from here on. */
  began(block: Block, from: Instant): void;
  /** It is paid for no longer. */
  ended(block: Block, until: Instant): void;
  /** Counts everything up to now. */
  upTo(now: Instant): void;
}

/** Spending into the counter of cost. A counter never falls, so an instant earlier than one that was counted adds nothing. */
export function spending(cost: Instruments['cost'], labels: Labels): Spending {
  const counted = new Map<string, { readonly block: Block; until: Instant }>();

  const count = (paid: { readonly block: Block; until: Instant }, now: Instant): void => {
    const { pool, offer } = paid.block.context;
    const until = latest(paid.until, now);
    cost.inc({ pool: labels.pool(pool), term: offer.term }, ((until - paid.until) / MS_PER_HOUR) * offer.usdPerHour);
    paid.until = until;
  };
  return {
    began: (block, from) => {
      if (!counted.has(block.context.id)) counted.set(block.context.id, { block, until: from });
    },
    ended: ({ context: { id } }, until) => {
      const paid = counted.get(id);
      if (paid !== undefined) count(paid, until);
      counted.delete(id);
    },
    upTo: (now) => {
      for (const paid of counted.values()) count(paid, now);
    },
  };
}

const MS_PER_HOUR = 3_600_000;
