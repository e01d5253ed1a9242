import { Temporal } from 'temporal-polyfill';
import type { AvailabilityRow, PriceRow } from '../data/records/rows.ts';
import type { Scenario } from '../sim/scenario/scenario.ts';
import { usualCluster, usualExtras, usualGroup, usualService } from '../sim/scenario/usual.ts';
import type { PolicyChoice, PoolsFile } from '../src/config/pools.ts';
import { type Instant, latest, minutes } from '../src/domain/time.ts';
import type { PolicySlot } from '../src/policy/definePolicy.ts';
import {
  AFTERWARDS_MS,
  BEFORE_MS,
  bootOf,
  type CheckWorld,
  DATES,
  INSTANCE_TYPE,
  leaseMsOf,
  minuteOf,
  OVERRUN_MS,
  USD_ON_DEMAND,
  wallTimes,
  zoneNameOf,
} from './checkWorld.ts';

/** The policies of a check's one pool. */
export type Choices = { readonly [Slot in PolicySlot]: PolicyChoice };

const PRODUCT = 'Linux/UNIX';

/** A check's world as a scenario, under these policies; the same that its folder is read back as. */
export function scenarioOf(world: CheckWorld, policies: Choices, promises: readonly PolicySlot[]): Scenario {
  const opensAt = opensAtOf(world);
  const from = opensAt - BEFORE_MS;
  const longestMs = minutes(Math.max(0, ...world.longJobs.map(({ minutes: length }) => length)));
  const until = opensAt + minutes(world.quarters * 15) + leaseMsOf(world) + longestMs + AFTERWARDS_MS;
  const within = (minute: number): Instant => Math.min(minuteOf(opensAt, minute), until - 1);
  const zones = world.prices.map((_, index) => zoneNameOf(index));
  const named = (index: number) => ({
    instanceType: INSTANCE_TYPE,
    zone: zones[index % zones.length] ?? zoneNameOf(0),
  });
  const stretches = (list: CheckWorld['droughts']) =>
    list.map(({ zone, at, minutes: length }) => ({
      ...named(zone),
      from: within(at),
      until: latest(within(at + length), within(at) + 1),
    }));
  return {
    name: 'counterexample',
    about: 'A world in which a policy was checked.',
    seed: world.seed,
    from,
    until,
    composed: ['everything is made up by a check of policies'],
    pools: poolsFileOf(world, zones, policies),
    market: {
      onDemand: { [INSTANCE_TYPE]: USD_ON_DEMAND },
      prices: pricesOf(world, from, within, named),
      spotShare: 0.3,
      spotBlock: { shareAt1h: 0.55, sharePerHour: 0.03, weekendPoints: 0 },
      availability: availabilityOf(stretches(world.reclaims), zones, from),
      droughts: stretches(world.droughts),
      interruptions: { model: 'none' },
    },
    jobs: [...world.jobs, ...world.longJobs]
      .map(({ at, minutes: length }) => ({ queuedAt: minuteOf(opensAt, at), durationMs: minutes(length) }))
      .sort((a, b) => a.queuedAt - b.queuedAt || a.durationMs - b.durationMs)
      .filter(({ queuedAt }) => queuedAt < until)
      .map((job, index) => ({ job: `j${index + 1}`, ...job })),
    classes: {},
    cluster: { ...usualCluster, jobsPerNode: world.jobsPerNode ?? 1, boot: bootOf(world) },
    onDemandGroup: { ...usualGroup, instanceType: INSTANCE_TYPE, maxNodes: 100 },
    billing: 'per-second',
    extras: usualExtras,
    service: usualService,
    expectations: {},
    disturbances: {
      restarts: world.restarts.map((minute) => within(minute)).sort((a, b) => a - b),
      repeats: world.repeats / 100,
      delays: world.delays / 100,
    },
    promises,
  };
}

/** The instant at which the window opens, as far as a world needs to know: close to where `weekly` has it on any day. */
export function opensAtOf({ zone, date, opensAt: { hour, minute } }: CheckWorld): Instant {
  const day = Temporal.PlainDate.from(DATES[date] ?? '2026-06-01');
  return day.toZonedDateTime({ timeZone: zone, plainTime: Temporal.PlainTime.from({ hour, minute }) })
    .epochMilliseconds;
}

/** The options of `weekly` for a world's window. */
export function weeklyOptionsOf(
  world: Pick<CheckWorld, 'zone' | 'opensAt' | 'quarters' | 'blocks' | 'moreBlocks'>,
): Readonly<Record<string, unknown>> {
  const { from, middle, to } = wallTimes(world);
  const { blocks, moreBlocks, zone } = world;
  const windows = [{ days: 'daily', from, to, blocks }];
  // The second half is a window of its own; where it begins after midnight it opens on the next day.
  if (moreBlocks > 0 && !middle.includes('+'))
    windows.push({ days: 'daily', from: middle === '24:00' ? from : middle, to, blocks: blocks + moreBlocks });
  return { zone, windows };
}

/** More than any world's jobs and hours ask for. */
const MOST_BLOCKS = 20;

/** The greatest number in options: a policy that is to hold more blocks than usual is no mistake in a check. */
const mostIn = (value: unknown): number => {
  if (typeof value === 'number') return value <= 1000 ? Math.ceil(value) : 0;
  return typeof value === 'object' && value !== null ? Math.max(0, ...Object.values(value).map(mostIn)) : 0;
};

function poolsFileOf(world: CheckWorld, zones: readonly string[], policies: Choices): PoolsFile {
  return {
    fleet: 'check',
    pools: [
      {
        name: 'ci',
        template: { autoScalingGroup: 'ci-on-demand' },
        instanceTypes: [INSTANCE_TYPE],
        zones,
        lease: { term: world.term, durationMs: leaseMsOf(world), overrunMs: OVERRUN_MS },
        policies,
        // Room for every block's successor: with less, small delays roll through a whole pool, and nobody is at fault.
        surge: world.blocks + world.moreBlocks + world.moreSurge,
        maxUnavailable: world.maxUnavailable,
        maxBlocks: Math.max(MOST_BLOCKS, mostIn(Object.values(policies).map(({ options }) => options))),
        launchRate: { launches: 20, perMs: minutes(5) },
        coolingMs: minutes(5),
        quoteMs: minutes(10),
        surplus: 'drain',
        holdsJobs: true,
        timeouts: {
          ...{ launchMs: minutes(5), joinMs: minutes(15), restMs: minutes(3), terminateMs: minutes(5) },
          evictMs: minutes(15),
        },
      },
    ],
  };
}

function pricesOf(
  world: CheckWorld,
  from: Instant,
  within: (minute: number) => Instant,
  named: (index: number) => { readonly instanceType: string; readonly zone: string },
): readonly PriceRow[] {
  const usd = (percent: number): number => Math.round(percent * USD_ON_DEMAND * 1e4) / 1e6;
  const rows = [
    ...world.prices.map((percent, index) => ({ at: from, ...named(index), usdPerHour: usd(percent) })),
    ...world.priceMoves.map(({ zone, at, percent }) => ({ at: within(at), ...named(zone), usdPerHour: usd(percent) })),
  ];
  // Of two moves at one instant the later in the list stands, in a file as in the track.
  const last = new Map(rows.map((row) => [`${row.zone} ${row.at}`, row]));
  return [...last.values()]
    .map((row) => ({ ...row, product: PRODUCT }))
    .sort((a, b) => a.at - b.at || (a.zone < b.zone ? -1 : 1));
}

/** Down while any stretch of the zone lasts, else up; every zone has a first row, so that none is unknown. */
function availabilityOf(
  stretches: readonly { readonly zone: string; readonly from: Instant; readonly until: Instant }[],
  zones: readonly string[],
  from: Instant,
): readonly AvailabilityRow[] {
  if (stretches.length === 0) return [];
  return zones.flatMap((zone) => {
    const own = stretches.filter((stretch) => stretch.zone === zone);
    const edges = [...new Set([from, ...own.flatMap((stretch) => [stretch.from, stretch.until])])].sort(
      (a, b) => a - b,
    );
    return edges.map((at) => {
      const down = own.some((stretch) => at >= stretch.from && at < stretch.until);
      return { at, instanceType: INSTANCE_TYPE, zone, instances: down ? 0 : 1 };
    });
  });
}
