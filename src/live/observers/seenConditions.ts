import { type Instant, latest, minutes, seconds } from '../../domain/time.ts';
import { marketOf, type Offer } from '../../domain/words.ts';
import type { Keeper } from '../../keeper/keeper.ts';
import type { Turn } from '../../keeper/run.ts';
import type { Condition } from '../../world/recording.ts';

/** Learns what the world was like from what the keeper heard of it. */
export interface SeenConditions {
  /** What a turn tells of the world, in order of time, none later than the turn; to be written before it. */
  readonly before: (turn: Turn<Keeper>) => readonly Condition[];
  /** All that holds at an instant: the beginning of a part that is to be read by itself. */
  readonly holding: (at: Instant) => readonly Condition[];
}

/** Notices to several blocks of one market that end this close together are one reclaim. */
const ONE_RECLAIM_MS = seconds(60);

/** How late the end of an instance is still taken for the reclaim that was announced. */
const ECHO_MS = minutes(10);

/**
 * - Prices: the spot prices that quotes show, when they change.
 * - Capacity: a refusal for want of it says that no more than our own fit; a grant, that there is room again.
 * - Reclaims: the notices that AWS gives before a block's own end, at the instant that they name.
 *
 * @param isPriced whether an offer's price is one that a market showed, and no stand-in for an unknown one
 */
export function seenConditions(isPriced: (offer: Offer) => boolean = () => true): SeenConditions {
  const prices = new Map<string, number>();
  const room = new Map<string, number>();
  /** Those to come, and those of the last minutes, to know their echoes by. */
  let reclaims: readonly Reclaim[] = [];
  let lastAt: Instant = Number.NEGATIVE_INFINITY;

  return {
    before: (turn) => {
      const { at } = turn.fact;
      learnReclaim(turn);
      const found = [...reclaimed(at), ...learnt(turn)];
      lastAt = at;
      return found;
    },
    holding: (at) => [
      ...[...prices].map(([market, usdPerHour]): Condition => ({ type: 'price.changed', at, market, usdPerHour })),
      ...[...room].map(([market, instances]): Condition => ({ type: 'capacity.changed', at, market, instances })),
    ],
  };

  function learnt({ fact, state }: Turn<Keeper>): readonly Condition[] {
    const { at } = fact;
    switch (fact.type) {
      case 'offers.quoted':
        return fact.offers.flatMap((offer): Condition[] => {
          const market = marketOf(offer);
          const { usdPerHour } = offer;
          if (offer.term !== 'spot' || !isPriced(offer) || prices.get(market) === usdPerHour) return [];
          prices.set(market, usdPerHour);
          return [{ type: 'price.changed', at, market, usdPerHour }];
        });
      case 'capacity.refused': {
        // Scarcity is one of spare capacity, which on-demand instances do not take up.
        if (fact.refusal !== 'no-capacity' || fact.offer.term === 'on-demand') return [];
        const market = marketOf(fact.offer);
        const instances = runningIn(state, market);
        if (room.get(market) === instances) return [];
        room.set(market, instances);
        return [{ type: 'capacity.changed', at, market, instances }];
      }
      case 'capacity.granted': {
        const market = marketOf(fact.lease.offer);
        return fact.lease.offer.term !== 'on-demand' && room.delete(market)
          ? [{ type: 'capacity.changed', at, market }]
          : [];
      }
      default:
        return [];
    }
  }

  function learnReclaim({ fact, state }: Turn<Keeper>): void {
    const isTaken = fact.type === 'instance.gone' && fact.cause === 'interrupted';
    if (fact.type !== 'instance.interrupted' && !isTaken) return;
    const lease = state.blocks.get(fact.blockId)?.context.lease;
    const reclaimAt = fact.type === 'instance.interrupted' ? fact.reclaimAt : fact.at;
    if (lease == null || reclaimAt >= lease.hardEndAt) return;
    const market = marketOf(lease.offer);
    // An end that was announced is heard of again once it has come, and that may be minutes later.
    const echoMs = isTaken ? ECHO_MS : ONE_RECLAIM_MS;
    if (reclaims.some((one) => one.market === market && Math.abs(one.at - reclaimAt) < echoMs)) return;
    reclaims = [...reclaims, { market, at: reclaimAt, told: false }].sort((a, b) => a.at - b.at);
  }

  /** The reclaims whose time has come since they were told of. */
  function reclaimed(now: Instant): readonly Condition[] {
    if (reclaims.length === 0) return [];
    const due = reclaims.filter(({ at, told }) => !told && at <= now);
    reclaims = reclaims
      .filter(({ at }) => at > now - ECHO_MS)
      .map((one) => (one.at <= now ? { ...one, told: true } : one));
    return due.map(({ market, at }): Condition => ({ type: 'market.reclaimed', at: latest(at, lastAt), market }));
  }
}

interface Reclaim {
  readonly market: string;
  readonly at: Instant;
  readonly told: boolean;
}

/** How many of our instances run in a market. */
function runningIn({ blocks }: Keeper, market: string): number {
  let running = 0;
  for (const { state, context } of blocks.values())
    if (state !== 'gone' && context.lease !== null && marketOf(context.lease.offer) === market) running += 1;
  return running;
}
