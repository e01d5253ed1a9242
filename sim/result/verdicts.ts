import type { Outcome, Verdict } from '../outcome.ts';
import type { Expectations } from '../scenario/scenario.ts';

type Side = 'atMost' | 'atLeast';

/** Each expectation: which side of its limit is good, and where its figure is found. */
const FOUND: Readonly<
  Record<
    keyof Expectations,
    { readonly side: Side; readonly found: (outcome: Outcome, onDemandOnly: Outcome) => number }
  >
> = {
  costAtMost: { side: 'atMost', found: ({ cost }) => cost.total },
  savingAtLeast: { side: 'atLeast', found: savingOf },
  killedAtMost: { side: 'atMost', found: ({ jobs }) => jobs.killed },
  waitP50AtMost: { side: 'atMost', found: ({ jobs }) => jobs.waitMs.p50 },
  waitP95AtMost: { side: 'atMost', found: ({ jobs }) => jobs.waitMs.p95 },
  uncoveredBlockHoursAtMost: { side: 'atMost', found: ({ uncoveredBlockHours }) => uncoveredBlockHours },
  peakBlocksAtMost: { side: 'atMost', found: ({ blocks }) => blocks.peak },
  onBlocksAtLeast: { side: 'atLeast', found: ({ jobs }) => (jobs.total === 0 ? 0 : jobs.onBlocks / jobs.total) },
};

/** Holds an outcome against what its scenario expects, in the order of the table above. */
export function verdictsOf(expectations: Expectations, outcome: Outcome, onDemandOnly: Outcome): readonly Verdict[] {
  // Keys of a record that is complete by its type.
  const names = Object.keys(FOUND) as (keyof Expectations)[];
  return names.flatMap((name) => {
    const limit = expectations[name];
    if (limit === undefined) return [];
    const { side, found: find } = FOUND[name];
    const found = find(outcome, onDemandOnly);
    return [{ name, limit, found, holds: side === 'atMost' ? found <= limit : found >= limit }];
  });
}

/** What is saved against on-demand only, as a share of it; below 0 where the keeper costs more; 0 where nothing is spent. */
export function savingOf(outcome: Outcome, onDemandOnly: Outcome): number {
  return onDemandOnly.cost.total === 0 ? 0 : 1 - outcome.cost.total / onDemandOnly.cost.total;
}
