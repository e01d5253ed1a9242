import type { JobRow } from '../../../data/records/rows.ts';
import { draws as drawsOf } from '../../../sim/chance/draw.ts';
import type { Scenario } from '../../../sim/scenario/scenario.ts';
import { NEVER, seconds } from '../../../src/domain/time.ts';

/** How a node is paid for, and when EC2 takes it back. */
export interface Purchase {
  readonly reclaimAt: number;
  readonly usd: (from: number, until: number) => number;
}

/** A job's try to run: it waits for a node, or runs on one until it ends. */
interface Try {
  readonly job: JobRow;
  readonly attempt: number;
  readonly since: number;
}

interface Node extends Purchase {
  readonly startsAt: number;
  readonly readyAt: number;
  readonly tries: Try[];
  idleSince: number;
  isReady: boolean;
  isTainted: boolean;
}

/**
 * What a group under Cluster Autoscaler (`loop: timer`) costs in a world without blocks, in USD: a plain loop over what comes
 * next. It shares no code with the simulated cluster, only the luck of boots and of the pick among equal nodes.
 */
export function groupUsdByHand(
  scenario: Scenario,
  buy: (startsAt: number, running: readonly Node[]) => Purchase,
): number {
  const { from, until, jobs, cluster, onDemandGroup: group } = scenario;
  const draws = drawsOf(scenario.seed);
  const waiting: Try[] = [];
  let nodes: Node[] = [];
  let [usd, bought, arrived, scanAt, addedAt, removeFrom] = [0, 0, 0, from + group.scanMs, -Infinity, from];
  const end = (node: Node, at: number): void => {
    usd += node.usd(node.startsAt, at);
    nodes = nodes.filter((other) => other !== node);
  };
  const noticeAt = ({ reclaimAt }: Node): number => reclaimAt - seconds(120);

  for (;;) {
    const finish = (node: Node): number => Math.min(...node.tries.map(({ job, since }) => since + job.durationMs));
    const dueAt = (node: Node): number => Math.min(node.isReady ? finish(node) : node.readyAt, node.reclaimAt);
    const soonest = nodes.reduce<Node | undefined>(
      (a, b) => (a !== undefined && dueAt(a) <= dueAt(b) ? a : b),
      undefined,
    );
    const nodeAt = soonest === undefined ? NEVER : dueAt(soonest);
    const jobAt = jobs[arrived]?.queuedAt ?? NEVER;
    const removeAt = nodes.filter(isIdle).reduce((at, node) => Math.min(at, removableAt(node)), NEVER);
    const now = Math.min(nodeAt, jobAt, scanAt, removeAt);
    if (now >= until) break;
    if (jobAt === now) waiting.push({ job: jobs[arrived++]!, attempt: 0, since: now });
    else if (nodeAt === now) turn(soonest!, now);
    else if (scanAt === now) look(now);
    else remove(now);
    place(now);
  }
  for (const node of nodes) if (node.startsAt < until) end(node, until);
  return usd;

  /** A node is taken back, or becomes ready, or one of its jobs ends. */
  function turn(node: Node, now: number): void {
    if (node.reclaimAt <= now) {
      end(node, now);
      for (const { job, attempt } of node.tries) waiting.push({ job, attempt: attempt + 1, since: now });
    } else if (node.isReady) {
      node.tries.splice(
        node.tries.findIndex(({ job, since }) => since + job.durationMs === now),
        1,
      );
      if (node.tries.length === 0) node.idleSince = now;
    } else [node.isReady, node.idleSince] = [true, now];
  }

  function place(now: number): void {
    for (let first = waiting[0]; first !== undefined; first = waiting[0]) {
      const free = nodes.filter(
        (node) => node.isReady && now < noticeAt(node) && node.tries.length < cluster.jobsPerNode,
      );
      if (free.length === 0) return;
      const rankOf = (node: Node): number => (node.isTainted ? 1_000 : 0) + node.tries.length;
      const best = free.filter((node) => rankOf(node) === Math.min(...free.map(rankOf)));
      const pick = best.length === 1 ? 0 : draws.uniform('cluster.spread', first.job.job, first.attempt) * best.length;
      best[Math.floor(pick)]!.tries.push({ ...first, since: now });
      waiting.shift();
    }
  }

  function look(now: number): void {
    scanAt = now + group.scanMs;
    const coming = nodes.filter(({ isReady }) => !isReady).length * cluster.jobsPerNode;
    const uncovered = waiting.slice(coming);
    const wanted = uncovered.some(({ since }) => now - since >= seconds(2))
      ? uncovered.length / cluster.jobsPerNode
      : 0;
    for (let n = 0; n < wanted && nodes.length < group.maxNodes; n += 1) {
      const [startsAt, { medianMs, p95Ms }] = [now + seconds(5), cluster.boot];
      const boot = draws.logNormal('cluster.boot', `on-demand-${bought++}`, 0, { median: medianMs, p95: p95Ms });
      const fresh = { startsAt, readyAt: startsAt + Math.round(boot), tries: [], idleSince: 0 };
      nodes.push({ ...buy(startsAt, nodes), ...fresh, isReady: false, isTainted: false });
      addedAt = now;
    }
    if (now - addedAt < group.scaleDownDelayAfterAddMs) return;
    let tainted = 0;
    for (const node of nodes) {
      if (!isIdle(node)) node.isTainted = false;
      else if (!node.isTainted && tainted++ < 10) node.isTainted = true;
    }
  }

  /** At most ten at once; those that are left go with the next scan. */
  function remove(now: number): void {
    const due = nodes.filter((node) => isIdle(node) && removableAt(node) <= now);
    for (const node of due.slice(0, 10)) end(node, now);
    if (due.length > 10) removeFrom = scanAt;
  }

  function removableAt({ idleSince }: Node): number {
    return Math.max(idleSince + group.idleMs, addedAt + group.scaleDownDelayAfterAddMs, removeFrom);
  }

  function isIdle({ isReady, tries }: Node): boolean {
    return isReady && tries.length === 0;
  }
}
