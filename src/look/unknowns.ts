import type { Look } from './look.ts';
import { poolPicture } from './poolPicture.ts';

/** Something that could not be read, and what it means for what is told. */
export interface Unknown {
  readonly what: string;
  readonly why: string;
}

/** All that was needed and could not be read. What nothing depends on now (prices where nothing is bought) is left out. */
export function unknownsIn(look: Look): readonly Unknown[] {
  const { ledger, lease, inventory, cluster, running, templates, quotes, foresight, at } = look;
  const parts: readonly (readonly [string, { readonly kind: string; readonly why?: string } | undefined])[] = [
    ['ledger', ledger],
    ['lease', lease],
    ['instances', inventory],
    ['cluster', cluster],
    ['keeper', running],
    ...[...templates].map(([pool, template]) => [`template of pool ${pool}`, template] as const),
    ...look.pools
      .filter((pool) => {
        const { short } = poolPicture(pool, foresight.now.after, at, quotes.get(pool.spec.name));
        return short !== undefined && templates.get(pool.spec.name)?.kind !== 'unknown';
      })
      .map(({ spec }) => [`prices of pool ${spec.name}`, quotes.get(spec.name)] as const),
  ];
  return parts.flatMap(([what, part]) => (part?.kind === 'unknown' ? [{ what, why: part.why ?? '' }] : []));
}
