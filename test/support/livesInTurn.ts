import { type WireWorld, wireWorld } from '../../fakes/wireWorld.ts';
import type { Scenario } from '../../sim/scenario/scenario.ts';
import { after, type Millis } from '../../src/domain/time.ts';
import type { Pool } from '../../src/pool/pool.ts';
import { electionTime } from './electionTime.ts';
import { virtualClock } from './virtualClock.ts';
import { type WireKeeper, wireKeeper } from './wireKeeper.ts';
import { advanced, quiet } from './wireTime.ts';

/** One keeper after another in one world over the wire. */
export interface LivesInTurn {
  readonly world: WireWorld;
  /** Starts the next keeper; resolves once it keeps. */
  readonly begin: () => Promise<WireKeeper>;
  /** Time goes by, with the present keeper at work. */
  readonly passes: (ms: Millis) => Promise<void>;
  /** Time goes by without a keeper. */
  readonly away: (ms: Millis) => Promise<void>;
  /** Resolves once everything waits for time. */
  readonly still: () => Promise<void>;
}

/** Opens a world, lets `act` live in it, and closes all of it. */
export async function livesInTurn<Seen>(
  scenario: Scenario,
  pools: readonly Pool[],
  act: (lives: LivesInTurn) => Promise<Seen>,
): Promise<Seen> {
  const world = await wireWorld(scenario);
  const clock = virtualClock(() => world.now());
  const election = electionTime(() => world.now());
  let begun = 0;
  let present: WireKeeper | undefined;
  const still = (): Promise<void> => quiet(world, present === undefined ? [] : [present]);
  const lives: LivesInTurn = {
    world,
    async begin() {
      present = await wireKeeper({
        world,
        scenario,
        pools,
        clock,
        electionTime: election,
        identity: `keeper-${begun++}`,
      });
      await still();
      while (!present.keeping.isKeeping()) {
        election.goOn();
        await still();
      }
      return present;
    },
    async passes(ms) {
      for (const end = after(world.now(), ms); world.now() < end; ) {
        await still();
        if ((await advanced(world, clock, election, end)) === undefined) throw new Error('the day is too short');
      }
    },
    async away(ms) {
      for (const back = after(world.now(), ms); world.now() < back; ) await world.advance(back);
    },
    still,
  };
  try {
    return await act(lives);
  } finally {
    await present?.stop();
    await world.close();
  }
}
