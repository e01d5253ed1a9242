import { amountIn } from '../values.ts';

/**
 * A price in USD per hour as recordings and lists write it: `0.0160`, `$0.0160`, `0.016 USD`, `$0.016 hourly`, and `0,016` where a
 * comma stands for the point.
 */
export function amountOf(found: unknown): number | undefined {
  if (typeof found !== 'string') return amountIn(found);
  const plain = amountIn(found);
  if (plain !== undefined) return plain;
  const [, amount] = PRICE.exec(found.trim()) ?? [];
  return amount === undefined ? undefined : amountIn(amount.replace(',', '.'));
}

// The blanks after the unit belong to it: two runs of blanks side by side could be told apart in as many ways as there are blanks.
const PRICE =
  /^(?:USD|US\$|\$)?\s*(\d+(?:[.,]\d+)?)\s*(?:(?:USD|US\$|\$)\s*)?(?:hourly|per hour|an hour|\/\s?h(?:ou)?r?)?$/i;
