/** ` (did you mean "renewal"?)` if one of the known words is a likely slip of the pen for `word`; else nothing. */
export function suggestion(word: string, known: readonly string[]): string {
  const near = nearest(word, known);
  return near === undefined ? '' : ` (did you mean ${JSON.stringify(near)}?)`;
}

/** The known word that is closest to `word`, if it is close enough to have been meant. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  // A third of the letters may be wrong: "renwal" is a slip, "cost" for "lease" is another word.
  let best: string | undefined;
  let least = Math.max(1, Math.floor(word.length / 3)) + 1;
  for (const candidate of known) {
    const distance = distanceBetween(plain(word), plain(candidate));
    if (distance < least) [best, least] = [candidate, distance];
  }
  return best;
}

/** `draining_time` and `drainingTime` differ in habit, not in meaning. */
const plain = (word: string): string => word.toLowerCase().replaceAll(/[-_ ]/g, '');

/** Letters to insert, drop, replace or swap with their neighbour to turn one word into the other. */
function distanceBetween(from: string, to: string): number {
  if (Math.abs(from.length - to.length) > 8 || from.length > 64 || to.length > 64) return Number.POSITIVE_INFINITY;
  let before: number[] = [];
  let above = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let row = 1; row <= from.length; row += 1) {
    const here = [row];
    for (let column = 1; column <= to.length; column += 1) {
      const same = from[row - 1] === to[column - 1];
      const swapped = row > 1 && column > 1 && from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
      here[column] = Math.min(
        (above[column] ?? 0) + 1,
        (here[column - 1] ?? 0) + 1,
        (above[column - 1] ?? 0) + (same ? 0 : 1),
        swapped ? (before[column - 2] ?? 0) + 1 : Number.POSITIVE_INFINITY,
      );
    }
    [before, above] = [above, here];
  }
  return above[to.length] ?? 0;
}
