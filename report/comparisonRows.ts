import type { Comparison, Outcome, Rival } from '../sim/outcome.ts';
import { bestOf, rivalsIn } from '../sim/result/best.ts';
import { plain } from './figures.ts';
import { RIVAL_NAMES } from './rivalNames.ts';

/** A run in a comparison: a variant, or a rival. */
export interface Row {
  readonly name: string;
  /** Shorter than any name: `#1`; a rival has its name. */
  readonly number: string;
  readonly outcome: Outcome;
  readonly rival?: Rival;
  /** Whether money and service together are least here. */
  readonly isBest: boolean;
}

/** Variants first, then the rivals that were run; exactly one of all is the best. */
export function comparisonRows({ variants, rivals }: Pick<Comparison, 'variants' | 'rivals'>): readonly Row[] {
  const best = bestOf({ variants, rivals });
  return [
    ...variants.map((variant, index) => ({
      name: plain(variant.name),
      number: `#${index + 1}`,
      outcome: variant.outcome,
      isBest: variant === best,
    })),
    ...rivalsIn(rivals).map((rival) => ({
      name: RIVAL_NAMES[rival.name],
      number: RIVAL_NAMES[rival.name],
      outcome: rival.outcome,
      rival,
      isBest: rival === best,
    })),
  ];
}
