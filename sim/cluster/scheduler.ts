import type { Draws } from '../chance/draw.ts';
import type { ClusterSettings } from '../scenario/scenario.ts';
import type { Job } from './job.ts';
import { hasRoomFor, type Node } from './node.ts';
import type { JobKind } from './sizes.ts';

/**
 * kube-scheduler, as far as it chooses among nodes with room: the runner pods prefer blocks to nodes of the group; a node
 * with a PreferNoSchedule taint comes after those without; then the least allocated node (`spread`: LeastAllocated, its
 * default) or the most allocated one (`pack`: MostAllocated). Among equals it picks at random; a packing one is made to take
 * the first, since its pick changes nothing but names.
 */
export class Scheduler {
  private readonly draws: Draws;
  private readonly spreads: boolean;

  constructor(draws: Draws, how: ClusterSettings['scheduler']) {
    this.draws = draws;
    this.spreads = how === 'spread';
  }

  /** @param blocks and @param group ready nodes, by rank */
  choose(job: Job, blocks: readonly Node[], group: readonly Node[]): Node | undefined {
    const { kind } = job;
    return (kind.onBlocks ? this.among(blocks, job) : undefined) ?? (kind.onGroup ? this.among(group, job) : undefined);
  }

  /** Twice through the list and nothing allocated: a week binds thousands of jobs among hundreds of nodes. */
  private among(nodes: readonly Node[], job: Job): Node | undefined {
    const { kind } = job;
    let best: Node | undefined;
    let equals = 0;
    for (const node of nodes) {
      if (!takes(node, kind)) continue;
      if (best === undefined || this.isBetter(node, best)) {
        best = node;
        equals = 1;
      } else if (node.share === best.share && node.discouraged === best.discouraged) equals += 1;
    }
    if (best === undefined || equals === 1 || !this.spreads) return best;
    let others = Math.floor(this.draws.uniform('cluster.spread', job.job, job.killed) * equals);
    for (const node of nodes)
      if (node.share === best.share && node.discouraged === best.discouraged && takes(node, kind)) {
        if (others === 0) return node;
        others -= 1;
      }
    return best;
  }

  private isBetter(node: Node, than: Node): boolean {
    if (node.discouraged !== than.discouraged) return than.discouraged;
    return this.spreads ? node.share < than.share : node.share > than.share;
  }
}

const takes = (node: Node, { requests, onSpotGroup }: JobKind): boolean =>
  !node.cordoned && (onSpotGroup || !node.isSpot) && hasRoomFor(requests, node.free);
