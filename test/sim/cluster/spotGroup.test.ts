import { describe, expect, it } from 'vitest';
import type { AvailabilityRow, PriceRow } from '../../../data/records/rows.ts';
import { billOf } from '../../../sim/result/bill.ts';
import type { Scenario } from '../../../sim/scenario/scenario.ts';
import { usualService } from '../../../sim/scenario/usual.ts';
import { seconds } from '../../../src/domain/time.ts';
import { aPoolConfig, aScenario, MONDAY } from '../../support/aScenario.ts';
import { aWorld, type ShortJob, type Timeline, withKeeper, withoutKeeper } from './aTimeline.ts';

const TYPE = 'm5.2xlarge';

const price = (zone: string, usdPerHour: number): PriceRow => ({
  ...{ at: MONDAY, instanceType: TYPE, product: 'Linux/UNIX' },
  ...{ zone: `us-east-1${zone}`, usdPerHour },
});

const room = (zone: string, at: number, instances: number): AvailabilityRow => ({
  ...{ at: MONDAY + seconds(at), instanceType: TYPE },
  ...{ zone: `us-east-1${zone}`, instances },
});

/** Zone a at 0.10 USD an hour and zone b at 0.12; on demand 0.40. */
const aSpotWorld = (
  jobs: readonly ShortJob[],
  availability: readonly AvailabilityRow[] = [],
  over: Partial<Scenario> = {},
): Scenario =>
  aWorld(jobs, {
    group: { buys: 'spot' },
    scenario: {
      market: { ...aScenario().market, prices: [price('a', 0.1), price('b', 0.12)], availability },
      ...over,
    },
  });

const boughtIn = ({ truth }: Timeline): readonly string[] =>
  truth.overflow.map(({ offer }) => offer?.zone ?? 'on-demand');

describe('a group that buys spot', () => {
  it('buys the cheapest and pays the price of the market', async () => {
    const scenario = aSpotWorld([[3, 100]]);
    const found = await withoutKeeper(scenario);
    expect(found.nodes).toEqual(['group-0 15 to 775']);
    expect(boughtIn(found)).toEqual(['us-east-1a']);
    const { overflow, leases, total } = billOf(found.truth, scenario.onDemandGroup, usualService);
    expect(overflow).toBeCloseTo((0.1 * 760) / 3600, 6);
    expect([leases, total]).toEqual([0, overflow]);
  });

  it('takes the next market where one has no room, and on-demand where none has', async () => {
    const two = [room('a', 0, 2), room('b', 0, 2)];
    const found = await withoutKeeper(
      aSpotWorld(
        Array.from({ length: 5 }, () => [3, 100]),
        two,
      ),
    ); // prettier-ignore
    expect(boughtIn(found)).toEqual(['us-east-1a', 'us-east-1a', 'us-east-1b', 'us-east-1b', 'on-demand']);
    expect(found.nodes.at(-1)).toBe('on-demand-4 15 to 775');
  });

  it('loses its nodes with the market: cordoned two minutes before, and the jobs are queued again', async () => {
    // Zone a is taken back at 300. The second job finds the first node cordoned since 180, the one bought for it at 210 is
    // cordoned before it is ready, and both jobs go on in zone b, on a node bought at 280.
    const scenario = aSpotWorld(
      [
        [3, 600],
        [200, 10],
      ],
      [room('a', 0, 2), room('a', 300, 0)],
      {},
    ); // prettier-ignore
    const twoSlots = { ...scenario, cluster: { ...scenario.cluster, jobsPerNode: 2 } };
    const found = await withoutKeeper(twoSlots);
    expect(found.nodes[0]).toBe('group-0 15 to 300');
    expect(boughtIn(found)).toEqual(['us-east-1a', 'us-east-1a', 'us-east-1b']);
    expect(found.starts).toEqual([75, 345]);
    const [first, second] = found.truth.jobs;
    expect(first).toMatchObject({ killed: 1, queuedMs: seconds(72 + 45), finishedAt: MONDAY + seconds(945) });
    expect(second).toMatchObject({ killed: 0 });
    expect(found.truth.kills).toMatchObject([{ by: 'aws', blockId: undefined, job: 'j0' }]);
    expect(found.truth.overflow[0]).toMatchObject({ endedBy: 'aws' });
  });

  it('shares what room there is with blocks', async () => {
    const pools = { fleet: 'test', pools: [aPoolConfig({ zones: ['us-east-1a'] })] };
    const jobs = [
      [600, 300],
      [600, 300],
      [600, 300],
    ] as const; // prettier-ignore
    const found = await withKeeper(aSpotWorld(jobs, [room('a', 0, 2)], { pools }));
    expect(found.truth.instances).toHaveLength(2);
    expect(boughtIn(found)).toEqual(['on-demand']);
  });
});
