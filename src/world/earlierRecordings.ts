import { z } from 'zod';
import type { Fact, JobSeen, NodeSeen } from '../domain/facts.ts';
import { SERVED, TAINT } from '../domain/nodeLabels.ts';
import type { Instant } from '../domain/time.ts';
import { count, held, instant, text } from './shapes.ts';

/** What a reader of version 1 does, for people. */
export const TRANSLATED =
  'recorded by an earlier release: its changes of nodes and jobs are read as what was to be seen of each node then';

const ofBlock = { at: instant, blockId: text };
const sighting = z.looseObject({
  blockId: text,
  attempt: count,
  node: text.optional(),
  cordoned: z.boolean(),
  jobs: z.array(text).optional(),
});

/** The facts that version 1 wrote otherwise. */
const EARLIER = {
  'inventory.taken': z.looseObject({ at: instant, sightings: z.array(sighting) }),
  'node.ready': z.object({ ...ofBlock, node: text }),
  'node.unready': z.object(ofBlock),
  'node.cordoned': z.object(ofBlock),
  'node.uncordoned': z.object(ofBlock),
  'job.started': z.object({ ...ofBlock, job: text }),
  'job.finished': z.object({ ...ofBlock, job: text, durationMs: z.number().nonnegative() }),
};

type Earlier = { readonly [Type in keyof typeof EARLIER]: { readonly type: Type } & z.infer<(typeof EARLIER)[Type]> };

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
 * level that it leaves. A job began when it was heard of. What version 1 wrote as today is returned as it is.
 *
 * @throws TypeError for a fact of version 1 that is not whole
 */
export function earlierFacts(): (value: unknown) => unknown {
  const nodes = new Map<string, Node>();

  return (value) => {
    if (!isEarlier(value)) {
      forget(value);
      return value;
    }
    held(value, EARLIER, 'fact');
    switch (value.type) {
      case 'inventory.taken':
        return { ...value, sightings: value.sightings.map((one) => sightingOf(one, value.at)) };
      case 'node.ready':
        return seen(value, (node) => {
          node.name = value.node;
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
        return seen(value, ({ jobs }) => {
          if (!jobs.has(value.job)) jobs.set(value.job, value.at);
        });
      case 'job.finished':
        return seen(value, ({ jobs }) => jobs.delete(value.job), {
          ...{ id: value.job, startedAt: value.at - value.durationMs, endedAt: value.at },
        });
    }
  };

  function forget(value: unknown): void {
    if (typeof value === 'object' && value !== null && 'type' in value && value.type === 'instance.gone')
      nodes.delete('blockId' in value ? String(value.blockId) : '');
  }

  function seen(
    { at, blockId }: { readonly at: Instant; readonly blockId: string },
    change: (node: Node) => void,
    ended?: JobSeen,
  ): Fact {
    const node = nodes.get(blockId) ?? { name: undefined, ready: false, cordoned: false, jobs: new Map() };
    nodes.set(blockId, node);
    change(node);
    return { type: 'node.seen', at, blockId, takenAt: at, node: levelOf(node, blockId, ended) };
  }

  function sightingOf({ node, cordoned, jobs, ...of }: z.infer<typeof sighting>, at: Instant): unknown {
    if (node === undefined && jobs === undefined) return of;
    const there: Node = {
      ...{ name: node, ready: node !== undefined, cordoned },
      jobs: new Map(jobs?.map((job) => [job, at])),
    };
    nodes.set(of.blockId, there);
    const level = levelOf(there, of.blockId);
    return { ...of, node: jobs === undefined ? withoutJobs(level) : level };
  }
}

/** A job may have been heard of before its node was. Version 1 took any cordon of a draining node for the keeper's own. */
function levelOf({ name, ready, cordoned, jobs }: Node, blockId: string, ended?: JobSeen): NodeSeen {
  const running = [...jobs].map(([id, startedAt]): JobSeen => ({ id, startedAt }));
  return {
    ...{ name: name ?? `node of ${blockId}`, ready, cordoned },
    marks: [...(cordoned ? [TAINT.draining] : []), ...(name === undefined ? [] : [SERVED])],
    jobs: ended === undefined ? running : [ended, ...running],
  };
}

const withoutJobs = ({ name, ready, cordoned, marks }: NodeSeen): NodeSeen => ({ name, ready, cordoned, marks });

const isEarlier = (value: unknown): value is Earlier[keyof Earlier] =>
  typeof value === 'object' &&
  value !== null &&
  'type' in value &&
  typeof value.type === 'string' &&
  Object.hasOwn(EARLIER, value.type);
