/** The least count in [0, most] at which something holds that goes on holding above it; `most` where it never does. */
export async function leastWhere(
  holds: (count: number) => Promise<boolean>,
  guess: number,
  most: number,
): Promise<number> {
  let low = -1;
  let high = most;
  let step = 1;
  let at = Math.min(guess, most);
  // Doubling steps from the guess until it is known on which side of it the answer lies.
  while (low + 1 < high) {
    if (await holds(at)) {
      high = at;
      if (low >= 0) break;
      at = Math.max(0, at - step);
      if (high === 0) break;
    } else {
      low = at;
      if (high < most) break;
      if (low === most) break;
      at = Math.min(most, at + step);
    }
    step *= 2;
  }
  while (low + 1 < high) {
    const middle = (low + high) >> 1;
    if (await holds(middle)) high = middle;
    else low = middle;
  }
  return high;
}

/** The count in [0, most] with the lowest value that steps from the guess lead to, each half as long as the one before. */
export async function lowestAround(
  valueAt: (count: number) => Promise<number>,
  guess: number,
  most: number,
): Promise<number> {
  let best = Math.min(guess, most);
  let lowest = await valueAt(best);
  for (let step = Math.max(1, Math.round(best / 6)); step >= 1; step = step >> 1) {
    for (const way of [-1, 1]) {
      for (;;) {
        const next = best + way * step;
        if (next < 0 || next > most) break;
        const value = await valueAt(next);
        if (value >= lowest) break;
        best = next;
        lowest = value;
      }
    }
  }
  return best;
}
