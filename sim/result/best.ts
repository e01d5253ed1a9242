import type { Comparison, Outcome, Rival, RivalName, SomeRivals, Variant } from '../outcome.ts';
import { RIVALS } from './rivalry.ts';

/** One row of a comparison: a variant, or a rival under its key. */
export interface Contestant {
  readonly name: string;
  readonly outcome: Outcome;
}

/** Whose money and service together are least. Of equals it is the one that asks least of people: a rival, in their order. */
export function bestOf({ variants, rivals }: Pick<Comparison, 'variants' | 'rivals'>): Contestant {
  const [first, ...others] = [...rivalsIn(rivals), ...asWrittenFirst(variants)];
  return others.reduce<Contestant>(
    (best, one) => (one.outcome.cost.together < best.outcome.cost.together ? one : best),
    first ?? rivals.onDemandOnly,
  );
}

/** The best of several variants; of equals the pools as they are written, which ask for no change. */
export function bestVariant(variants: readonly Variant[]): Variant | undefined {
  const [first, ...others] = asWrittenFirst(variants);
  return others.reduce(
    (best, one) => (best !== undefined && one.outcome.cost.together >= best.outcome.cost.together ? best : one),
    first,
  );
}

const asWrittenFirst = (variants: readonly Variant[]): readonly Variant[] => [
  ...variants.filter(({ chosenBy }) => chosenBy === ''),
  ...variants.filter(({ chosenBy }) => chosenBy !== ''),
];

/** The rivals that were computed, in the order in which they are shown. */
export const rivalsIn = (rivals: SomeRivals): readonly Rival[] =>
  RIVALS.flatMap((name: RivalName) => {
    const rival = rivals[name];
    return rival === undefined ? [] : [rival];
  });
