import { isoOf } from '../../src/domain/time.ts';
import type { Outcome, Verdict } from '../outcome.ts';

/** What `simulate --json` prints: USD as numbers, instants as ISO 8601, lengths in milliseconds. See `docs/output.md`. */
export interface SimulateJson extends OutcomeJson {
  readonly baselines: BaselinesJson;
  readonly expectations: readonly Verdict[];
}

export interface BaselinesJson {
  readonly onDemandOnly: { readonly total: number };
  readonly original: { readonly total: number; readonly jobsKilled: number };
}

export interface OutcomeJson {
  readonly scenario: string;
  /** The policies, in words. */
  readonly policies: string;
  readonly composed: readonly string[];
  readonly billing: string;
  readonly seed: number;
  readonly from: string;
  readonly until: string;
  readonly turns: number;
  readonly digest: string;
  readonly cost: Outcome['cost'];
  readonly jobs: Outcome['jobs'];
  readonly blocks: Outcome['blocks'];
  readonly uncoveredBlockHours: number;
}

export const outcomeJson = (outcome: Outcome): OutcomeJson => ({
  scenario: outcome.scenario,
  policies: outcome.label,
  composed: outcome.composed,
  billing: outcome.billing,
  seed: outcome.seed,
  from: isoOf(outcome.from),
  until: isoOf(outcome.until),
  turns: outcome.turns,
  digest: outcome.digest,
  cost: outcome.cost,
  jobs: outcome.jobs,
  blocks: outcome.blocks,
  uncoveredBlockHours: outcome.uncoveredBlockHours,
});

export const baselinesJson = (onDemandOnly: Outcome, original: Outcome): BaselinesJson => ({
  onDemandOnly: { total: onDemandOnly.cost.total },
  original: { total: original.cost.total, jobsKilled: original.jobs.killed },
});

export const simulateJson = (
  outcome: Outcome,
  onDemandOnly: Outcome,
  original: Outcome,
  verdicts: readonly Verdict[],
): SimulateJson => ({
  ...outcomeJson(outcome),
  baselines: baselinesJson(onDemandOnly, original),
  expectations: verdicts,
});

/** What `compare --json` prints. */
export interface CompareJson {
  readonly scenario: string;
  readonly seed: number;
  readonly from: string;
  readonly until: string;
  readonly variants: readonly (OutcomeJson & { readonly saving: number })[];
  readonly baselines: { readonly onDemandOnly: OutcomeJson; readonly original: OutcomeJson };
}
