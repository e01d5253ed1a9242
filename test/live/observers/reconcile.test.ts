import { describe, expect, it } from 'vitest';
import type { Scenario } from '../../../sim/scenario/scenario.ts';
import { hours, minutes } from '../../../src/domain/time.ts';
import { ENDINGS } from '../../../src/domain/words.ts';
import type { Happening } from '../../../src/live/observers/happenings.ts';
import { history } from '../../../src/live/observers/history.ts';
import { metrics } from '../../../src/live/observers/metrics.ts';
import { observers } from '../../../src/live/observers/observers.ts';
import { aScenario, jobsEvery, MONDAY } from '../../support/aScenario.ts';
import { aStage, seriesIn, shipped, sumOf, watched } from './aWatch.ts';

/** Two days whose market is taken back again and again, under jobs that are longer than the notice. */
const rough = (): Scenario => {
  const scenario = aScenario({ jobs: jobsEvery(minutes(20), hours(1), MONDAY, MONDAY + hours(48)) });
  return {
    ...scenario,
    until: scenario.from + hours(48),
    market: { ...scenario.market, interruptions: { model: 'constant', hazardPerHour: 0.2 } },
  };
};

async function books(scenario: Scenario) {
  const stage = aStage();
  const { pools } = scenario;
  const counted = metrics({ pools, present: stage.present, release: '1' });
  const told = history({ startedAt: scenario.from, capacity: 100_000 });
  const watch = observers([stage, counted, told]);
  const { outcome, truth } = await watched(scenario, watch.turn);
  const series = seriesIn(await counted.text());
  return { outcome, truth, series, happened: told.since().entries.map(({ happening }): Happening => happening) };
}

/** The scenario with its drought, and without its last day. */
async function twoDays(): Promise<Scenario> {
  const scenario = await shipped('zone-drought');
  return { ...scenario, until: scenario.from + hours(48) };
}

/** Restarts lose facts, and the others come late and twice. */
async function disturbed(): Promise<Scenario> {
  const scenario = await twoDays();
  const restarts = [11, 17, 38, 39.5].map((hour) => scenario.from + hours(hour));
  return { ...scenario, disturbances: { restarts, repeats: 0.2, delays: 0.1 } };
}

const drought = once(async () => books(await twoDays()));
const harried = once(async () => books(await disturbed()));
const taken = once(() => books(rough()));

describe.each([
  ['zone-drought', drought],
  ['zone-drought, with restarts, and facts that come late and twice', harried],
  ['a rough market', taken],
])('the books of %s', (_, lived) => {
  it('balance: launches and lives are what the world saw, and each life ends once', async () => {
    const { outcome, series, happened } = await lived();
    expect(launchesIn(series)).toBe(outcome.blocks.launched);
    expect(endingsIn(series)).toEqual(outcome.blocks.ended);

    const gone = happened.flatMap((one) => (one.kind === 'transition' && one.to === 'gone' ? [one] : []));
    expect(new Set(gone.map(({ block }) => block)).size).toBe(gone.length);
    expect(gone.length).toBe(sumOf(series, 'spotkeeper_blocks_gone_total'));
    expect(sumOf(series, 'spotkeeper_block_lifetime_seconds_count')).toBe(
      gone.filter(({ instance }) => instance !== null).length,
    );
  });
});

describe('the count of killed jobs', () => {
  it('is how many the world saw die on blocks', async () => {
    const { outcome, truth, series, happened } = await taken();
    const gone = new Set(
      happened.flatMap((one) => (one.kind === 'transition' && one.to === 'gone' ? [one.block] : [])),
    );
    const kills = truth.kills.filter(({ blockId }) => blockId !== undefined && gone.has(blockId));
    expect(kills.length).toBeGreaterThan(0);
    expect(sumOf(series, 'spotkeeper_jobs_killed_total')).toBe(kills.length);
    expect(sumOf(series, 'spotkeeper_interruptions_total', 'kind="reclaim"')).toBeGreaterThanOrEqual(
      outcome.blocks.ended.interrupted,
    );
  });
});

describe('the estimated cost', () => {
  it('is the bill, but for the moments between what EC2 does and what is heard of it', async () => {
    const { outcome, series } = await drought();
    const estimated = sumOf(series, 'spotkeeper_estimated_cost_usd_total');
    expect(estimated).toBeGreaterThan(outcome.cost.leases * 0.99);
    // The estimate knows nothing of a first hour that EC2 gives back.
    expect(estimated).toBeLessThan(outcome.cost.leases * 1.02);
  });
});

/** A run is watched once for all that is asked of it. */
function once<Value>(make: () => Promise<Value>): () => Promise<Value> {
  let made: Promise<Value> | undefined;
  return () => (made ??= make());
}

const launchesIn = (series: ReadonlyMap<string, number>): number =>
  ['granted', 'found']
    .map((result) => sumOf(series, 'spotkeeper_launch_attempts_total', `result="${result}"`))
    .reduce((sum, count) => sum + count);

const endingsIn = (series: ReadonlyMap<string, number>) =>
  Object.fromEntries(
    ENDINGS.map((ending) => [ending, sumOf(series, 'spotkeeper_blocks_gone_total', `ending="${ending}"`)]),
  );
