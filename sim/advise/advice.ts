import type { Alone } from '../baselines/alone.ts';
import type { Reference } from '../outcome.ts';
import type { HardWorld } from './hardWorlds.ts';
import type { Interval } from './interval.ts';
import type { Case } from './search.ts';
import type { Choices } from './space.ts';

/** What is recommended: new settings, the pools as they are, what `init` writes, or no keeper at all. */
export type Verdict = 'change' | 'keep' | 'starter' | 'nothing';

/** Means over runs. */
export interface Means {
  readonly together: number;
  readonly money: number;
  readonly kills: number;
  readonly killedByKeeper: number;
  readonly waitP95Ms: number;
  readonly queuedMeanMs: number;
}

/** The settings that weeks ask for, and how far that is to be trusted. */
export interface Advice {
  readonly verdict: Verdict;
  /** Empty where the pools stay as they are, and where there is nothing to recommend. */
  readonly choices: Choices;
  /** Whether the recommendation kept every limit in every run that it was judged on. */
  readonly keepsLimits: boolean;
  /** Distinct settings that were tried, and those that were seen on four cases or more. */
  readonly tried: { readonly settings: number; readonly onFour: number; readonly runs: number };
  readonly chosenOn: readonly Case[];
  /** Other cases, on which nothing was chosen. */
  readonly judgedOn: readonly Case[];
  /** On the cases that it was judged on: the recommendation, and what else there is. */
  readonly means: Readonly<Record<'recommended' | 'today' | 'starter' | Alone, Means>>;
  /** Share of money and service together that is saved, 0 to 1, and of money alone against on-demand; Student's t over the cases. */
  readonly saving: { readonly onDemandOnly: Interval; readonly today: Interval; readonly money: Interval };
  /** Share of money and service together that the recommendation saves against each of these; below 0: it costs more. */
  readonly against: Readonly<Record<Alone, Interval>>;
  /** What a clairvoyant would pay, in money, in the first case that was judged; and the recommendation there. */
  readonly distance: { readonly bound: Reference; readonly foresight: Reference; readonly money: number } | null;
  /** What it would cost to change one setting back to today's, together, in USD; the most first. */
  readonly levers: readonly {
    readonly path: string;
    readonly from: unknown;
    readonly to: unknown;
    readonly usd: number;
  }[];
  /** Together, against on-demand only in the same world; null where that costs nothing. */
  readonly hard: readonly {
    readonly world: HardWorld;
    readonly together: number;
    readonly onDemandOnly: number;
    readonly ratio: number | null;
  }[];
  /** Settings that no other beats in money, kills and waiting at once, by money; means over the cases they were chosen on. */
  readonly front: readonly { readonly choices: Choices; readonly runs: number; readonly means: Means }[];
  /** Classes of jobs: what routing each to on-demand would save, together; below 0: cost. */
  readonly classes: readonly {
    readonly class: string;
    readonly jobs: number;
    readonly killed: number;
    readonly usd: number;
    readonly savedByRouting: number;
  }[];
}
