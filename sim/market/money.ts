/** Whole millionths of a US dollar. Sums of them are exact, so that a total does not depend on the order of its parts. */
export type MicroUsd = number & { readonly flavour?: 'microUsd' };

/** The one rounding rule of all money here: to the nearest micro-dollar, halves away from zero. */
export function microUsd(usd: number): MicroUsd {
  const micro = Math.round(Math.abs(usd) * 1e6);
  return usd < 0 && micro > 0 ? -micro : micro;
}

/** USD, for people and for prices. */
export const usdOf = (micro: MicroUsd): number => micro / 1e6;

/** @throws RangeError where the sum is no longer exact, beyond nine billion dollars. */
export function sumMicroUsd(amounts: Iterable<MicroUsd>): MicroUsd {
  let sum = 0;
  for (const amount of amounts) sum += amount;
  if (!Number.isSafeInteger(sum)) throw new RangeError(`expected a sum of whole micro-dollars, found ${sum}`);
  return sum;
}
