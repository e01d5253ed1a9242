import { viewOf } from '../block/block.ts';
import type { JobRoom } from '../domain/jobSharing.ts';
import type { Instant } from '../domain/time.ts';
import { jobRoom } from '../pool/jobRoom.ts';
import { noMemory } from '../pool/memory.ts';
import type { Keeper } from './keeper.ts';

/** What each pool has for jobs that wait, by name. */
export function jobRooms({ pools, memories, blocks }: Keeper, now: Instant): ReadonlyMap<string, JobRoom> {
  const views = [...blocks.values()].map(viewOf);
  return new Map(
    pools.map((pool) => {
      const { name } = pool.spec;
      const own = views.filter((view) => view.pool === name);
      return [name, jobRoom(pool, memories.get(name) ?? noMemory, own, now)];
    }),
  );
}
