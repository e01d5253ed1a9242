/**
 * The element at 0-based index ceil(share × n) of an ascending list, the last at most: the definition that published CI
 * tables use. 0 for an empty list.
 */
export function percentile(ascending: ArrayLike<number>, share: number): number {
  return ascending[Math.min(Math.ceil(share * ascending.length), ascending.length - 1)] ?? 0;
}
