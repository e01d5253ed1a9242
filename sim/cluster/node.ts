import type { JobSeen, NodeSeen } from '../../src/domain/facts.ts';
import { SERVED, TAINT } from '../../src/domain/nodeLabels.ts';
import { ALWAYS, type Instant } from '../../src/domain/time.ts';
import type { Stretch } from '../market/market.ts';
import type { Job } from './job.ts';

/** A ready node that jobs can run on. */
export interface Node extends NodeOrigin {
  /** What it holds that no job takes, in the units of `capacity`. */
  readonly free: number[];
  /** Share of it that is allocated, 0 to 1. */
  share: number;
  /** No pod is bound to it. */
  cordoned: boolean;
  /** Pods are bound to it only where no other node has room: a taint with the effect PreferNoSchedule. */
  discouraged: boolean;
  /** It was closed by the keeper, who left its mark. */
  drains: boolean;
  /** The keeper labelled it when it began to serve. */
  served: boolean;
  /** When it was last told of: no two levels are of the same instant. */
  toldAt: Instant;
  alive: boolean;
  /** How many jobs it had when a keeper was told of the jobs on its pool's blocks last. */
  told: number;
  readonly running: Run[];
  /** Since when at least one job runs; undefined while idle. */
  busySince: Instant | undefined;
  /** Since when no job runs; undefined while busy. */
  idleSince: Instant | undefined;
  /** The job that ended last. */
  lastEnded: JobSeen | undefined;
  /** The stretches before that in which at least one job ran: from, until, from, until…. */
  readonly busy: Instant[];
}

/** What a node is from its birth. */
export interface NodeOrigin {
  readonly name: string;
  readonly kind: 'block' | 'overflow';
  /** A node of a group that EC2 may take back. */
  readonly isSpot: boolean;
  /** Its place among nodes of its kind, where nothing else tells them apart. */
  readonly rank: number;
  readonly capacity: readonly number[];
  readonly blockId?: string | undefined;
  /** The block's pool. */
  readonly pool?: string | undefined;
}

/** A job on a node, and its end as something that happens. */
export class Run {
  readonly job: Job;
  readonly node: Node;
  readonly seen: JobSeen;
  private readonly finish: (run: Run) => void;

  constructor(job: Job, node: Node, startedAt: Instant, finish: (run: Run) => void) {
    this.job = job;
    this.node = node;
    this.seen = { id: job.job, startedAt };
    this.finish = finish;
  }

  happen(): void {
    this.finish(this);
  }
}

export const newNode = (origin: NodeOrigin): Node => ({
  name: origin.name,
  kind: origin.kind,
  isSpot: origin.isSpot,
  rank: origin.rank,
  capacity: origin.capacity,
  blockId: origin.blockId,
  pool: origin.pool,
  free: [...origin.capacity],
  share: 0,
  cordoned: false,
  discouraged: false,
  drains: false,
  served: false,
  toldAt: ALWAYS,
  alive: true,
  told: 0,
  running: [],
  busySince: undefined,
  idleSince: undefined,
  lastEnded: undefined,
  busy: [],
});

/** What a keeper sees of it. */
export const seenOf = ({ name, cordoned, drains, served, running, lastEnded }: Node): NodeSeen => {
  const jobs: JobSeen[] = lastEnded === undefined ? [] : [lastEnded];
  for (const { seen } of running) jobs.push(seen);
  return { name, ready: true, cordoned, marks: MARKS[(drains ? 1 : 0) + (served ? 2 : 0)]!, jobs };
};

/** The same while its kubelet is not heard of, and its pods cannot be listed. */
export const unreadyOf = (node: Node): NodeSeen => {
  const { name, cordoned, marks } = seenOf(node);
  return { name, ready: false, cordoned, marks };
};

/** By whether it drains, and whether it has served. */
const MARKS: readonly (readonly string[])[] = [[], [TAINT.draining], [SERVED], [TAINT.draining, SERVED]];

export const hasRoomFor = (requests: readonly number[], free: readonly number[]): boolean => {
  for (let place = 0; place < requests.length; place += 1) if (requests[place]! > free[place]!) return false;
  return true;
};

/** How many of these it has room for. */
export const roomFor = (requests: readonly number[], free: readonly number[]): number =>
  requests.reduce(
    (room, request, place) => (request === 0 ? room : Math.min(room, Math.floor((free[place] ?? 0) / request))),
    Infinity,
  );

/** A job begins to run on it. */
export function occupy(node: Node, run: Run, now: Instant): void {
  node.running.push(run);
  allocate(node, run.job.kind.requests, -1);
  node.busySince ??= now;
  node.idleSince = undefined;
}

/** A job runs on it no longer. */
export function vacate(node: Node, run: Run, now: Instant): void {
  node.running.splice(node.running.indexOf(run), 1);
  const { id, startedAt } = run.seen;
  node.lastEnded = { id, startedAt, endedAt: now };
  allocate(node, run.job.kind.requests, 1);
  if (node.running.length === 0) rest(node, now);
}

/** It has no job, from now on. */
export function rest(node: Node, now: Instant): void {
  node.idleSince = now;
  if (node.busySince === undefined) return;
  node.busy.push(node.busySince, now);
  node.busySince = undefined;
}

/** The stretches in which it ran at least one job, up to now. */
export function busyOf({ busy, busySince }: Node, now: Instant): readonly Stretch[] {
  const stretches: Stretch[] = [];
  for (let place = 0; place < busy.length; place += 2) stretches.push([busy[place]!, busy[place + 1]!]);
  if (busySince !== undefined) stretches.push([busySince, now]);
  return stretches;
}

/** kube-scheduler scores processor and memory alone: a count of pods, which may stand third, is a limit and no score. */
const SCORED = 2;

function allocate(node: Node, requests: readonly number[], sign: 1 | -1): void {
  const { free, capacity } = node;
  const scored = Math.min(SCORED, capacity.length);
  let share = 0;
  for (let place = 0; place < requests.length; place += 1) {
    free[place]! += sign * requests[place]!;
    if (place < scored) share += 1 - free[place]! / capacity[place]!;
  }
  node.share = share / scored;
}
