/**
 * The last generation used of each slot: zero, or not there, where none was. In pieces by slot, so that another one copies a piece and
 * not all: a pool may have ten thousand.
 */
export type Generations = ReadonlyMap<number, readonly number[]>;

const PIECE = 128;

export const noGenerations: Generations = new Map();

/** The last generation of a slot; 0 where it never had a block. */
export const generationIn = (generations: Generations, slot: number): number =>
  generations.get(Math.floor(slot / PIECE))?.[slot % PIECE] ?? 0;

/** With a generation of a slot; the same where it had one as late. */
export function withSlot(generations: Generations, slot: number, generation: number): Generations {
  if (generationIn(generations, slot) >= generation) return generations;
  const place = Math.floor(slot / PIECE);
  const piece = [...(generations.get(place) ?? [])];
  while (piece.length < slot % PIECE) piece.push(0);
  piece[slot % PIECE] = generation;
  return new Map(generations).set(place, piece);
}
