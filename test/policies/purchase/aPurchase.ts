import { hours, NEVER } from '../../../src/domain/time.ts';
import { marketOf, type Offer } from '../../../src/domain/words.ts';
import { countedZones, type Need, rankingOf } from '../../../src/policy/purchase.ts';
import { aShelf } from '../../support/aShelf.ts';

export const anOffer = (zone: string, usdPerHour: number, instanceType = 'm5'): Offer => ({
  zone,
  usdPerHour,
  instanceType,
  term: 'spot',
  durationMs: hours(4),
});

export const aNeed = (over: Partial<Need> = {}): Need => ({
  now: Date.UTC(2026, 2, 2, 12),
  slot: 0,
  blockId: 'ci-0.1',
  zones: [],
  blocksIn: countedZones(over.zones ?? []),
  held: {},
  allowance: { blocks: 6, until: NEVER },
  next: { blocks: 6, until: NEVER },
  markets: {},
  terms: ['spot'],
  ...over,
});

/** The markets that a policy of the shelf buys in, best first: `m5/a`. */
export const ranked = (name: string, options: object, offers: readonly Offer[], over: Partial<Need> = {}) =>
  rankingOf(aShelf.policy('purchase', { policy: name, ...options }).rank(offers, aNeed(over))).ranked.map(marketOf);
