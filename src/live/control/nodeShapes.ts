import { after, minutes } from '../../domain/time.ts';
import { placeOf } from '../../domain/words.ts';
import type { Listed } from '../aws/calls/pages.ts';
import type { Members } from '../aws/template/members.ts';
import type { ClusterLook } from '../kubernetes/workload/countJobs.ts';
import type { PoolShape } from '../kubernetes/workload/fits.ts';
import { shapesAmong } from '../kubernetes/workload/poolShapes.ts';
import { type Clock, hasCome, until } from '../ports/clock.ts';
import type { Telemetry } from '../ports/telemetry.ts';

/** While nobody knows what the nodes of a pool are like, the instances of its template group are asked for so often. */
const MEMBERS_EVERY_MS = minutes(2);

/** What kinds of nodes the pools have. */
export interface NodeShapes {
  /** Those of some pools by name, without pools of which that is not known. */
  readonly in: (look: ClusterLook) => ReadonlyMap<string, readonly PoolShape[]>;
  /** Asks for the instances of the groups as long as that is needed, until the signal. */
  readonly watch: () => Promise<void>;
}

export interface NodeShapesPorts {
  /** The pools of which it matters, each with the name of its template group. */
  readonly pools: readonly { readonly name: string; readonly group: string }[];
  readonly blockWith: (instanceId: string) => string | undefined;
  /** What tells one template of a pool from another: what was learned with another one is forgotten. */
  readonly templateOf: (pool: string) => string | undefined;
  /** The instances of groups. */
  readonly members: (groups: readonly string[]) => Promise<Listed<Members>>;
  /** The instances of the groups are known now. */
  readonly learned: () => void;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
  readonly signal: AbortSignal;
}

interface Remembered {
  readonly template: string | undefined;
  readonly shapes: readonly PoolShape[];
}

/**
 * Learns what the nodes of pools are like from those that there are: of the pool's blocks, else from blocks as they were, else
 * of the template group, else from that as it was. A block is made like the group's instances, but of types that the pool says.
 */
export function openNodeShapes(ports: NodeShapesPorts): NodeShapes {
  const { pools, clock, telemetry, signal, templateOf } = ports;
  const groups = [...new Set(pools.map(({ group }) => group))];
  const ofBlocks = new Map<string, Remembered>();
  const ofGroups = new Map<string, Remembered>();
  let groupWith: ReadonlyMap<string, string> = new Map();

  return {
    in(look) {
      const blocks = shapesAmong(look, (instanceId) => placeOf(ports.blockWith(instanceId) ?? '')?.pool);
      const members = shapesAmong(look, (instanceId) => groupWith.get(instanceId));
      return new Map(
        pools.flatMap(({ name, group }) => {
          const shapes = learned(ofBlocks, name, blocks.get(name)) ?? learned(ofGroups, name, members.get(group));
          return shapes === undefined ? [] : [[name, shapes] as const];
        }),
      );
    },
    async watch() {
      while (!signal.aborted && groups.length > 0) {
        if (pools.some(({ name }) => !ofBlocks.has(name) && !ofGroups.has(name))) await ask();
        await until(clock, after(clock.now(), MEMBERS_EVERY_MS), signal);
      }
    },
  };

  function learned(
    memory: Map<string, Remembered>,
    pool: string,
    shapes: readonly PoolShape[] | undefined,
  ): readonly PoolShape[] | undefined {
    const template = templateOf(pool);
    if (shapes !== undefined) memory.set(pool, { template, shapes });
    else if (memory.get(pool)?.template !== template) memory.delete(pool);
    return memory.get(pool)?.shapes;
  }

  async function ask(): Promise<void> {
    const list = await ports.members(groups);
    if (hasCome(signal)) return;
    if (list.kind === 'unknown') {
      telemetry.noted('warn', 'instances of the template groups unknown', { why: list.why });
      return;
    }
    groupWith = new Map(list.items.flatMap(({ group, instanceIds }) => instanceIds.map((id) => [id, group] as const)));
    ports.learned();
  }
}
