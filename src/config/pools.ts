import { type Millis, seconds } from '../domain/time.ts';
import type { Timeouts } from '../domain/timeouts.ts';
import type { Terms } from '../domain/words.ts';
import type { PolicySlot } from '../policy/definePolicy.ts';

/** `pools.yaml`, read and checked: lengths in milliseconds, defaults filled in. */
export interface PoolsFile {
  /** Names this installation: two fleets never touch each other's instances. */
  readonly fleet: string;
  readonly pools: readonly PoolConfig[];
  /** Left out by a file that says nothing of it: `DEFAULT_LIVE`. */
  readonly live?: LiveConfig | undefined;
}

/** How the keeper meets a real cluster and account; simulations take no notice of it. */
export interface LiveConfig {
  /** Which pods are jobs: a node with one of them is busy. A pod that one pattern matches is a job. */
  readonly jobs: readonly JobPattern[];
  /** Which pods are no job and no unknown work either, whatever else matches. */
  readonly notJobs: readonly PodPattern[];
  /** Names of the containers that do a pod's work, for pods that have one of these. */
  readonly workContainers: readonly string[];
  /** Keys of taints that nodes bear until they have started: a node with one serves nobody. */
  readonly startUpTaints: readonly string[];
  /** Keys of taints that the nodes of blocks bear for good, and that jobs tolerate. */
  readonly nodeTaints: readonly string[];
  /** What becomes of other pods on a draining node: evicted within their disruption budgets, or left alone. */
  readonly otherPods: 'evict' | 'leave';
  /** The URL of the SQS queue that EventBridge feeds; undefined: interruptions are found by polling alone. */
  readonly interruptionQueue: string | undefined;
  /** How often everything of ours is listed. */
  readonly pollMs: Millis;
  /** On-demand prices by instance type, in US dollars an hour, for terms and reports that need them. */
  readonly onDemandUsdPerHour: Readonly<Record<string, number>>;
}

/** `run-once`: any pod that ends by itself. `agents`: agents that take job after job, by their images. The others: what one CI system labels. */
export const JOB_PRESETS = [
  'run-once',
  'actions-runner-controller',
  'gitlab',
  'buildkite',
  'jenkins',
  'tekton',
  'argo-workflows',
  'agents',
] as const;

export type JobPreset = (typeof JOB_PRESETS)[number];

export type JobPattern = JobPreset | PodPattern;

/** Every field that is given must match. */
export interface PodPattern {
  readonly namespace?: string | undefined;
  /** A Kubernetes label selector. */
  readonly labels?: string | undefined;
  /** An annotation's key, or `key=value`. */
  readonly annotation?: string | undefined;
  /** A part of the pod's name. */
  readonly nameContains?: string | undefined;
  /** The kind of the object that controls it, such as `StatefulSet`. */
  readonly owner?: string | undefined;
}

export interface PoolConfig {
  readonly name: string;
  readonly template: { readonly autoScalingGroup: string };
  readonly instanceTypes: readonly string[];
  readonly zones: readonly string[];
  readonly lease: {
    /** A list where the purchase policy chooses between several. */
    readonly term: Terms;
    readonly durationMs: Millis;
    /** How long past the end of its lease a job may run, where AWS imposes no end. */
    readonly overrunMs: Millis;
  };
  readonly policies: { readonly [Slot in PolicySlot]: PolicyChoice };
  readonly surge: number;
  readonly maxUnavailable: number;
  readonly maxBlocks: number;
  readonly launchRate: { readonly launches: number; readonly perMs: Millis };
  readonly coolingMs: Millis;
  readonly quoteMs: Millis;
  readonly surplus: 'drain' | 'keep';
  /** Whether waiting jobs are held for blocks on their way. */
  readonly holdsJobs: boolean;
  /** Whether pods are asked to avoid the blocks that are given back next. Absent: they are not. */
  readonly discouragesSurplus?: true | undefined;
  /** Which jobs its blocks take: those that tolerate the taint of the pool. Absent: all that fit. */
  readonly routing?: 'tolerating' | undefined;
  /** What the pool may spend in a UTC day and month; undefined: policies alone decide. */
  readonly spending?:
    | { readonly usdPerDay?: number | undefined; readonly usdPerMonth?: number | undefined }
    | undefined;
  readonly timeouts: Timeouts;
}

/** A policy by name, with its options as they were written; they are read by the policy's own schema. */
export interface PolicyChoice {
  readonly policy: string;
  readonly options: Readonly<Record<string, unknown>>;
}

/** What a pools file that says nothing of it means. */
export const DEFAULT_LIVE: LiveConfig = {
  jobs: JOB_PRESETS,
  notJobs: [],
  workContainers: [],
  startUpTaints: [],
  nodeTaints: [],
  otherPods: 'evict',
  interruptionQueue: undefined,
  pollMs: seconds(30),
  onDemandUsdPerHour: {},
};

/**
 * Whether a pool's scaling policy looks at jobs. A file may say nothing of it: a pool without one, and the policy
 * `scheduled`, go by the clock.
 */
export function looksAtJobs({ policies }: Pick<PoolConfig, 'policies'>): boolean {
  const slots: Readonly<Record<string, { readonly policy: string } | undefined>> = policies;
  const scaling = slots['scaling'];
  return scaling !== undefined && scaling.policy !== 'scheduled';
}

/** Whether the blocks of a pool take only jobs that tolerate its taint. */
export const isRouted = ({ routing }: Pick<PoolConfig, 'routing'>): boolean => routing === 'tolerating';

/** Whether a pool holds waiting jobs for blocks on their way: it looks at jobs, and is not told otherwise. */
export const holdsJobs = (pool: Pick<PoolConfig, 'policies' | 'holdsJobs'>): boolean =>
  pool.holdsJobs && looksAtJobs(pool);
