import type { Prices } from '../../data/records/prices/history.ts';
import type { AvailabilityRow, JobRow } from '../../data/records/rows.ts';
import type { PoolsFile } from '../../src/config/pools.ts';
import type { Architecture, QuotaFamily } from '../../src/domain/instanceTypes.ts';
import type { Instant, Millis } from '../../src/domain/time.ts';
import type { Refusal, Term } from '../../src/domain/words.ts';
import type { PolicySlot } from '../../src/policy/definePolicy.ts';
import type { SurvivalModel } from '../chance/survival.ts';

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
  /** By name; a job whose class is not among them is as one without a class. */
  readonly classes: Readonly<Record<string, JobClass>>;
  readonly cluster: ClusterSettings;
  readonly onDemandGroup: GroupSettings;
  readonly billing: BillingRule;
  readonly extras: ExtraSettings;
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
  /** When it is killed in the course of a hold; absent: never. */
  readonly deaths?: readonly Death[];
  /** Share of the facts, 0 to 1, that are told a second time up to five minutes later. */
  readonly repeats: number;
  /** Share of the facts, 0 to 1, that are told up to a minute late. */
  readonly delays: number;
  /** Share of the effects, 0 to 1, that are not tried, as by a leader whose renewal is late; absent: none. */
  readonly untried?: number;
  /** Share of the effects, 0 to 1, that come to nothing without a word; absent: none. */
  readonly lostEffects?: number;
  /** Share of the answers to effects, 0 to 1, that never arrive; absent: none. */
  readonly lostAnswers?: number;
  /** Share of the nodes that a keeper which begins anew does not see, or not ready, for the first minute. */
  readonly unseenNodes?: number;
}

/**
 * Where in the course of a hold a keeper is killed: before it is written, before EC2 has said anything, once it was extended because
 * the instance is known, and before it is taken off.
 */
export const HOLD_PHASES = ['before-hold', 'before-grant', 'extended', 'before-release'] as const;

export type HoldPhase = (typeof HOLD_PHASES)[number];

/** The keeper is killed, and another begins anew after a while. */
export interface Death {
  readonly phase: HoldPhase;
  /** The first time that there is such a moment, the second, … */
  readonly number: number;
  /** For so long there is no keeper. */
  readonly forMs: Millis;
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

/** What every instance costs beside its own price, blocks and the nodes of groups alike. */
export interface ExtraSettings {
  /** GiB of disk of an instance. */
  readonly diskGib: number;
  readonly usdPerGibMonth: number;
  readonly publicIpv4: boolean;
  readonly usdPerIpv4Hour: number;
}

/** How time in use becomes money: the same week costs another sum, so the rule is printed with every cost. */
export type BillingRule = 'per-second' | 'hour-start';

export interface MarketSettings {
  /** USD per hour by instance type. */
  readonly onDemand: Readonly<Record<string, number>>;
  /** Recorded spot prices; a market without rows costs `spotShare` of on-demand throughout. */
  readonly prices: Prices;
  /** Share of the on-demand price, 0 to 1, where no spot price is recorded. */
  readonly spotShare: number;
  /** Spot block price as a share of on-demand: `shareAt1h + sharePerHour * (hours - 1)`, less `weekendPoints` on Saturday and Sunday UTC. */
  readonly spotBlock: { readonly shareAt1h: number; readonly sharePerHour: number; readonly weekendPoints: number };
  /** Recorded availability; a market without rows always has room. */
  readonly availability: readonly AvailabilityRow[];
  /** Stretches in which nothing can be bought; running instances stay. */
  readonly droughts: readonly Drought[];
  /** Stretches in which EC2 refuses for a reason of its own; absent: none. */
  readonly refusals?: readonly RefusalRule[];
  /** The most vCPUs that may run at once; absent: no limit. */
  readonly quotas?: readonly Quota[];
  /** Where instances get their addresses from; absent, or none of a zone: there are addresses without end. */
  readonly subnets?: readonly Subnet[];
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

/** What EC2 refuses, and how. Whatever is absent does not narrow it down: with nothing but a refusal it is the whole account. */
export interface RefusalRule {
  readonly refusal: Exclude<Refusal, 'cancelled'>;
  readonly instanceType?: string;
  /** `m5`, `m7g`. */
  readonly family?: string;
  readonly architecture?: Architecture;
  readonly zone?: string;
  readonly subnet?: string;
  /** The pool whose template is launched from. */
  readonly pool?: string;
  readonly term?: Term;
  readonly from?: Instant;
  readonly until?: Instant;
}

export interface Quota {
  readonly family: QuotaFamily;
  /** Spot blocks are counted as spot. */
  readonly term: 'spot' | 'on-demand';
  readonly vcpus: number;
}

export interface Subnet {
  readonly id: string;
  readonly zone: string;
  /** The most instances that it has addresses for. */
  readonly addresses: number;
}

/** How holds reach pods. */
export interface HoldSettings {
  /** The delay that every pod is created with where a keeper holds jobs. */
  readonly constantMs: Millis;
  /** From the keeper's asking to the annotation on the pod: log-normal. */
  readonly latencyMs: { readonly median: Millis; readonly p99: Millis };
}

export interface ClusterSettings {
  readonly holds: HoldSettings;
  /** Jobs that a node runs at once; with `allocatable` what a job takes that requests nothing: one of so many equal parts. */
  readonly jobsPerNode: number;
  /** What nodes offer to jobs, by instance type; absent: slots, `jobsPerNode` on every node. */
  readonly allocatable?: Readonly<Record<string, Resources>>;
  /** Beside `allocatable`: the most jobs that a node runs at once, whatever they request; absent: as many as fit. */
  readonly mostJobs?: number;
  /** Whether jobs are spread over the nodes with room, or put on as few as possible. */
  readonly scheduler: 'spread' | 'pack';
  /** From the grant of an instance to a ready node: log-normal by two quantiles. */
  readonly boot: {
    readonly medianMs: Millis;
    readonly p95Ms: Millis;
    /** Share of nodes that never join, 0 to 1. */
    readonly never: number;
  };
  /** Whether a killed job is queued again from its start, as its author would do by hand. */
  readonly retryKilled: boolean;
}

export interface Resources {
  /** Processors. */
  readonly cpu: number;
  /** GiB. */
  readonly memory: number;
}

/** What jobs of a class have in common. */
export interface JobClass {
  /** What one takes of a node's `allocatable`; absent: what `jobsPerNode` leaves each. */
  readonly requests?: Resources;
  /** `blocks`: never on the group's nodes. `on-demand`: never on a block, nor on a spot node of the group. */
  readonly runsOn: 'anywhere' | 'blocks' | 'on-demand';
}

/** The group of nodes that an autoscaler keeps: where unmet demand goes. */
export interface GroupSettings {
  /** The type of its on-demand nodes. */
  readonly instanceType: string;
  readonly maxNodes: number;
  readonly autoscaler: 'cluster-autoscaler' | 'karpenter';
  /** When Cluster Autoscaler looks: every `scanMs` (until 1.34), or also when a pod finds no room (from 1.35). */
  readonly loop: 'timer' | 'event';
  readonly scanMs: Millis;
  /** Cluster Autoscaler buys nothing for a pod younger than this. */
  readonly scaleUpDelayMs: Millis;
  /** Cluster Autoscaler removes nothing for so long after it added a node. */
  readonly scaleDownDelayAfterAddMs: Millis;
  /** Cluster Autoscaler removes a node that had no jobs for this long. */
  readonly idleMs: Millis;
  /** Karpenter removes a node that had no jobs for this long. */
  readonly consolidateAfterMs: Millis;
  /** Jobs for which room is kept free, by placeholder pods that any job displaces. */
  readonly spareJobs: number;
  /** `spot`: the cheapest of the pools' types and zones, and on-demand where all of them refuse. */
  readonly buys: 'on-demand' | 'spot';
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
