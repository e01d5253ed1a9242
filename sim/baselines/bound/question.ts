import type { Instant, Millis } from '../../../src/domain/time.ts';
import type { Term } from '../../../src/domain/words.ts';
import type { Market } from '../../market/market.ts';

/** What a reference is asked for: some jobs, and the machines that may run them. */
export interface ReferenceQuestion {
  /** Those queued outside [from, until) and those of no length are left out; those that run on are cut at `until`. */
  readonly jobs: readonly PlacedJob[];
  readonly from: Instant;
  /** End-exclusive. Costs count within [from, until) only. */
  readonly until: Instant;
  readonly market: Market;
  readonly machines: readonly MachineKind[];
  /** From an instance's start to its ready node, if this job is its first. The bound reckons without boots. */
  readonly boots: (job: PlacedJob) => Millis;
  /** What disks and a public address cost, in USD per hour; 0 if left out. */
  readonly extraUsdPerHour?: (instanceType: string) => number;
  /** Whether a job may run on a kind of machine that is large enough; any if left out. */
  readonly allowed?: (job: PlacedJob, machine: MachineKind) => boolean;
}

/** A job that starts when it is queued and runs once. */
export interface PlacedJob {
  readonly name: string;
  readonly queuedAt: Instant;
  readonly durationMs: Millis;
  /** What it takes of a machine, in the units of `capacity`: `[1]` of slots, or cpu and memory. */
  readonly requests: readonly number[];
}

/** What can be bought: a type in a zone under a term. */
export interface MachineKind {
  readonly instanceType: string;
  readonly zone: string;
  readonly term: Term;
  /** How long a spot block lasts. */
  readonly durationMs?: Millis;
  /** What it holds, in the units of `requests`: `[jobsPerNode]` slots, or cpu and memory. */
  readonly capacity: readonly number[];
  /** It can be had whatever the room: the on-demand group, which a drought does not keep out. */
  readonly always?: boolean;
}

/** Jobs as the references see them: in order of their start, cut at the end. */
export const jobsWithin = ({ jobs, from, until }: ReferenceQuestion): readonly RunningJob[] =>
  jobs
    .filter(({ queuedAt, durationMs }) => queuedAt >= from && queuedAt < until && durationMs > 0)
    .map((job) => ({ job, startsAt: job.queuedAt, endsAt: Math.min(until, job.queuedAt + job.durationMs) }))
    .sort((a, b) => a.startsAt - b.startsAt || a.endsAt - b.endsAt);

export interface RunningJob {
  readonly job: PlacedJob;
  readonly startsAt: Instant;
  readonly endsAt: Instant;
}

/** Whether a machine that is empty could take this job. */
export const mayRun = ({ allowed }: ReferenceQuestion, job: PlacedJob, machine: MachineKind): boolean =>
  fits(job.requests, machine.capacity) && (allowed?.(job, machine) ?? true);

const fits = (requests: readonly number[], capacity: readonly number[]): boolean =>
  requests.every((request, at) => request <= (capacity[at] ?? 0) + TINY);

/** Below this, a difference of requests is one of rounding. */
export const TINY = 1e-9;

/** How many such requests one machine holds; Infinity for a request of nothing. */
export const holds = (requests: readonly number[], capacity: readonly number[]): number => {
  let most = Infinity;
  for (let at = 0; at < requests.length; at += 1)
    if (requests[at]! > 0) most = Math.min(most, Math.floor((capacity[at] ?? 0) / requests[at]! + TINY));
  return most;
};
