import { after, before, type Instant, latest, minutes, NEVER, seconds } from '../../src/domain/time.ts';
import type { Offer } from '../../src/domain/words.ts';
import type { Draws } from '../chance/draw.ts';
import type { Refusing } from '../cloud/refusing.ts';
import type { Kernel } from '../kernel/kernel.ts';
import type { Market } from '../market/market.ts';
import type { ClusterSettings, GroupSettings } from '../scenario/scenario.ts';
import { bootMs } from './boot.ts';
import type { Cluster } from './cluster.ts';
import { hasRoomFor, type Node, newNode } from './node.ts';
import type { JobKind, Sizes } from './sizes.ts';
import { cheapestSpot } from './spotOffers.ts';

/** From the autoscaler's decision to an instance that is paid for. */
const LAUNCH_MS = seconds(5);

/** AWS gives notice two minutes before it takes an instance back (EC2 user guide). */
const NOTICE_MS = minutes(2);

/** One instance of the group, from the start of its billing. */
export interface GroupNode {
  readonly name: string;
  readonly instanceType: string;
  /** How it was bought; undefined where it is on-demand. */
  readonly offer: Offer | undefined;
  readonly capacity: readonly number[];
  readonly startsAt: Instant;
  /** When EC2 takes it back, if it still runs; NEVER where it does not. */
  readonly reclaimAt: Instant;
  endedAt: Instant;
  endedBy: 'aws' | 'us' | undefined;
  /** Undefined until it is ready. */
  node: Node | undefined;
}

export interface GroupParts {
  readonly kernel: Kernel;
  readonly cluster: Cluster;
  readonly settings: GroupSettings;
  readonly boot: ClusterSettings['boot'];
  readonly sizes: Sizes;
  readonly draws: Draws;
  readonly market: Market;
  /** Where spot may be bought. */
  readonly markets: readonly { readonly instanceType: string; readonly zone: string }[];
  /** Why EC2 refuses spot, and what it counts; a node on demand can always be had. */
  readonly refusing: Refusing;
}

/** What happens to nodes, for those who count and those who scale. */
export interface GroupEvents {
  changed(): void;
  /** EC2 took a node back before it was ready. */
  lost(): void;
}

/** The nodes of the group: bought and given back as its autoscaler says, and taken back by EC2 where they are spot. */
export class NodeGroup {
  /** Every node that there was. */
  readonly all: GroupNode[] = [];
  /** Those that are paid for, by age. */
  living: GroupNode[] = [];
  readonly settings: GroupSettings;
  /** What each spot node counts for, to be given back at its end. */
  private readonly counted = new Map<GroupNode, () => void>();
  private readonly parts: GroupParts;
  private readonly events: GroupEvents;

  constructor(parts: GroupParts, events: GroupEvents) {
    this.parts = parts;
    this.events = events;
    this.settings = parts.settings;
  }

  /** Nodes that are paid for. */
  get size(): number {
    return this.living.length;
  }

  /** Buys a node for a job of a kind; undefined where it may have no more, or none that would take it. */
  buyFor(kind: JobKind): GroupNode | undefined {
    const { settings, sizes, kernel } = this.parts;
    if (this.size >= settings.maxNodes) return undefined;
    const offer = settings.buys === 'spot' && kind.onSpotGroup ? this.cheapestFor(kind) : undefined;
    if (offer === undefined && !(kind.onGroup && hasRoomFor(kind.requests, sizes.capacityOf(settings.instanceType))))
      return undefined;
    const index = this.all.length;
    const startsAt = after(kernel.now, LAUNCH_MS);
    const instanceType = offer?.instanceType ?? settings.instanceType;
    const member: GroupNode = {
      name: offer === undefined ? `on-demand-${index}` : `group-${index}`,
      ...{ instanceType, offer, capacity: sizes.capacityOf(instanceType), startsAt },
      reclaimAt: offer === undefined ? NEVER : this.reclaimAfter(startsAt, offer),
      ...{ endedAt: NEVER, endedBy: undefined, node: undefined },
    };
    this.all.push(member);
    this.living.push(member);
    if (offer !== undefined) this.counted.set(member, this.parts.refusing.started(offer));
    this.events.changed();
    this.boot(member, index);
    return member;
  }

  /** Gives a node back. */
  remove(member: GroupNode): void {
    this.end(member, 'us');
  }

  private cheapestFor({ requests }: JobKind): Offer | undefined {
    const { market, markets, sizes, refusing, kernel } = this.parts;
    return cheapestSpot(
      market,
      refusing,
      markets.filter(({ instanceType }) => hasRoomFor(requests, sizes.capacityOf(instanceType))),
      kernel.now,
    );
  }

  private reclaimAfter(startsAt: Instant, { instanceType, zone }: Offer): Instant {
    return this.parts.market.reclaims(instanceType, zone).find((at) => at > startsAt) ?? NEVER;
  }

  /**
   * Auto Scaling replaces a node of its own that never joins; that is left out, so every one joins. So is its replacing of
   * one that EC2 took: the autoscaler buys for the jobs that were killed.
   */
  private boot(member: GroupNode, index: number): void {
    const { kernel, draws, boot } = this.parts;
    // The same luck whatever is bought, so that settings can be compared.
    const readyAt = after(member.startsAt, bootMs(draws, `on-demand-${index}`, boot));
    kernel.schedule(readyAt, () => {
      if (member.endedAt === NEVER) this.join(member, index);
    });
    if (member.reclaimAt === NEVER) return;
    // The AWS node termination handler cordons a node that is to be taken back.
    kernel.schedule(noticeAt(member), () => {
      if (member.node?.alive !== true) return;
      member.node.cordoned = true;
      this.events.changed();
    });
    kernel.schedule(member.reclaimAt, () => {
      if (member.endedAt === NEVER) this.end(member, 'aws');
    });
  }

  private join(member: GroupNode, rank: number): void {
    const { name, capacity, offer } = member;
    const node = newNode({ name, kind: 'overflow', rank, capacity, isSpot: offer !== undefined });
    node.cordoned = noticeAt(member) <= this.parts.kernel.now;
    member.node = node;
    this.parts.cluster.add(node);
  }

  private end(member: GroupNode, by: 'aws' | 'us'): void {
    member.endedAt = this.parts.kernel.now;
    member.endedBy = by;
    this.living = this.living.filter((one) => one !== member);
    this.counted.get(member)?.();
    this.counted.delete(member);
    if (member.node !== undefined) this.parts.cluster.lose(member.node, by === 'aws' ? 'aws' : 'keeper');
    else this.events.lost();
    this.events.changed();
  }
}

const noticeAt = ({ reclaimAt, startsAt }: GroupNode): Instant =>
  reclaimAt === NEVER ? NEVER : latest(before(reclaimAt, NOTICE_MS), startsAt);
