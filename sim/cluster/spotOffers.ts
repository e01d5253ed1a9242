import type { Instant, Millis } from '../../src/domain/time.ts';
import type { Offer } from '../../src/domain/words.ts';
import type { Refusing } from '../cloud/refusing.ts';
import type { Market } from '../market/market.ts';

/** A node of a group has no set length of life. */
const ENDLESS_MS: Millis = Number.POSITIVE_INFINITY;

/** The cheapest spot instance that can be had now; the first of several. Undefined where spot is refused everywhere. */
export function cheapestSpot(
  market: Market,
  refusing: Refusing,
  markets: readonly { readonly instanceType: string; readonly zone: string }[],
  at: Instant,
): Offer | undefined {
  let best: Offer | undefined;
  for (const { instanceType, zone } of markets) {
    const usdPerHour = market.quote(instanceType, zone, 'spot', ENDLESS_MS, at);
    if (usdPerHour === undefined || (best !== undefined && usdPerHour >= best.usdPerHour)) continue;
    if (refusing.refusalOf({ instanceType, zone, term: 'spot' }) !== undefined) continue;
    best = { instanceType, zone, term: 'spot', durationMs: ENDLESS_MS, usdPerHour };
  }
  return best;
}
