import { amountIn } from '../values.ts';

/** A price in USD per hour as recordings write it: `0.0160`, `$0.0160`, and `0,016` where a comma stands for the point. */
export function amountOf(found: unknown): number | undefined {
  if (typeof found !== 'string') return amountIn(found);
  const plain = amountIn(found);
  if (plain !== undefined) return plain;
  const [, amount] = /^\$?\s*(\d+(?:[.,]\d+)?)$/.exec(found.trim()) ?? [];
  return amount === undefined ? undefined : amountIn(amount.replace(',', '.'));
}
