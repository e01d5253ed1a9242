import type { Drought } from '../../sim/scenario/scenario.ts';
import { BadInput } from '../../src/config/mistakes.ts';
import type { PoolsFile } from '../../src/config/pools.ts';
import { hours, type Instant, isoOf, type Millis, minutes } from '../../src/domain/time.ts';
import { windowText } from '../import/window.ts';
import type { AvailabilityRow, JobRow, PriceRow } from '../records/rows.ts';
import { regionOf } from '../records/zones.ts';
import { type ClusterFacts, clusterFacts } from './clusterFacts.ts';
import { type EndedJob, type Gathered, joinedUp, marketsOf, partsOf, type Stretch } from './gathered.ts';
import { type OnDemandPrices, onDemandPrices } from './onDemandPrices.ts';
import { roomOf } from './room.ts';

/** Bounds of the window, where they are not those of the recording. */
export interface Wishes {
  readonly from?: Instant | undefined;
  readonly until?: Instant | undefined;
  /** USD per hour by instance type, before anything that is known otherwise. */
  readonly onDemand: Readonly<Record<string, number>>;
}

/** Everything that a scenario is made of, from recordings. */
export interface Distilled {
  readonly window: Stretch;
  readonly jobs: readonly JobRow[];
  readonly prices: readonly PriceRow[];
  readonly availability: readonly AvailabilityRow[];
  readonly droughts: readonly Drought[];
  readonly onDemand: OnDemandPrices['usdPerHour'];
  readonly cluster: ClusterFacts;
  /** What makes it no recorded week, a sentence each. */
  readonly composed: readonly string[];
  /** What else people should know. */
  readonly notes: readonly string[];
}

/** Recorders look at least this often; a longer silence is a gap. */
const NEAR_MS = minutes(10);

/** The only product that pools are of. */
const PRODUCT = 'Linux/UNIX';

const MOST_DROUGHTS = 1_000;
const MOST_DAYS = 92;

/** @throws BadInput where nothing can be made of it, naming the flag that helps */
export function distilled(gathered: Gathered, pools: PoolsFile, wishes: Wishes): Distilled {
  const stretches = joinedUp(gathered.watched, NEAR_MS);
  const window = windowOf(gathered, stretches, wishes);
  const markets = marketsOf(pools.pools);
  const jobs = jobsOf(gathered, window);
  const prices = pricesOf(gathered, markets, window);
  const room = roomOf(gathered, markets, window);
  const droughts = room.droughts.length <= MOST_DROUGHTS ? room.droughts : longest(room.droughts);
  const cluster = clusterFacts(gathered, pools, window);
  const types = new Set([...pools.pools.flatMap(({ instanceTypes }) => instanceTypes), cluster.groupType]);
  const onDemand = onDemandPrices(
    types,
    wishes.onDemand,
    pools.live?.onDemandUsdPerHour ?? {},
    regionOf(pools.pools[0]?.zones[0] ?? ''),
  );
  return {
    window,
    jobs: jobs.rows,
    prices: prices.rows,
    availability: room.availability,
    droughts,
    onDemand: onDemand.usdPerHour,
    cluster,
    composed: [
      ...sourceSentences(gathered, window, stretches),
      ...jobs.sentences,
      ...prices.sentences,
      ...roomSentences(gathered),
      ...(droughts === room.droughts
        ? []
        : [`of ${room.droughts.length} droughts the longest ${MOST_DROUGHTS} are kept`]),
      ...cluster.sentences,
      ...onDemand.sentences,
    ],
    notes: cluster.notes(onDemand.usdPerHour),
  };
}

/** What was watched; where nothing says so, from the first condition to the last. */
function windowOf({ prices, jobs }: Gathered, stretches: readonly Stretch[], wishes: Wishes): Stretch {
  const instants = [...prices.map(({ at }) => at), ...[...jobs.values()].map(({ queuedAt }) => queuedAt)].sort(
    (a, b) => a - b,
  );
  // What came before anybody watched is not all of that time; what came last was watched, whatever says so.
  const first = stretches[0]?.from ?? instants[0];
  const last = Math.max(
    stretches.at(-1)?.until ?? Number.NEGATIVE_INFINITY,
    instants.at(-1) ?? Number.NEGATIVE_INFINITY,
  );
  if (first === undefined)
    throw new BadInput([{ file: 'recordings', message: 'expected something recorded, found nothing but headers' }]);
  const from = wishes.from ?? Math.floor(first / minutes(1)) * minutes(1);
  const until = wishes.until ?? Math.ceil((last + 1) / minutes(1)) * minutes(1);
  if (until <= from) throw new BadInput([{ file: '--until', message: 'expected an instant after the beginning' }]);
  if (until - from > hours(24 * MOST_DAYS))
    throw new BadInput([
      {
        file: '--from',
        message: `expected at most ${MOST_DAYS} days, found ${windowText({ from, until })}: say --from and --until`,
      },
    ]);
  return { from, until };
}

function jobsOf(
  { jobs, blockJobs, placed }: Gathered,
  { from, until }: Stretch,
): { readonly rows: readonly JobRow[]; readonly sentences: readonly string[] } {
  const onBlocksOnly = jobs.size === 0;
  const inside: EndedJob[] = [...(onBlocksOnly ? blockJobs : jobs).values()]
    .filter(({ queuedAt, durationMs }) => queuedAt >= from && queuedAt < until && Math.round(durationMs) > 0)
    .sort((a, b) => a.queuedAt - b.queuedAt);
  if (inside.length === 0)
    throw new BadInput([
      { file: 'recordings', message: `expected jobs that ended, found none from ${windowText({ from, until })}` },
    ]);
  const running = [...placed].filter(([job, { at }]) => !jobs.has(job) && at < until).length;
  const unseen = inside.filter(({ atLeast }) => atLeast).length;
  return {
    // Names are never kept: they are numbers of a build, or ids of pods, and nothing asks for them.
    rows: inside.map(({ queuedAt, durationMs, class: name }, index) => ({
      ...{ job: `j${index + 1}`, queuedAt, durationMs },
      ...(name === undefined ? {} : { class: name }),
    })),
    sentences: [
      ...(onBlocksOnly
        ? [
            'jobs: only those on blocks were recorded, each taken as queued when it started; what ran on the on-demand group is missing, which spot-keeper record would see',
          ]
        : []),
      ...(running === 0 ? [] : [`jobs: ${running} still ran when the recording ended, and are left out`]),
      ...(unseen === 0 ? [] : [`jobs: ${unseen} ended while nothing was recorded, and last as long as they were seen`]),
    ],
  };
}

function pricesOf(
  { prices }: Gathered,
  markets: ReadonlySet<string>,
  { from, until }: Stretch,
): { readonly rows: readonly PriceRow[]; readonly sentences: readonly string[] } {
  const rows: PriceRow[] = [];
  const late: string[] = [];
  for (const market of markets) {
    const own = prices.filter((one) => one.market === market && one.at < until).sort((a, b) => a.at - b.at);
    const [first] = own;
    if (first === undefined) continue;
    const place = { ...partsOf(market), product: PRODUCT };
    // The last price from before the window is the one it begins with.
    const known = own.findLastIndex(({ at }) => at <= from);
    if (known < 0) {
      rows.push({ at: from, ...place, usdPerHour: first.usdPerHour });
      if (first.at - from > NEAR_MS) late.push(`${market} (${isoOf(first.at)})`);
    }
    for (const { at, usdPerHour } of own.slice(Math.max(0, known))) rows.push({ at, ...place, usdPerHour });
  }
  const more = late.length > 5 ? ` and ${late.length - 5} more` : '';
  return {
    rows: rows.sort((a, b) => a.at - b.at),
    sentences:
      late.length === 0
        ? []
        : [`prices: the first of ${late.slice(0, 5).join(', ')}${more} is taken to have held from the beginning`],
  };
}

function sourceSentences(
  { sources, parts, tornParts, gaps, poolsDiffer, translated }: Gathered,
  window: Stretch,
  stretches: readonly Stretch[],
): readonly string[] {
  const simulated = [...sources].filter((source) => source !== 'live' && source !== 'record');
  const silent = stretches
    .slice(1)
    .map(({ from }, index): Stretch => ({ from: stretches[index]?.until ?? from, until: from }))
    .filter(({ from, until }) => until > window.from && from < window.until);
  const lost = gaps.reduce((sum, { turns }) => sum + turns, 0);
  return [
    `distilled from ${parts} ${parts === 1 ? 'recording' : 'recordings'} of ${windowText(window)}`,
    ...(simulated.length === 0
      ? []
      : [`recorded in a simulation (${simulated.join(', ').slice(0, 200)}), not in a cluster`]),
    ...silent.slice(0, 5).map((gap) => `nothing was recorded from ${windowText(gap)}: jobs of that time are missing`),
    ...(silent.length > 5 ? [`and in ${silent.length - 5} more stretches nothing was recorded`] : []),
    ...(lost === 0 ? [] : [`${lost} turns were not recorded, because the disk was slow or refused`]),
    ...(translated === undefined ? [] : [translated]),
    ...(tornParts === 0 ? [] : [`${tornParts} of the recordings broke off in the middle of a line`]),
    ...(poolsDiffer ? ['the recordings are of different pools; those of the last are taken'] : []),
  ];
}

/** A keeper sees only what befalls its own blocks, and a recorder beside it none of that. */
function roomSentences({ sources }: Gathered): readonly string[] {
  if (sources.has('live'))
    return [
      'interruptions and scarcity are those that blocks met: markets in which none was, or was asked for, are taken as quiet',
    ];
  return sources.has('record')
    ? ['interruptions and scarcity were not recorded: every market is taken to have room, and nothing is taken back']
    : [];
}

const lengthMs = ({ from, until }: Drought): Millis => until - from;

const longest = (droughts: readonly Drought[]): readonly Drought[] =>
  droughts
    .toSorted((a, b) => lengthMs(b) - lengthMs(a))
    .slice(0, MOST_DROUGHTS)
    .sort((a, b) => a.from - b.from);
