import { describe, expect, it } from 'vitest';
import type { CheckWorld } from '../../../check/checkWorld.ts';
import { scenarioOf } from '../../../check/scenarioOf.ts';
import { choicesIn } from '../../../check/subject.ts';
import { wireWorld } from '../../../fakes/wireWorld.ts';
import { catalogue } from '../../../policies/catalogue.ts';
import { after, type Instant, minutes, NEVER } from '../../../src/domain/time.ts';
import { poolsOf } from '../../../src/pool/assemble.ts';
import { quantilesOf } from '../../../src/pool/durations.ts';
import type { Observations } from '../../../src/pool/observations.ts';
import { electionTime } from '../../support/electionTime.ts';
import { virtualClock } from '../../support/virtualClock.ts';
import { type WireKeeper, wireKeeper } from '../../support/wireKeeper.ts';
import { advanced, quiet } from '../../support/wireTime.ts';

/** Two blocks for an hour and a quarter, and a job of two minutes on one of them nearly always. */
const WORLD: CheckWorld = {
  ...{ seed: 11, zone: 'UTC', date: 0, opensAt: { hour: 8, minute: 0 }, quarters: 5, blocks: 2, moreBlocks: 0 },
  ...{ moreSurge: 0, maxUnavailable: 1, term: 'spot', leaseHours: 2, prices: [30, 20], priceMoves: [], droughts: [] },
  ...{ longJobs: [], reclaims: [], bootSeconds: 60, restarts: [], repeats: 0, delays: 0 },
  jobs: Array.from({ length: 35 }, (_, job) => ({ at: 5 + 2 * job, minutes: 2 })),
};
const scenario = scenarioOf(WORLD, choicesIn({ slot: 'renewal', name: 'surge', options: {}, catalogue }, WORLD), []);
const pools = poolsOf(scenario.pools, catalogue);
const [
  {
    spec: { name: POOL },
  } = { spec: { name: '' } },
] = pools;

const seenBy = ({ keeping }: WireKeeper): Observations | undefined => keeping.keeper().memories.get(POOL)?.observations;

/** The window opens half an hour after the world begins; the first one ends between two of its writes, with a job running. */
const ENDS_AFTER_MS = minutes(85);

/** One keeper after another in the same world, the first ended in a way of its own; what both had seen at that moment. */
async function succession(end: (first: WireKeeper) => Promise<void>) {
  const world = await wireWorld(scenario);
  const clock = virtualClock(() => world.now());
  const election = electionTime(() => world.now());
  const start = (): Promise<WireKeeper> =>
    wireKeeper({ world, scenario, pools, clock, electionTime: election, identity: 'keeper-0' });
  let present = await start();
  const kept = async (): Promise<void> => {
    await quiet(world, [present]);
    while (!present.keeping.isKeeping()) {
      election.goOn();
      await quiet(world, [present]);
    }
  };
  const liveUntil = async (isSo: (now: Instant) => boolean, by: Instant): Promise<void> => {
    for (let now: Instant | undefined = world.now(); now !== undefined && !isSo(now); ) {
      await quiet(world, [present]);
      now = await advanced(world, clock, election, by);
    }
    await quiet(world, [present]);
  };
  try {
    await kept();
    const endsAt = after(world.now(), ENDS_AFTER_MS);
    await liveUntil((now) => now >= endsAt, endsAt);
    const first = seenBy(present);
    const running = [...present.keeping.keeper().blocks.values()].flatMap(({ context }) => context.jobs).length;
    await end(present);
    const written = world.store
      .list('configmaps')
      .map(({ data }) => (data as Record<string, string> | undefined)?.['observations.json'])
      .find((text) => text !== undefined);
    present = await start();
    await kept();
    await liveUntil(
      () => present.keeping.inventoryAt() !== undefined && seenBy(present)?.durations.weight !== 0,
      NEVER,
    );
    return { first, second: seenBy(present), written, running };
  } finally {
    await present.stop();
    await world.close();
  }
}

describe('a keeper that comes after another', () => {
  it('knows all that one had seen which was stopped', async () => {
    const { first, second, written, running } = await succession((keeper) => keeper.stop());
    expect(quantilesOf(first!.durations)?.count).toBeGreaterThanOrEqual(20);
    expect(second?.durations).toEqual(first?.durations);
    expect(second?.boots).toEqual(first?.boots);
    expect(second?.markets).toEqual(first?.markets);
    // Jobs that the next one finds running have come only once.
    expect(running).toBeGreaterThan(0);
    expect(second?.arrivals).toEqual(first?.arrivals);
    expect(written!.length).toBeLessThan(2_000);
  });

  it('knows what one had seen which was killed, but for the last ten minutes', async () => {
    const { first, second } = await succession((keeper) => keeper.end());
    const [most, least] = [first!.durations.weight, second!.durations.weight].map((weight) => weight / 1_000);
    expect(least).toBeLessThanOrEqual(most!);
    // A job every two minutes.
    expect(least).toBeGreaterThan(most! - 7);
    expect(second?.boots).toEqual(first?.boots);
  });
});
