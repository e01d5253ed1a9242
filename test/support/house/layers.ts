import type { Room } from './room.ts';
import { CORE } from './rooms/core.ts';
import { EDGES } from './rooms/edges.ts';
import { LIVE } from './rooms/live.ts';
import { SHELF } from './rooms/shelf.ts';
import { SIMULATION } from './rooms/simulation.ts';

/**
 * The rooms of the house, lowest first: a room may import rooms that stand above it in these lists and never one below, so there can be
 * no circle. `docs/architecture.md` shows the same tables.
 *
 * A folder is a room, and so is a file that is named here; what is not named belongs to the room around it. In what a room may
 * import, `a/b` is that one room, `a/b/**` is it and every room within it that stands above, and a file of another room is a door.
 */
export const LAYERS: readonly { readonly title: string; readonly rooms: readonly Room[] }[] = [
  { title: 'The core', rooms: CORE },
  { title: 'The world as it is', rooms: LIVE },
  { title: 'The shelf', rooms: SHELF },
  { title: 'The world as it might be', rooms: SIMULATION },
  { title: 'The edges', rooms: EDGES },
];

/** All of them, lowest first. */
export const ROOMS: readonly Room[] = LAYERS.flatMap(({ rooms }) => rooms);
