import { expect, it } from 'vitest';
import type { CheckWorld } from '../../../check/checkWorld.ts';
import { opensAtOf, scenarioOf } from '../../../check/scenarioOf.ts';
import { choicesIn } from '../../../check/subject.ts';
import { wireWorld } from '../../../fakes/wireWorld.ts';
import { catalogue } from '../../../policies/catalogue.ts';
import { after, type Instant, type Millis, minutes, NEVER } from '../../../src/domain/time.ts';
import { poolsOf } from '../../../src/pool/assemble.ts';
import { electionTime } from '../../support/electionTime.ts';
import { virtualClock } from '../../support/virtualClock.ts';
import { type WireKeeper, wireKeeper } from '../../support/wireKeeper.ts';
import { advanced, quiet } from '../../support/wireTime.ts';

const WORLD: CheckWorld = {
  ...{ seed: 11, zone: 'UTC', date: 0, opensAt: { hour: 8, minute: 0 }, quarters: 8, blocks: 2, moreBlocks: 0 },
  ...{ moreSurge: 0, maxUnavailable: 1, term: 'spot', leaseHours: 3, prices: [30, 20], priceMoves: [], droughts: [] },
  longJobs: [],
  ...{ reclaims: [], bootSeconds: 60, restarts: [], repeats: 0, delays: 0, jobs: [] },
};
const scenario = scenarioOf(WORLD, choicesIn({ slot: 'renewal', name: 'surge', options: {}, catalogue }, WORLD), []);
const pools = poolsOf(scenario.pools, catalogue);

/** Elections of these tests take minutes for the seconds of real ones, so this stands for twenty seconds. */
const TWENTY = minutes(20);

it.each([20, 20.7, 21.4])(
  'a leader that is killed in minute %d is followed by one that knows the fleet, sooner than 20 s',
  async (minute) => {
    const world = await wireWorld(scenario);
    const clock = virtualClock(() => world.now());
    const election = electionTime(() => world.now());
    let knewAt: Millis | undefined;
    const start = (identity: string, watch?: () => void): Promise<WireKeeper> =>
      wireKeeper({
        ...{ world, scenario, pools, clock, electionTime: election, identity },
        watch: ({ fact }) => {
          if (fact.type === 'inventory.taken') watch?.();
        },
      });
    const first = await start('keeper-0');
    const keepers = [first];
    const goOn = async (by: Instant): Promise<void> => {
      await quiet(world, keepers);
      if ((await advanced(world, clock, election, by)) === undefined) throw new Error('the day is too short');
    };
    try {
      await quiet(world, keepers);
      while (!first.keeping.isKeeping()) {
        election.goOn();
        await quiet(world, keepers);
      }
      keepers.push(await start('keeper-1', () => (knewAt ??= election.now())));
      for (const by = after(opensAtOf(WORLD), Math.round(minutes(minute))); world.now() < by; ) await goOn(by);
      await quiet(world, keepers);
      const diedAt = election.now();
      first.doors.cut();
      while (knewAt === undefined) await goOn(NEVER);
      expect(knewAt - diedAt).toBeLessThanOrEqual(TWENTY);
    } finally {
      for (const keeper of keepers) await keeper.end();
      await world.close();
    }
  },
);
