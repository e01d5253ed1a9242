import type { AvailabilityRow, JobRow, PriceRow } from '../../data/records/rows.ts';
import type { PoolsFile } from '../../src/config/pools.ts';
import type { Instant, Millis } from '../../src/domain/time.ts';
import type { PolicySlot } from '../../src/policy/definePolicy.ts';
import type { SurvivalModel } from '../market/survival.ts';

/** A world worth keeping: all that a simulation starts from, read and checked. */
export interface Scenario {
  readonly name: string;
  readonly about: string;
  readonly seed: number;
  readonly from: Instant;
  /** End-exclusive. */
  readonly until: Instant;
  /** What makes this no recorded week: one sentence for each thing that was put together. Printed with every result. */
  readonly composed: readonly string[];
  readonly pools: PoolsFile;
  readonly market: MarketSettings;
  readonly jobs: readonly JobRow[];
  readonly cluster: ClusterSettings;
  readonly onDemandGroup: GroupSettings;
  readonly billing: BillingRule;
  readonly service: ServicePrices;
  readonly expectations: Expectations;
  readonly disturbances: Disturbances;
  /** The slots whose policies are held to what policies promise (`docs/policies.md`). */
  readonly promises: readonly PolicySlot[];
}

/** What befalls the keeper and what it hears, on top of what the world does. */
export interface Disturbances {
  /** When the keeper forgets everything and is told what exists. */
  readonly restarts: readonly Instant[];
  /** Share of the facts, 0 to 1, that are told a second time up to five minutes later. */
  readonly repeats: number;
  /** Share of the facts, 0 to 1, that are told up to a minute late. */
  readonly delays: number;
}

/** What bad service costs people, in USD: a setting, since no bill of AWS shows it. */
export interface ServicePrices {
  /** A killed job, beside its machine time, which is on the bill. */
  readonly usdPerKill: number;
  /** An hour that a job is queued. */
  readonly usdPerHourWaited: number;
  /** A minute that a job runs: what a CI system charges for it, killed runs included. */
  readonly usdPerJobMinute: number;
}

/** How time in use becomes money: `facts` differ by a lot for the same week, so the rule is printed with every cost. */
export type BillingRule = 'per-second' | 'hour-start';

export interface MarketSettings {
  /** USD per hour by instance type. */
  readonly onDemand: Readonly<Record<string, number>>;
  /** Recorded spot prices; a market without rows costs `spotShare` of on-demand throughout. */
  readonly prices: readonly PriceRow[];
  /** Share of the on-demand price, 0 to 1, where no spot price is recorded. */
  readonly spotShare: number;
  /** Spot block price as a share of on-demand: `shareAt1h + sharePerHour * (hours - 1)`, less `weekendPoints` on Saturday and Sunday UTC. */
  readonly spotBlock: { readonly shareAt1h: number; readonly sharePerHour: number; readonly weekendPoints: number };
  /** Recorded availability; a market without rows always has room. */
  readonly availability: readonly AvailabilityRow[];
  /** Stretches in which nothing can be bought; running instances stay. */
  readonly droughts: readonly Drought[];
  /** When EC2 takes back plain spot instances; a recorded availability does so too, whenever it falls. */
  readonly interruptions: SurvivalModel;
  /** Before 2018 a spot price above the bid took the instance: interrupt above this multiple of on-demand; absent: never. */
  readonly interruptAbove?: number;
}

export interface Drought {
  /** Absent: every zone. */
  readonly zone?: string;
  /** Absent: every type. */
  readonly instanceType?: string;
  readonly from: Instant;
  readonly until: Instant;
}

export interface ClusterSettings {
  readonly jobsPerNode: number;
  /** From the grant of an instance to a ready node: log-normal by two quantiles. */
  readonly boot: {
    readonly medianMs: Millis;
    readonly p95Ms: Millis /** Share of nodes that never join, 0 to 1. */;
    readonly never: number;
  };
  /** Whether a killed job is queued again from its start, as its author would do by hand. */
  readonly retryKilled: boolean;
}

/** The on-demand Auto Scaling group under Cluster Autoscaler: where unmet demand goes. */
export interface GroupSettings {
  readonly instanceType: string;
  readonly maxNodes: number;
  readonly scanMs: Millis;
  /** A node without jobs for this long is removed. */
  readonly idleMs: Millis;
}

/** Limits that a result is held to; each is optional and named for what it bounds. */
export interface Expectations {
  readonly costAtMost?: number;
  /** 1 - total / on-demand only, 0 to 1. */
  readonly savingAtLeast?: number;
  readonly killedAtMost?: number;
  readonly waitP50AtMost?: Millis;
  readonly waitP95AtMost?: Millis;
  readonly uncoveredBlockHoursAtMost?: number;
  readonly peakBlocksAtMost?: number;
  /** Share of jobs, 0 to 1, that ran on blocks. */
  readonly onBlocksAtLeast?: number;
}
