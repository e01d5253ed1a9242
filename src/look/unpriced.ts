import { DEFAULT_LIVE, type PoolsFile } from '../config/pools.ts';
import { termsOf } from '../domain/words.ts';

/** The key of the pools file that tells prices which no API that the keeper calls tells. */
const KEY = 'live.onDemandUsdPerHour';

/**
 * What a pool never buys because the pools file gives no on-demand price for it, and what to write; undefined where that is
 * nothing. The offer of a type without a price is left out as long as any offer has one.
 */
export function unpricedNote(
  { live = DEFAULT_LIVE }: PoolsFile,
  { lease, instanceTypes }: PoolsFile['pools'][number],
): { readonly found: string; readonly remedy: string } | undefined {
  const terms = termsOf(lease.term).filter((term) => term !== 'spot');
  const types = instanceTypes.filter(
    (type) => !(Object.hasOwn(live.onDemandUsdPerHour, type) && (live.onDemandUsdPerHour[type] ?? 0) > 0),
  );
  if (terms.length === 0 || types.length === 0) return undefined;
  return {
    found: `${types.join(', ')}: no price in ${KEY}, so nothing is bought of ${types.length === 1 ? 'it' : 'them'} as ${terms.join(' or ')}`,
    remedy: `give ${KEY}: { ${types.map((type) => `${type}: …`).join(', ')} } in the pools file`,
  };
}
