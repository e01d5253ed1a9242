import { z } from 'zod';
import { quantityIn } from './quantity.ts';

/** How much of each resource, by its name in Kubernetes (`cpu`, `memory`, `nvidia.com/gpu`), in thousandths of its unit. */
export type Amounts = Readonly<Record<string, number>>;

/** Reads a map of quantities. Fails for a quantity that cannot be read. */
export const AMOUNTS = z
  .record(z.string(), z.union([z.string(), z.number()]))
  .transform((written, context): Amounts => {
    const amounts: Record<string, number> = {};
    for (const [resource, text] of Object.entries(written)) {
      const amount = quantityIn(text);
      if (amount === undefined) context.addIssue(`${resource}: ${JSON.stringify(text)} is no quantity`);
      else amounts[resource] = amount;
    }
    return amounts;
  });

/** All of them together. */
export function summed(...all: readonly Amounts[]): Amounts {
  const sum: Record<string, number> = {};
  for (const amounts of all)
    for (const [resource, amount] of Object.entries(amounts)) sum[resource] = (sum[resource] ?? 0) + amount;
  return sum;
}

/** Of each resource the most that any of them has. */
export function largest(...all: readonly Amounts[]): Amounts {
  const most: Record<string, number> = {};
  for (const amounts of all)
    for (const [resource, amount] of Object.entries(amounts)) most[resource] = Math.max(most[resource] ?? 0, amount);
  return most;
}

/** What is left after some of it is taken; a resource that is not there at all stays absent. */
export const without = (amounts: Amounts, taken: Amounts): Amounts =>
  Object.fromEntries(
    Object.entries(amounts).map(([resource, amount]) => [resource, Math.max(0, amount - (taken[resource] ?? 0))]),
  );
