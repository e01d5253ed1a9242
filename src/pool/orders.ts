import type { AskedEnd } from '../domain/leaseEnd.ts';
import type { Offer } from '../domain/words.ts';

/** What a pool tells its blocks. */
export type Order =
  | {
      readonly type: 'open';
      readonly slot: number;
      readonly generation: number;
      readonly offers: readonly [Offer, ...Offer[]];
    }
  | ({ readonly type: 'retire'; readonly blockId: string } & AskedEnd);
