import type { Instant } from '../../src/domain/time.ts';
import type { Kernel } from '../kernel/kernel.ts';
import type { GroupSettings } from '../scenario/scenario.ts';
import type { Cluster } from './cluster.ts';
import type { NodeGroup } from './nodeGroup.ts';
import type { Spares } from './spares.ts';

/** Adds nodes to a group for pods that no node has room for, and removes those that nobody needs. */
export interface Autoscaler {
  /** Pods wait; `fresh` where one of them has just been created. */
  podsWait(fresh: boolean): void;
  /** A node is needed no longer, or is needed again. */
  nodesTurned(): void;
}

export interface AutoscalerParts {
  readonly kernel: Kernel;
  readonly cluster: Cluster;
  readonly group: NodeGroup;
  readonly spares: Spares;
  readonly settings: GroupSettings;
  readonly from: Instant;
}
