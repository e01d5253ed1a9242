import type { Instant } from '../../src/domain/time.ts';
import type { Offer } from '../../src/domain/words.ts';
import type { Instance } from '../cloud/instances.ts';
import type { Job, KilledBy } from '../cluster/job.ts';
import { busyOf, type Node } from '../cluster/node.ts';
import type { GroupNode } from '../cluster/nodeGroup.ts';
import type { Market, Stretch } from '../market/market.ts';
import type { Counts, Sample } from './samples.ts';

/** What the world saw happen: the truth that results are counted from, whatever the keeper believes. */
export interface Truth {
  readonly from: Instant;
  readonly until: Instant;
  readonly market: Market;
  readonly jobs: readonly Job[];
  readonly instances: readonly PaidInstance[];
  readonly overflow: readonly PaidNode[];
  /** Counts after every change, in order; the last of an instant stands. */
  readonly counts: Counts;
  /** The same as objects, made when they are first asked for. */
  readonly samples: readonly Sample[];
  readonly kills: readonly Kill[];
}

/** A running job that lost its node. `blockId` is undefined on a node of a group. */
export interface Kill {
  readonly at: Instant;
  readonly blockId: string | undefined;
  readonly job: string;
  readonly by: KilledBy;
}

export interface PaidInstance {
  readonly instance: Instance;
  readonly endedBy: 'aws' | 'us' | undefined;
  /** The stretches in which at least one job ran on it, in order. */
  readonly busy: readonly Stretch[];
}

export interface PaidNode {
  readonly name: string;
  readonly startsAt: Instant;
  /** NEVER while it runs. */
  readonly endedAt: Instant;
  readonly endedBy: 'aws' | 'us' | undefined;
  readonly instanceType: string;
  /** How a spot node was bought; undefined for one on demand. */
  readonly offer: Offer | undefined;
  /** The stretches in which at least one job ran on it, in order. */
  readonly busy: readonly Stretch[];
}

/** Whatever the truth is made of, as the world holds it. */
interface Held extends Omit<Truth, 'instances' | 'overflow' | 'samples'> {
  readonly now: Instant;
  readonly instances: readonly Instance[];
  readonly nodeOf: ReadonlyMap<Instance, Node>;
  readonly endedBy: ReadonlyMap<Instance, 'aws' | 'us'>;
  readonly group: readonly GroupNode[];
}

/** The truth as it stands now. */
export function truthOf({ now, instances, nodeOf, endedBy, group, ...held }: Held): Truth {
  const { counts } = held;
  let samples: readonly Sample[] | undefined;
  return {
    ...held,
    instances: instances.map((instance) => ({
      instance,
      endedBy: endedBy.get(instance),
      busy: busyBy(nodeOf.get(instance), now),
    })),
    overflow: group.map(({ node, name, startsAt, endedAt, endedBy: by, instanceType, offer }) => ({
      ...{ name, startsAt, endedAt, endedBy: by, instanceType, offer },
      busy: busyBy(node, now),
    })),
    get samples() {
      samples ??= Array.from({ length: counts.length }, (_, index) => counts.sample(index));
      return samples;
    },
  };
}

const busyBy = (node: Node | undefined, now: Instant): readonly Stretch[] =>
  node === undefined ? [] : busyOf(node, now);
