import type { Instant, Millis } from '../src/domain/time.ts';
import type { BlockState, Ending, Term } from '../src/domain/words.ts';
import type { ServicePrices } from './scenario/scenario.ts';

/** What a simulated week came to: the answer to a scenario under one set of policies. */
export interface Outcome {
  readonly scenario: string;
  readonly about: string;
  /** Which policies, in words: `weekly, surge, cheapest`; or the name of a baseline. */
  readonly label: string;
  readonly composed: readonly string[];
  readonly billing: string;
  readonly seed: number;
  readonly from: Instant;
  readonly until: Instant;
  readonly turns: number;
  /** SHA-256 over every fact and effect, hex. */
  readonly digest: string;
  readonly cost: Cost;
  /** What `cost.service` was reckoned with. */
  readonly servicePrices: ServicePrices;
  readonly jobs: JobsOutcome;
  /** The jobs of each class that the scenario lists, in its order, then those of none; absent where it lists no class. */
  readonly classes?: readonly ClassOutcome[];
  readonly blocks: BlocksOutcome;
  /**
   * Blocks wanted but not serving, integrated over the run, in block-hours. Wanted is what the hours allow, or what the jobs asked
   * for where a pool follows them.
   */
  readonly uncoveredBlockHours: number;
  readonly timeline: Timeline;
}

/** USD. `total` = leases + overflow, the money; `together` = total + service. */
export interface Cost {
  readonly total: number;
  readonly leases: number;
  readonly overflow: number;
  /** The part of the total that was paid while no job ran. */
  readonly idle: number;
  /** The part of the leases that was paid while no job ran. */
  readonly leasesIdle: number;
  /** What killed jobs and waiting cost people, at the prices of the scenario (`service`). */
  readonly service: number;
  readonly together: number;
}

export interface JobsOutcome {
  /** Jobs queued in the run; total = onBlocks + onOverflow + waiting, each counted where it last started. */
  readonly total: number;
  readonly onBlocks: number;
  readonly onOverflow: number;
  /** Never started before the run ended. */
  readonly waiting: number;
  /** Times that a running job lost its node: by AWS, by the keeper, and at the end of a spot block's own time. */
  readonly killed: number;
  readonly killedByAws: number;
  readonly killedByKeeper: number;
  readonly killedByTerm: number;
  /** Jobs killed at least once and unfinished at the end, though their length fits after their first start. */
  readonly neverFinished: number;
  /** Jobs that ran when the run ended. */
  readonly runningAtEnd: number;
  /** Jobs that started within a second of being queued. */
  readonly atOnce: number;
  /** From queued to first start. */
  readonly waitMs: { readonly p50: Millis; readonly p95: Millis; readonly max: Millis };
  /** All time that a job was queued, reruns included; a job that waits at the end counts up to it. */
  readonly queuedMs: Queued;
}

/** How the jobs of one class fared, and their part of the bill. */
export interface ClassOutcome {
  /** Null: of no class that the scenario lists. */
  readonly class: string | null;
  readonly jobs: number;
  /** Times that a running job lost its node: to AWS, to the keeper, or at a term's end. */
  readonly killed: number;
  /** As in `JobsOutcome`. */
  readonly neverFinished: number;
  readonly queuedMs: Queued;
  /** All time that its jobs ran, killed runs included. */
  readonly ranMs: Millis;
  /** The part of it that was on blocks; the rest was on nodes of the group. */
  readonly ranOnBlocksMs: Millis;
  /**
   * USD: of the leases its share of all the time that jobs ran on blocks, of the overflow its share of the time that they ran on the
   * group. So what nodes cost while idle is shared out too, and a node's jobs share alike, whatever they request.
   */
  readonly usd: number;
}

export interface Queued {
  readonly mean: Millis;
  readonly p50: Millis;
  readonly p95: Millis;
  readonly p99: Millis;
  readonly max: Millis;
}

export interface BlocksOutcome {
  readonly launched: number;
  /** Most instances of ours alive at once. */
  readonly peak: number;
  /** Paid hours of leases. */
  readonly hours: number;
  readonly ended: Readonly<Record<Ending, number>>;
}

/** What the pictures are drawn from. Steps hold from `at` to the next entry's `at`. */
export interface Timeline {
  readonly blocks: readonly BlockBar[];
  /** What the hours allow, or what the jobs asked for where a pool follows them. */
  readonly wanted: readonly ValueFrom[];
  /** What the hours allow. */
  readonly allowed: readonly ValueFrom[];
  readonly serving: readonly ValueFrom[];
  /** On-demand nodes that are paid for. */
  readonly overflow: readonly ValueFrom[];
  readonly jobsRunning: readonly ValueFrom[];
  readonly jobsWaiting: readonly ValueFrom[];
  /** USD spent so far; points to be joined by straight lines. */
  readonly spent: readonly ValueFrom[];
  readonly prices: readonly { readonly market: string; readonly term: Term; readonly points: readonly ValueFrom[] }[];
  readonly purchases: readonly {
    readonly at: Instant;
    readonly blockId: string;
    readonly market: string;
    readonly usdPerHour: number;
  }[];
  readonly waits: readonly { readonly at: Instant; readonly waitMs: Millis }[];
  readonly killed: readonly { readonly at: Instant; readonly blockId: string }[];
}

export interface ValueFrom {
  readonly at: Instant;
  readonly value: number;
}

/** One block's life as a row of segments; the last one's `until` is when it was gone, or the end of the run. */
export interface BlockBar {
  readonly blockId: string;
  readonly pool: string;
  readonly slot: number;
  readonly generation: number;
  readonly segments: readonly { readonly state: BlockState; readonly from: Instant; readonly until: Instant }[];
  /** `m5.2xlarge/us-east-1a`; absent if it never got an instance. */
  readonly market?: string;
  readonly term?: Term;
  readonly usd: number;
  /** Absent while it still lives. */
  readonly ending?: Ending;
}

/** What a team would have without this keeper, or with blocks that never follow the week. */
export type RivalName =
  | 'onDemandOnly'
  | 'onDemandTuned'
  | 'spotGroup'
  | 'spotGroupTuned'
  | 'spotGroupBuffer'
  | 'bestFixed'
  | 'cheapestFixed'
  | 'original';

/** A rival in the same world. */
export interface Rival {
  readonly name: RivalName;
  /** Its settings in words, those that were looked for among them: `idle 3 min, none after an add`. */
  readonly about: string;
  /** How many blocks it holds, where it holds the same number at any hour. */
  readonly blocks?: number;
  readonly outcome: Outcome;
}

/** A cost that no run of a world reaches by itself, USD. */
export interface Reference {
  readonly total: number;
  /** Whether it is proven to be the least; else the best that was found. */
  readonly exact: boolean;
}

/** Everything that a result is held against. */
export interface Rivals extends Readonly<Record<RivalName, Rival>> {
  readonly bound: Reference;
  readonly foresight: Reference;
}

/** What a result is shown beside: on-demand only at the least, since savings are counted from it. */
export type SomeRivals = Partial<Rivals> & Pick<Rivals, 'onDemandOnly'>;

/** One of several sets of pools that were run in the same world. */
export interface Variant {
  /** What tells it from the others: `always blocks: 4`, `lease 1h`. */
  readonly name: string;
  /** What to write so as to have it: `lease: { duration: 1h }`; empty for the pools as they are. */
  readonly chosenBy: string;
  readonly outcome: Outcome;
}

/** Variants beside their rivals. */
export interface Comparison {
  readonly variants: readonly Variant[];
  /** The policies that all variants have. */
  readonly common: readonly string[];
  readonly rivals: SomeRivals;
}

/** One expectation of the scenario, held against what was found. */
export interface Verdict {
  readonly name: string;
  readonly limit: number;
  readonly found: number;
  readonly holds: boolean;
}
