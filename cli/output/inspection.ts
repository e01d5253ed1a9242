import type { JobRules, JobStats } from '../../data/records/jobStats.ts';
import { BLOCK_PRICE, type Leasing } from '../../data/records/leasing.ts';
import type { PriceStats } from '../../data/records/priceStats.ts';
import type { TraceStats } from '../../data/records/traceStats.ts';
import { hours, type Instant, isoOf, type Millis, minutes, seconds } from '../../src/domain/time.ts';
import { lengthOf } from '../../src/policy/options.ts';
import { table } from './table.ts';

/**
 * The statistics of prices as a table, and what its numbers mean.
 *
 * @param lastAt the last row of all markets.
 */
export function pricesText(
  markets: readonly PriceStats[],
  lastAt: Instant,
  usdOnDemand: number | undefined,
): readonly string[] {
  const right = (heading: string) => ({ heading, align: 'right' }) as const;
  const compared = usdOnDemand !== undefined;
  const text = table(
    [
      ...[{ heading: 'type' }, { heading: 'zone' }, { heading: 'product' }, right('points'), right('hours')],
      ...['USD', 'USD hour-start', 'min', 'mean', 'max'].map(right),
      ...(compared ? ['crossings', 'hours at or below', 'saving'].map(right) : []),
    ],
    markets.map((market) => [
      ...[market.instanceType, market.zone, market.product, String(market.points), fixed(market.hours, 2)],
      ...[fixed(market.usdTotal, 6), fixed(market.usdTotalHourStart, 6)],
      ...[market.min, market.mean, market.max].map((price) => fixed(price, 6)),
      ...(compared
        ? [String(market.upcrossings), fixed(market.hoursAtOrBelowOnDemand ?? null, 2), percent(market.saving ?? null)]
        : []),
    ]),
  );
  const froms = new Set(markets.map(({ from }) => from));
  const [until = 0] = markets.map((market) => market.until);
  const from = froms.size === 1 ? isoOf([...froms][0] ?? 0) : "each market's first row";
  return [
    text,
    '',
    `window: from ${from} until before ${isoOf(until)}`,
    ...(until > lastAt
      ? [`assumed: the prices of the last rows, the latest at ${isoOf(lastAt)}, hold until the end`]
      : []),
    'points: rows in the window, and the one before it that gives the price at its start',
    'USD: one instance all the time, price times seconds / 3600; hour-start: each started hour at the price when it began',
    'min, mean, max: USD per hour in force; the mean is weighted by time',
    ...(compared
      ? [
          `crossings: times the price rose from at most ${usdOnDemand} (on-demand) to above it`,
          `saving: 1 - USD / (${usdOnDemand} x hours); negative where spot cost more`,
        ]
      : []),
  ];
}

/** The statistics of availability as a table, and what its numbers mean. */
export function availabilityText(
  files: readonly (TraceStats & { readonly file: string })[],
  usdCheapest: number | null | undefined,
  usdOnDemand: number | undefined,
): readonly string[] {
  const lengths = Object.keys(files[0]?.survival ?? {});
  const text = table(
    [
      { heading: 'file' },
      ...['ticks', 'gap', 'up', 'preemptions', 'USD while up', 'USD with on-demand']
        .concat(lengths.map((length) => `survival ${length} h`))
        .map((heading) => ({ heading, align: 'right' }) as const),
    ],
    files.map(({ file, ticks, gapSeconds, upFraction, preemptions, usdWhileUp, usdWithOnDemand, survival }) => [
      ...[file, String(ticks), `${gapSeconds} s`, percent(upFraction), String(preemptions)],
      ...[fixed(usdWhileUp, 4), fixed(usdWithOnDemand, 4)],
      ...lengths.map((length) => fixed(survival[length] ?? null, 4)),
    ]),
  );
  return [
    text,
    '',
    ...(usdCheapest === undefined
      ? []
      : [
          `cheapest available: ${fixed(usdCheapest, 4)} USD, each tick in the cheapest file that is up, else on-demand`,
        ]),
    'up: ticks with at least one instance; preemptions: ticks that are down after one that was up',
    'USD while up: one instance, the price of each tick that is up',
    `USD with on-demand: the same, and ${usdOnDemand === undefined ? '--on-demand' : `${usdOnDemand} USD per hour`} at each tick that is down`,
    'survival: of the leases of floor(hours x 3600 / gap) ticks that start at an up tick and end in the recording, the share that stays up',
    '-: not known from these data',
  ];
}

/** What fixed-duration leases would have come to for the same jobs, beside paying on-demand for just the time in use. */
export function leasingText(
  { noReuse, reuse }: { readonly noReuse: Leasing; readonly reuse: Leasing },
  { jobHours }: JobStats,
): readonly string[] {
  const row = (name: string, { leases, leaseHours, cost }: Leasing): readonly string[] => [
    ...[name, String(leases), String(leaseHours), fixed(cost, 2)],
  ];
  return [
    table(
      [
        { heading: 'leased' },
        ...['leases', 'lease-hours', 'cost'].map((heading) => ({ heading, align: 'right' }) as const),
      ],
      [
        row('a lease for each job', noReuse),
        row('leases used again', reuse),
        ['on-demand, just the time in use', '', '', fixed(jobHours, 2)],
      ],
    ),
    '',
    'leases: one job a machine, whole hours, no boot time, every job at its recorded start; cost in on-demand machine-hours,',
    `a lease of k hours at k x (${BLOCK_PRICE.shareAt1h} + ${BLOCK_PRICE.sharePerHour} x (k - 1))`,
  ];
}

/** The statistics of jobs as a table, and what its numbers mean. */
export function jobsText(stats: JobStats, { percentile, concurrency, windowMs }: JobRules): readonly string[] {
  const { durationMs, concurrency: atOnce, queueingMs } = stats;
  const rule =
    percentile === 'nearest-above'
      ? 'element at 0-based index ceil(p x n) of the sorted list, the last at most'
      : 'interpolated between the elements around (n - 1) x p';
  const counted =
    concurrency === 'windows'
      ? `jobs that touch a window of ${lengthOf(windowMs)} of the calendar, from that of the first start to that of the last finish`
      : 'jobs that run at an instant; a percentile is what is not exceeded for that share of the time';
  return [
    table(
      [
        { heading: '' },
        ...['p50', 'p90', 'p95', 'p99', 'max'].map((heading) => ({ heading, align: 'right' }) as const),
      ],
      [
        ['length', ...[durationMs.p50, durationMs.p90, durationMs.p95, durationMs.p99, durationMs.max].map(clock)],
        ['at once', fixed(atOnce.p50, 0), fixed(atOnce.p90, 0), '', '', fixed(atOnce.max, 0)],
        ...(queueingMs === null
          ? []
          : [['queued', clock(queueingMs.p50), '', clock(queueingMs.p95), '', clock(queueingMs.max)]]),
      ],
    ),
    '',
    ...classesText(stats),
    `${stats.jobs} jobs, ${fixed(stats.jobHours, 4)} job-hours, ${stats.executionMinutes} execution minutes`,
    `from the first start at ${isoOf(stats.from)} to the last finish at ${isoOf(stats.until)}`,
    `percentile (${percentile}): ${rule}`,
    `at once (${concurrency}): ${counted}`,
    queueingMs === null
      ? 'queued: not known from these data'
      : `queued: from queueing to start, of the ${queueingMs.jobs} jobs that tell both`,
    "execution minutes: each job's length rounded up to whole minutes, then added",
  ];
}

/** More classes than a person reads; the others have fewer hours. */
const MOST_CLASSES = 20;

/** A table of the classes, unless there is only one. */
function classesText({ classes }: JobStats): readonly string[] {
  if (classes.length < 2) return [];
  const more = classes.length - MOST_CLASSES;
  return [
    table(
      [
        { heading: 'class' },
        ...['jobs', 'p50', 'p95', 'of the hours'].map((heading) => ({ heading, align: 'right' }) as const),
      ],
      classes
        .slice(0, MOST_CLASSES)
        .map(({ name, jobs, p50, p95, shareOfHours }) => [
          name ?? 'no class',
          String(jobs),
          clock(p50),
          clock(p95),
          percent(shareOfHours),
        ]),
    ),
    ...(more > 0 ? [`and ${more} more classes with fewer hours`] : []),
    '',
  ];
}

const fixed = (value: number | null, digits: number): string => (value === null ? '-' : value.toFixed(digits));

const percent = (share: number | null): string => (share === null ? '-' : `${(share * 100).toFixed(1)} %`);

/** `1:02:03`, to the second. */
function clock(lengthMs: Millis): string {
  const whole = Math.round(lengthMs / seconds(1)) * seconds(1);
  const two = (count: number): string => String(Math.floor(count)).padStart(2, '0');
  return `${Math.floor(whole / hours(1))}:${two((whole % hours(1)) / minutes(1))}:${two((whole % minutes(1)) / seconds(1))}`;
}
