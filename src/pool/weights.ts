/**
 * A list of weights that is never changed in place. It is held in pieces, so that another weight costs a piece and the list of the
 * pieces, and not a copy of all: every job's end comes through here.
 */
export type Weights = readonly (readonly number[])[];

/** About the root of the longest list: so a change copies least. */
const PIECE = 13;

export const noWeights: Weights = [];

/** So many, all zero. */
export function zeroWeights(count: number): Weights {
  const piece: readonly number[] = Array.from({ length: PIECE }, () => 0);
  return Array.from({ length: Math.ceil(count / PIECE) }, (_, at) =>
    (at + 1) * PIECE <= count ? piece : piece.slice(0, count % PIECE),
  );
}

/** These, in pieces. */
export const weightsIn = (list: readonly number[]): Weights =>
  Array.from({ length: Math.ceil(list.length / PIECE) }, (_, at) => list.slice(at * PIECE, (at + 1) * PIECE));

/** The one in a place. */
export const weightAt = (weights: Weights, place: number): number =>
  weights[Math.floor(place / PIECE)]?.[place % PIECE] ?? 0;

/** All of them in one list. */
export const listOf = (weights: Weights): number[] => weights.flat();

/** With so much more in one place, but no more than `most`. */
export function addedTo(
  weights: Weights,
  place: number,
  weight: number,
  most: number = Number.POSITIVE_INFINITY,
): Weights {
  const at = Math.floor(place / PIECE);
  const piece = [...(weights[at] ?? [])];
  piece[place % PIECE] = Math.min((piece[place % PIECE] ?? 0) + weight, most);
  const pieces = [...weights];
  pieces[at] = piece;
  return pieces;
}

/** Each of them changed. */
export const eachOf = (weights: Weights, change: (weight: number) => number): Weights =>
  weights.map((piece) => piece.map(change));

/** Two lists of the same length, place by place, but no more than `most` in any. */
export const sumOf = (one: Weights, other: Weights, most: number = Number.POSITIVE_INFINITY): Weights =>
  one.map((piece, at) => piece.map((weight, place) => Math.min(weight + (other[at]?.[place] ?? 0), most)));

/** Their sum. */
export function totalOf(weights: Weights): number {
  let sum = 0;
  for (const piece of weights) for (const weight of piece) sum += weight;
  return sum;
}
