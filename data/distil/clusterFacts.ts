import type { PoolsFile } from '../../src/config/pools.ts';
import { after, hours, type Millis, minutes, NEVER, seconds } from '../../src/domain/time.ts';
import type { Gathered, Stretch } from './gathered.ts';

/** What the cluster was like. */
export interface ClusterFacts {
  readonly jobsPerNode: number;
  readonly boot: { readonly medianMs: Millis; readonly p95Ms: Millis };
  /** The instance type of the on-demand group. */
  readonly groupType: string;
  readonly maxNodes: number;
  /** What had to be assumed. */
  readonly sentences: readonly string[];
  /** What the recorded cluster cost, with on-demand prices by type. */
  readonly notes: (onDemand: Readonly<Record<string, number>>) => readonly string[];
}

/** Fewer boots say nothing of a 95th percentile. */
const LEAST_BOOTS = 10;
/** What a scenario that says nothing assumes, too. */
const ASSUMED_BOOT = { medianMs: seconds(70), p95Ms: seconds(160) };
const ASSUMED_MAX_NODES = 200;
const MOST_JOBS_PER_NODE = 1_000;

export function clusterFacts(gathered: Gathered, pools: PoolsFile, window: Stretch): ClusterFacts {
  const sentences: string[] = [];
  const atOnce = [...jobsAtOnceOf(gathered)].sort((a, b) => a - b);
  // One odd node must not decide: half of the nodes had at most as many.
  const jobsPerNode = Math.min(MOST_JOBS_PER_NODE, atOnce[Math.floor(atOnce.length / 2)] ?? 1);
  sentences.push(
    atOnce.length === 0
      ? 'a node is taken to run one job at once: none was seen'
      : `a node is taken to run ${jobsPerNode} at once, the most that half of ${atOnce.length} nodes were seen to run`,
  );

  const boots = gathered.bootsMs.toSorted((a, b) => a - b);
  const measured = boots.length >= LEAST_BOOTS;
  const boot = measured ? { medianMs: quantile(boots, 0.5), p95Ms: quantile(boots, 0.95) } : ASSUMED_BOOT;
  sentences.push(
    measured
      ? `nodes boot as ${boots.length} blocks did, by their median and 95th percentile`
      : 'how long nodes boot is assumed: too few blocks were seen to join',
  );

  const nodes = nodesOf(gathered, window);
  const typed = nodes.map(({ instanceType }) => instanceType).filter((type) => type !== undefined);
  const groupType = mostFrequent(typed) ?? pools.pools[0]?.instanceTypes[0] ?? 'm5.large';
  if (typed.length === 0) sentences.push(`the on-demand group is taken to have ${groupType} nodes: none was seen`);

  const maxNodes = Math.max(ASSUMED_MAX_NODES, 2 * mostAtOnce(nodes));
  const nodeHours = nodes.reduce((sum, { from, until }) => sum + (until - from) / hours(1), 0);
  return {
    ...{ jobsPerNode, boot, groupType, maxNodes, sentences },
    notes: (onDemand) =>
      nodes.length === 0
        ? []
        : [
            `the on-demand group ran ${nodes.length} nodes for ${nodeHours.toFixed(1)} hours meanwhile: ${(nodeHours * (onDemand[groupType] ?? 0)).toFixed(2)} USD at ${onDemand[groupType] ?? 0} an hour`,
          ],
  };
}

/** The most jobs at once on each node or block that had any. */
function* jobsAtOnceOf({ jobsAtOnce, placed, jobs }: Gathered): Iterable<number> {
  yield* jobsAtOnce.values();
  const byNode = new Map<string, Stretch[]>();
  for (const [job, { at, node }] of placed) {
    const ended = jobs.get(job);
    const run = { from: at, until: ended === undefined ? NEVER : after(at, ended.durationMs) };
    byNode.set(node, [...(byNode.get(node) ?? []), run]);
  }
  for (const runs of byNode.values()) yield mostAtOnce(runs);
}

/** How many stretches overlap at most; one that ends as another begins does not meet it. */
function mostAtOnce(stretches: readonly Stretch[]): number {
  const edges = stretches
    .flatMap(({ from, until }) => [
      { at: from, by: 1 },
      { at: until, by: -1 },
    ])
    .sort((a, b) => a.at - b.at || a.by - b.by);
  let [now, most] = [0, 0];
  for (const { by } of edges) {
    now += by;
    most = Math.max(most, now);
  }
  return most;
}

/** The nodes of on-demand groups, as far as they were there in the window. */
function nodesOf(
  { joined, left }: Gathered,
  window: Stretch,
): readonly (Stretch & { readonly instanceType: string | undefined })[] {
  return joined.flatMap(({ node, at, instanceType }) => {
    const leftAt = Math.min(NEVER, ...left.filter((one) => one.node === node && one.at >= at).map((one) => one.at));
    const from = Math.max(at, window.from);
    const until = Math.min(leftAt, window.until);
    return until > from ? [{ from, until, instanceType }] : [];
  });
}

function mostFrequent(values: readonly string[]): string | undefined {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].sort(([, a], [, b]) => b - a)[0]?.[0];
}

/** In whole seconds, and within what a scenario may say. */
function quantile(sorted: readonly Millis[], share: number): Millis {
  const value = sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? 0;
  return Math.min(minutes(60), Math.max(seconds(1), Math.round(value / seconds(1)) * seconds(1)));
}
