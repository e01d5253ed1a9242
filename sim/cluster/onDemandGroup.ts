import { after, type Instant, seconds } from '../../src/domain/time.ts';
import type { Draws } from '../chance/draw.ts';
import type { ClusterSettings, GroupSettings } from '../scenario/scenario.ts';
import type { Kernel } from '../world/kernel.ts';
import { bootMs } from './boot.ts';
import { type Cluster, type Node } from './cluster.ts';

/** From Cluster Autoscaler's decision to an instance that is paid for. */
const LAUNCH_MS = seconds(5);

/** One instance of the group, from the start of its billing. */
export interface GroupNode {
  readonly name: string;
  readonly startsAt: Instant;
  endedAt: Instant | undefined;
  node: Node | undefined;
}

/**
 * The on-demand Auto Scaling group under Cluster Autoscaler: it scans for jobs that no node has room for, adds nodes for
 * those that its own nodes on the way will not take (blocks on the way it cannot see), and removes a node that has been
 * idle for long enough.
 */
export class OnDemandGroup {
  readonly nodes: GroupNode[] = [];
  private alive = 0;
  private booting = 0;
  private scanning = false;
  private readonly kernel: Kernel;
  private readonly cluster: Cluster;
  private readonly settings: GroupSettings;
  private readonly clusterSettings: ClusterSettings;
  private readonly draws: Draws;
  private readonly from: Instant;
  private readonly changed: () => void;

  constructor(parts: {
    readonly kernel: Kernel;
    readonly cluster: Cluster;
    readonly settings: GroupSettings;
    readonly clusterSettings: ClusterSettings;
    readonly draws: Draws;
    readonly from: Instant;
    readonly changed: () => void;
  }) {
    this.kernel = parts.kernel;
    this.cluster = parts.cluster;
    this.settings = parts.settings;
    this.clusterSettings = parts.clusterSettings;
    this.draws = parts.draws;
    this.from = parts.from;
    this.changed = parts.changed;
  }

  /** Nodes that are paid for. */
  get size(): number {
    return this.alive;
  }

  /** Jobs wait: the next scan will see them. Scans fall on multiples of the scan interval, whoever asks. */
  expectScan(): void {
    if (this.scanning) return;
    this.scanning = true;
    const { scanMs } = this.settings;
    const scans = Math.floor((this.kernel.now - this.from) / scanMs) + 1;
    this.kernel.schedule(this.from + scans * scanMs, () => {
      this.scanning = false;
      this.scan();
    });
  }

  /** A node of the group without jobs: it is removed unless a job comes within the idle time. */
  mayRemove(node: Node): void {
    const idleSince = this.kernel.now;
    this.kernel.schedule(after(idleSince, this.settings.idleMs), () => {
      if (!node.alive || node.running.size > 0 || this.idleSinceOf(node) > idleSince) return;
      const member = this.nodes.find((one) => one.node === node);
      if (member === undefined) return;
      member.endedAt = this.kernel.now;
      this.alive -= 1;
      this.cluster.lose(node, 'keeper');
      this.changed();
    });
    this.idleSince.set(node, idleSince);
  }

  private readonly idleSince = new Map<Node, Instant>();

  private idleSinceOf(node: Node): Instant {
    return this.idleSince.get(node) ?? this.from;
  }

  private scan(): void {
    const { jobsPerNode } = this.clusterSettings;
    const uncovered = this.cluster.waiting.length - this.booting * jobsPerNode;
    const wanted = Math.ceil(uncovered / jobsPerNode);
    for (let added = 0; added < wanted && this.alive < this.settings.maxNodes; added += 1) this.launch();
    if (this.alive >= this.settings.maxNodes && this.cluster.waiting.length > 0) this.expectScan();
  }

  private launch(): void {
    const index = this.nodes.length;
    const name = `on-demand-${index}`;
    const startsAt = after(this.kernel.now, LAUNCH_MS);
    const member: GroupNode = { name, startsAt, endedAt: undefined, node: undefined };
    this.nodes.push(member);
    this.alive += 1;
    this.booting += 1;
    this.changed();
    // Auto Scaling replaces a node of its own that never joins; that is left out, so every one joins.
    this.kernel.schedule(after(startsAt, bootMs(this.draws, name, this.clusterSettings.boot)), () => {
      this.booting -= 1;
      const node: Node = {
        name,
        kind: 'overflow',
        rank: index,
        cordoned: false,
        alive: true,
        running: new Set(),
        busySince: undefined,
        busyMs: 0,
      };
      member.node = node;
      this.cluster.add(node);
    });
  }
}
