import type { FactOf, JobSeen, NodeSeen } from '../../src/domain/facts.ts';
import { SERVED, TAINT } from '../../src/domain/nodeLabels.ts';
import type { Instant } from '../../src/domain/time.ts';

/** A ready node without a job that the keeper has labelled, unless said otherwise. */
export const aNodeSeen = (over: Partial<NodeSeen> = {}): NodeSeen => ({
  ...{ name: 'node-1', ready: true, cordoned: false, marks: [SERVED], jobs: [] },
  ...over,
});

/** A node that the keeper has closed. */
export const CLOSED = { cordoned: true, marks: [TAINT.draining] } as const;

/** The fact of a node as it is, seen as it is told unless said otherwise. */
export const seen = (
  blockId: string,
  at: Instant,
  over: Partial<NodeSeen> | null = {},
  takenAt: Instant = at,
): FactOf<'node.seen'> => ({
  ...{ type: 'node.seen', at, blockId, takenAt },
  node: over === null ? null : aNodeSeen(over),
});

/** Jobs that run, by when they started. */
export const running = (startedAt: Instant, ...ids: readonly string[]): { readonly jobs: readonly JobSeen[] } => ({
  jobs: ids.map((id) => ({ id, startedAt })),
});

/** A ready node of whose jobs nobody can tell. */
export const aNodeUntold = (over: Partial<Omit<NodeSeen, 'jobs'>> = {}): NodeSeen => ({
  ...{ name: 'node-1', ready: true, cordoned: false, marks: [SERVED] },
  ...over,
});
