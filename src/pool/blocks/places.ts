import type { Offer } from '../../domain/words.ts';
import type { Held } from '../../policy/purchase.ts';
import { addHeld, addHeldIn } from '../held.ts';
import type { Branch } from './branch.ts';
import type { Standing } from './standing.ts';

/** Where the living blocks of a pool are, as sums. */
export interface Places {
  /** How many are in each zone. */
  readonly blocksIn: Readonly<Record<string, number>>;
  /** What there is in each market that AWS could take back. */
  readonly held: Readonly<Record<string, Held>>;
}

// Few turns buy, so no branch carries these sums until it is asked for them; then it keeps them, since a branch never changes.
const known = new WeakMap<Branch, Places>();

/** Where the blocks of a branch are: another block costs the branches from the root to it, as everything does. */
export function placesIn(branch: Branch): Places {
  const before = known.get(branch);
  if (before !== undefined) return before;
  const blocksIn: Record<string, number> = {};
  const held: Record<string, Held> = {};
  for (const child of branch.children)
    if (child !== null && child.living > 0)
      if ('children' in child) addPlaces(blocksIn, held, placesIn(child));
      else addStanding(blocksIn, held, child);
  const places = { blocksIn, held };
  known.set(branch, places);
  return places;
}

/** With these offers beside them, one block each. */
export function withBought({ blocksIn, held }: Places, bought: readonly Offer[]): Places {
  if (bought.length === 0) return { blocksIn, held };
  const [inZones, inMarkets] = [{ ...blocksIn }, { ...held }];
  for (const offer of bought) {
    inZones[offer.zone] = (inZones[offer.zone] ?? 0) + 1;
    addHeld(inMarkets, offer);
  }
  return { blocksIn: inZones, held: inMarkets };
}

function addPlaces(blocksIn: Record<string, number>, held: Record<string, Held>, more: Places): void {
  for (const [zone, blocks] of Object.entries(more.blocksIn)) blocksIn[zone] = (blocksIn[zone] ?? 0) + blocks;
  for (const [market, other] of Object.entries(more.held)) addHeldIn(held, market, other);
}

function addStanding(blocksIn: Record<string, number>, held: Record<string, Held>, { view }: Standing): void {
  const { zone, lease, offer, state } = view;
  blocksIn[zone] = (blocksIn[zone] ?? 0) + 1;
  if (lease !== null) addHeld(held, lease.offer, lease.startsAt);
  else if (state === 'requesting') addHeld(held, offer);
}
