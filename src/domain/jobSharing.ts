/** What a pool has for jobs that wait, as its keeper knows it. */
export interface JobRoom {
  /** Its blocks that take jobs, or will once they have joined, by id. */
  readonly blocks: readonly string[];
  /** How many blocks more it could buy now: 0 while it is closed, full, or nothing is to be had for it. */
  readonly more: number;
}

/** For how many jobs that wait a pool has room. */
export interface JobPlaces {
  /** On blocks that have no job yet. */
  readonly there: number;
  /** On blocks that it could buy. */
  readonly toBuy: number;
}

/** A job, and the pools that it fits, best first: those that it names, then those of the pools file in order. */
export interface SharedJob {
  readonly id: string;
  readonly pools: readonly string[];
}

/**
 * Says which of several pools counts a job that fits them all; a live and a simulated cluster go by the same rule. The first
 * that holds:
 *
 * 1. The pool that counted it the last time, if that has a block for it, which is there or on its way.
 * 2. The first that has one: the scheduler binds a job to any node that it fits.
 * 3. The pool that counted it the last time, if that could buy a block: else two pools buy for one job.
 * 4. The first that could buy one.
 * 5. The first, where none has room.
 *
 * The room that a job gets is no other's. Jobs come oldest first, those that were counted before them first.
 */
export class JobSharing {
  private countedBy: ReadonlyMap<string, string> = new Map();

  /**
   * The pool of each job that waits, by id; one that fits none is left out. `places` are by pool; a pool without any has no
   * room. `left` is what no job has taken. `earlier` is the pool that counted a job before, as far as the cluster says.
   */
  share(
    jobs: readonly SharedJob[],
    places: ReadonlyMap<string, JobPlaces>,
    earlier: (id: string) => string | undefined = () => undefined,
  ): { readonly pools: ReadonlyMap<string, string>; readonly left: ReadonlyMap<string, JobPlaces> } {
    const left = new Map(places);
    const placed = new Map<string, string>();
    const before = this.before(jobs, earlier);
    for (const place of ['there', 'toBuy'] as const) {
      for (const [id, pool] of before) take(id, [pool], place);
      for (const { id, pools } of jobs) take(id, pools, place);
    }
    // One without room is not kept: the first pool to have some gets it.
    this.countedBy = placed;
    const pools = new Map<string, string>();
    for (const { id, pools: fitting } of jobs) {
      const pool = placed.get(id) ?? fitting[0];
      if (pool !== undefined) pools.set(id, pool);
    }
    return { pools, left };

    function take(id: string, fitting: readonly string[], place: keyof JobPlaces): void {
      if (placed.has(id)) return;
      for (const pool of fitting) {
        const room = left.get(pool);
        if (room === undefined || room[place] <= 0) continue;
        left.set(pool, { ...room, [place]: room[place] - 1 });
        placed.set(id, pool);
        return;
      }
    }
  }

  /** The jobs that a pool counted before and that still fit it, in the order in which they were given their room. */
  private before(
    jobs: readonly SharedJob[],
    earlier: (id: string) => string | undefined,
  ): readonly (readonly [id: string, pool: string])[] {
    const fitting = new Map(jobs.map(({ id, pools }) => [id, pools]));
    const known = [...this.countedBy];
    for (const { id } of jobs) {
      const pool = this.countedBy.has(id) ? undefined : earlier(id);
      if (pool !== undefined) known.push([id, pool]);
    }
    return known.filter(([id, pool]) => fitting.get(id)?.includes(pool) === true);
  }
}

/** The pools of jobs that run elsewhere: where each would have gone if it waited now. They take no room from those that wait. */
export function sharedElsewhere(
  jobs: readonly SharedJob[],
  places: ReadonlyMap<string, JobPlaces>,
): ReadonlyMap<string, string> {
  return new JobSharing().share(jobs, places).pools;
}

/** The places of a pool's room. Blocks that have a job are left out: a job that waits beside one did not fit. */
export const placesIn = (
  { blocks, more }: JobRoom,
  busy: Readonly<Record<string, number>>,
  jobsPerBlock: number,
): JobPlaces => ({
  there: blocks.filter((id) => busy[id] === undefined).length * jobsPerBlock,
  toBuy: more * jobsPerBlock,
});
