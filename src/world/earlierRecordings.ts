import type { Fact, JobSeen, NodeSeen, Sighting } from '../domain/facts.ts';
import { TAINT } from '../domain/nodeLabels.ts';
import type { Instant } from '../domain/time.ts';

/** What a reader of version 1 does, for people. */
export const TRANSLATED =
  'recorded by an earlier release: its changes of nodes and jobs are read as what was to be seen of each node then';

/** A node as the changes of version 1 have told of it so far. */
interface Node {
  name: string | undefined;
  ready: boolean;
  cordoned: boolean;
  readonly jobs: Map<string, Instant>;
}

/**
 * Reads the facts of version 1, in the order in which they were recorded. Nodes were told of by their changes there
 * (`node.ready`, `node.unready`, `node.cordoned`, `node.uncordoned`, `job.started`, `job.finished`); here each becomes the
 * level that it leaves. A job began when it was heard of.
 */
export function earlierFacts(): (value: unknown) => unknown {
  const nodes = new Map<string, Node>();

  return (value) => {
    if (!isTyped(value)) return value;
    switch (value.type) {
      case 'inventory.taken':
        return { ...value, sightings: listIn(value, 'sightings').map((one) => sighting(one, value.at)) };
      case 'instance.gone':
        nodes.delete(value.blockId);
        return value;
      case 'node.ready':
        return seen(value, (node) => {
          node.name = String((value as { node?: unknown }).node);
          node.ready = true;
        });
      case 'node.unready':
        return seen(value, (node) => {
          node.ready = false;
        });
      case 'node.cordoned':
      case 'node.uncordoned':
        return seen(value, (node) => {
          node.cordoned = value.type === 'node.cordoned';
        });
      case 'job.started':
      case 'job.finished':
        return ofJob(value);
      default:
        return value;
    }
  };

  function ofJob(value: Typed & { readonly job?: unknown; readonly durationMs?: unknown }): Fact | Typed {
    const job = String(value.job);
    if (value.type === 'job.started')
      return seen(value, ({ jobs }) => {
        if (!jobs.has(job)) jobs.set(job, value.at);
      });
    const durationMs = Number(value.durationMs);
    return seen(value, ({ jobs }) => jobs.delete(job), {
      id: job,
      startedAt: value.at - durationMs,
      endedAt: value.at,
    });
  }

  function seen(value: Typed, change: (node: Node) => void, ended?: JobSeen): Fact | Typed {
    const node = nodes.get(value.blockId) ?? { name: undefined, ready: false, cordoned: false, jobs: new Map() };
    nodes.set(value.blockId, node);
    change(node);
    // A job may have been heard of before its node was.
    const level = levelOf(node, `node of ${value.blockId}`, ended);
    return { type: 'node.seen', at: value.at, blockId: value.blockId, takenAt: value.at, node: level };
  }

  function sighting(value: unknown, at: Instant): unknown {
    const { blockId, attempt, lease, node, cordoned, jobs } = value as Partial<Sighting> & {
      readonly node?: string;
      readonly cordoned?: boolean;
      readonly jobs?: readonly string[];
    };
    if (blockId === undefined || (node === undefined && jobs === undefined)) return { blockId, attempt, lease };
    const there: Node = {
      ...{ name: node, ready: node !== undefined, cordoned: cordoned === true },
      jobs: new Map(jobs?.map((job) => [job, at])),
    };
    nodes.set(blockId, there);
    const level = levelOf(there, `node of ${blockId}`);
    return { blockId, attempt, lease, node: jobs === undefined ? withoutJobs(level) : level };
  }
}

function levelOf({ name, ready, cordoned, jobs }: Node, unnamed: string, ended?: JobSeen): NodeSeen {
  const running = [...jobs].map(([id, startedAt]): JobSeen => ({ id, startedAt }));
  return {
    ...{ name: name ?? unnamed, ready, cordoned },
    // Version 1 took any cordon of a draining node for the keeper's own.
    marks: cordoned ? [TAINT.draining] : [],
    jobs: ended === undefined ? running : [ended, ...running],
  };
}

const withoutJobs = ({ name, ready, cordoned, marks }: NodeSeen): NodeSeen => ({ name, ready, cordoned, marks });

interface Typed {
  readonly type: string;
  readonly at: Instant;
  readonly blockId: string;
}

const isTyped = (value: unknown): value is Typed =>
  typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';

const listIn = (value: object, key: string): readonly unknown[] => {
  const list: unknown = (value as Readonly<Record<string, unknown>>)[key];
  return Array.isArray(list) ? list : [];
};
