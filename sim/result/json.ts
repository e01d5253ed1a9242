import { isoOf } from '../../src/domain/time.ts';
import type { Outcome, Reference, Rival, Rivals, SomeRivals, Verdict } from '../outcome.ts';
import { RIVALS } from './rivalry.ts';

/** What `simulate --json` prints: USD as numbers, instants as ISO 8601, lengths in milliseconds. See `docs/output.md`. */
export interface SimulateJson extends OutcomeJson {
  readonly baselines: BaselinesJson;
  readonly expectations: readonly Verdict[];
}

/** The same with `--quick`. */
export interface QuickJson extends OutcomeJson {
  readonly baselines: Pick<BaselinesJson, 'onDemandOnly'>;
  readonly expectations: readonly Verdict[];
}

/** What `compare --json` prints. */
export interface CompareJson {
  readonly scenario: string;
  readonly seed: number;
  readonly from: string;
  readonly until: string;
  readonly variants: readonly (OutcomeJson & {
    readonly name: string;
    readonly chosenBy: string;
    readonly saving: number;
  })[];
  readonly baselines: BaselinesJson;
  /** The name of the variant, or the key of the rival, whose money and service are least together. */
  readonly best: string;
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
  readonly servicePrices: Outcome['servicePrices'];
  readonly jobs: Outcome['jobs'];
  /** Left out where the scenario lists no class. */
  readonly classes?: NonNullable<Outcome['classes']>;
  readonly blocks: Outcome['blocks'];
  readonly uncoveredBlockHours: number;
}

export interface RivalJson {
  readonly about: string;
  readonly total: number;
  readonly killed: number;
  readonly queuedMs: Outcome['jobs']['queuedMs'];
  readonly together: number;
}

export interface FixedJson extends RivalJson {
  readonly blocks: number;
}

export interface BaselinesJson {
  readonly onDemandOnly: RivalJson;
  readonly onDemandTuned: RivalJson;
  readonly spotGroup: RivalJson;
  readonly spotGroupTuned: RivalJson;
  readonly spotGroupBuffer: RivalJson;
  readonly bestFixed: FixedJson & { readonly cheapest: FixedJson };
  readonly original: RivalJson & { readonly jobsKilled: number };
  readonly bound: Reference;
  readonly foresight: Reference;
}

export const simulateJson = (
  outcome: Outcome,
  rivals: SomeRivals,
  verdicts: readonly Verdict[],
): SimulateJson | QuickJson => ({
  ...outcomeJson(outcome),
  baselines: isWhole(rivals) ? baselinesJson(rivals) : { onDemandOnly: rivalJson(rivals.onDemandOnly) },
  expectations: verdicts,
});

const isWhole = (rivals: SomeRivals): rivals is Rivals => RIVALS.every((name) => rivals[name] !== undefined);

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
  servicePrices: outcome.servicePrices,
  jobs: outcome.jobs,
  ...(outcome.classes === undefined ? {} : { classes: outcome.classes }),
  blocks: outcome.blocks,
  uncoveredBlockHours: outcome.uncoveredBlockHours,
});

export const baselinesJson = (rivals: Rivals): BaselinesJson => ({
  onDemandOnly: rivalJson(rivals.onDemandOnly),
  onDemandTuned: rivalJson(rivals.onDemandTuned),
  spotGroup: rivalJson(rivals.spotGroup),
  spotGroupTuned: rivalJson(rivals.spotGroupTuned),
  spotGroupBuffer: rivalJson(rivals.spotGroupBuffer),
  bestFixed: { ...fixedJson(rivals.bestFixed), cheapest: fixedJson(rivals.cheapestFixed) },
  original: { ...rivalJson(rivals.original), jobsKilled: rivals.original.outcome.jobs.killed },
  bound: rivals.bound,
  foresight: rivals.foresight,
});

const rivalJson = ({ about, outcome: { cost, jobs } }: Rival): RivalJson => ({
  about,
  total: cost.total,
  killed: jobs.killed,
  queuedMs: jobs.queuedMs,
  together: cost.together,
});

const fixedJson = (rival: Rival): FixedJson => ({
  blocks: rival.blocks ?? rival.outcome.blocks.peak,
  ...rivalJson(rival),
});
