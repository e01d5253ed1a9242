import type { CheckWorld } from '../../check/checkWorld.ts';
import { scenarioOf } from '../../check/scenarioOf.ts';
import { choicesIn } from '../../check/subject.ts';
import { wireWorld } from '../../fakes/wireWorld.ts';
import { catalogue } from '../../policies/catalogue.ts';
import { after, minutes, NEVER } from '../../src/domain/time.ts';
import { newKeeper } from '../../src/keeper/keeper.ts';
import { serve } from '../../src/live/http/serve.ts';
import { history } from '../../src/live/observers/history.ts';
import { NO_HOLDS } from '../../src/live/observers/holdCounts.ts';
import { metrics } from '../../src/live/observers/metrics.ts';
import { observers } from '../../src/live/observers/observers.ts';
import type { Present } from '../../src/live/observers/present.ts';
import { poolsOf } from '../../src/pool/assemble.ts';
import { electionTime } from './electionTime.ts';
import { virtualClock } from './virtualClock.ts';
import { type WireKeeper, wireKeeper } from './wireKeeper.ts';
import { advanced, quiet } from './wireTime.ts';

/** What `/metrics` of two real keepers said, in the text format of Prometheus. */
export interface Scraped {
  /** Blocks serve; one leads and the other waits. */
  readonly before: { readonly leader: string; readonly standby: string };
  /** The one that led stood still beyond its lease, and woke; the other leads. */
  readonly after: { readonly former: string; readonly leader: string };
}

/** Two blocks for an hour and a half, renewed once. */
const WORLD: CheckWorld = {
  ...{ seed: 11, zone: 'UTC', date: 0, opensAt: { hour: 8, minute: 0 }, quarters: 6, blocks: 2, moreBlocks: 0 },
  ...{ moreSurge: 0, maxUnavailable: 1, term: 'spot', leaseHours: 1, prices: [30, 20], priceMoves: [], droughts: [] },
  ...{ longJobs: [], reclaims: [], bootSeconds: 60, restarts: [], repeats: 0, delays: 0, jobs: [] },
};

/** The change at which the leader stands still: the launch of a successor, in the middle of the day. */
const STANDS_STILL_AT = 30;

/** Scrapes a leader and a standby, and both again after a change of leadership. */
export async function scraped(): Promise<Scraped> {
  const scenario = scenarioOf(WORLD, choicesIn({ slot: 'renewal', name: 'surge', options: {}, catalogue }, WORLD), []);
  const pools = poolsOf(scenario.pools, catalogue);
  const world = await wireWorld(scenario);
  const clock = virtualClock(() => world.now());
  const election = electionTime(() => world.now());

  const start = async (identity: string, dies?: { readonly at: number; readonly phase: 'paused' }) => {
    const held: { keeper?: WireKeeper } = {};
    const nothing = newKeeper(pools);
    const present: Present = {
      keeper: () => held.keeper?.keeping.keeper() ?? nothing,
      now: clock.now,
      leader: () => held.keeper?.keeping.leader(),
      reachable: () => held.keeper?.keeping.reachable() ?? false,
      keepingSince: () => held.keeper?.keeping.keepingSince(),
      lastTurnAt: () => held.keeper?.keeping.lastTurnAt(),
      inventoryAt: () => held.keeper?.keeping.inventoryAt(),
      synced: () => held.keeper?.keeping.synced() ?? false,
      conditions: () => held.keeper?.keeping.conditions() ?? [],
      holds: (pool) => held.keeper?.keeping.holds(pool) ?? NO_HOLDS,
    };
    const measured = metrics({ pools: scenario.pools, present, release: '0.1.0' });
    const all = observers([measured]);
    const told = history({ startedAt: 0 });
    const sources = {
      ...present,
      startedAt: () => 0,
      release: '0.1.0',
      fleet: 'test',
      metrics: measured,
      history: told,
    };
    const api = await serve({ port: 0, sources });
    const keeper = await wireKeeper({
      ...{ world, scenario, pools, clock, electionTime: election, identity, dies, telemetry: all, watch: all.turn },
    });
    held.keeper = keeper;
    const scrape = async (): Promise<string> => (await fetch(`${api.url}/metrics`)).text();
    const end = async (): Promise<void> => {
      await keeper.stop();
      await api.close();
    };
    return { keeper, scrape, end };
  };

  const first = await start('keeper-0', { at: STANDS_STILL_AT, phase: 'paused' });
  const running = [first];
  const settled = (): Promise<void> =>
    quiet(
      world,
      running.map(({ keeper }) => keeper),
    );
  const leads = async ({ keeper }: typeof first): Promise<void> => {
    await settled();
    while (!keeper.keeping.isKeeping()) {
      election.goOn();
      await settled();
    }
  };
  try {
    await leads(first);
    const second = await start('keeper-1');
    running.push(second);
    await settled();
    let before: Scraped['before'] | undefined;
    while (!first.keeper.doors.isPaused) {
      if ((await advanced(world, clock, election, NEVER)) === undefined)
        throw new Error('the leader never stood still');
      await settled();
      const serving = [...first.keeper.keeping.keeper().blocks.values()].filter(({ state }) => state === 'serving');
      if (serving.length === 2) before ??= { leader: await first.scrape(), standby: await second.scrape() };
    }
    await leads(second);
    first.keeper.doors.goOn();
    const until = after(world.now(), minutes(2));
    while (world.now() < until && (await advanced(world, clock, election, until)) !== undefined) await settled();
    if (before === undefined) throw new Error('two blocks never served at once');
    return { before, after: { former: await first.scrape(), leader: await second.scrape() } };
  } finally {
    for (const { end } of running) await end();
    await world.close();
  }
}
