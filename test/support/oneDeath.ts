import { type WireWorld, wireWorld } from '../../fakes/wireWorld.ts';
import type { Scenario } from '../../sim/scenario/scenario.ts';
import { type Instant, NEVER, seconds } from '../../src/domain/time.ts';
import type { Pool } from '../../src/pool/pool.ts';
import type { Phase } from './door.ts';
import { electionTime } from './electionTime.ts';
import { virtualClock } from './virtualClock.ts';
import { type WireKeeper, wireKeeper } from './wireKeeper.ts';
import { advanced, quiet } from './wireTime.ts';

/** A found instance must belong to a block after so long; the kept one of an interrupted launch takes a look of a minute first. */
const ORPHAN_MS = seconds(90);

/** What is lived. */
export interface Lived {
  readonly scenario: Scenario;
  readonly pools: readonly Pool[];
  /** Is shown the world before anything happens in it. */
  readonly watched?: (world: WireWorld) => void;
}

/** What came of it. */
export interface OneLife {
  readonly world: WireWorld;
  /** What changes something, of the first keeper. */
  readonly changes: readonly string[];
  /** Instances that were nobody's for too long. */
  readonly orphans: readonly string[];
}

/** The scenario from beginning to end, with one death on the way, and another life that goes on. */
export async function livedOnce(
  { scenario, pools, watched = () => undefined }: Lived,
  dies: { readonly at: number; readonly phase: Phase } | undefined,
  successor: 'none' | 'again' | 'second',
): Promise<OneLife> {
  const world = await wireWorld(scenario);
  watched(world);
  const clock = virtualClock(() => world.now());
  const election = electionTime(() => world.now());
  const start = (identity: string, death?: typeof dies): Promise<WireKeeper> =>
    wireKeeper({ world, scenario, pools, clock, electionTime: election, identity, dies: death });
  const first = await start('keeper-0', dies);
  let present = first;
  let waiting: WireKeeper | undefined;
  const ownerless = new Map<string, Instant>();
  const orphans = new Set<string>();
  const quietly = (): Promise<void> => quiet(world, [present, ...(waiting === undefined ? [] : [waiting])]);
  /** Elections go on while the time of the world stands still. */
  const kept = async ({ keeping, doors }: WireKeeper): Promise<void> => {
    await quietly();
    while (!keeping.isKeeping() && !doors.isCut && !doors.isPaused) {
      election.goOn();
      await quietly();
    }
  };
  try {
    await kept(present);
    // Clients read their endpoints from the environment at their first call: the second keeper comes when the first has.
    if (successor === 'second') waiting = await start('keeper-1');
    for (;;) {
      await quietly();
      if (first.doors.isPaused && waiting !== undefined) {
        const second = waiting;
        await kept(second);
        // What it was about to do comes to the world now, late, and after another has decided.
        first.doors.goOn();
        present = second;
        waiting = first;
        continue;
      }
      if (first.doors.isCut && present === first) {
        await first.end();
        present = waiting ?? (await start('keeper-0'));
        waiting = undefined;
        ownerless.clear();
        await kept(present);
        continue;
      }
      const now = await advanced(world, clock, election, NEVER);
      if (now === undefined) break;
      for (const { instance } of world.truth().instances) {
        const { lease, blockId, endedAt } = instance;
        const isOwned = present.keeping.keeper().blocks.get(blockId)?.context.lease?.instanceId === lease.instanceId;
        if (isOwned || endedAt !== NEVER) ownerless.delete(blockId);
        else if (now > (ownerless.get(blockId) ?? now) + ORPHAN_MS) orphans.add(blockId);
        else ownerless.set(blockId, ownerless.get(blockId) ?? now);
      }
    }
    return { world, changes: first.doors.passed.map(({ what }) => what), orphans: [...orphans] };
  } finally {
    await present.stop();
    await waiting?.stop();
    await world.close();
  }
}
