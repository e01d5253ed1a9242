import fc from 'fast-check';
import type { MachineKind, PlacedJob, ReferenceQuestion } from '../../../sim/baselines/bound/question.ts';
import { marketOfScenario } from '../../../sim/market/market.ts';
import type { MarketSettings } from '../../../sim/scenario/scenario.ts';
import { hours, type Instant, type Millis, minutes } from '../../../src/domain/time.ts';

/** A Sunday evening, so that a block's price changes on the way. Everything but drawn reclaims happens on whole minutes. */
export const T0: Instant = new Date('2026-03-01T23:00:00Z').getTime();
export const TYPES = ['small', 'large'] as const;
export const ZONES = ['a', 'b'] as const;

export const PLAIN: MarketSettings = {
  onDemand: { small: 0.4, large: 0.9 },
  prices: [],
  spotShare: 0.3,
  spotBlock: { shareAt1h: 0.55, sharePerHour: 0.03, weekendPoints: 20 },
  availability: [],
  droughts: [],
  interruptions: { model: 'none' },
};

/** A job of a test; the name of one that goes on demand only begins with `demand`. */
export interface TestJob extends PlacedJob {
  readonly bootMs: Millis;
}

export function questionOf(
  settings: Partial<MarketSettings>,
  jobs: readonly TestJob[],
  machines: readonly MachineKind[],
  { lastsMs = hours(3), seed = 1, extraUsdPerHour = 0 } = {},
): ReferenceQuestion {
  const until = T0 + lastsMs;
  const place = { seed, from: T0, until, instanceTypes: TYPES, zones: ZONES, billing: 'per-second' as const };
  const bootOf = new Map(jobs.map(({ name, bootMs }) => [name, bootMs]));
  return {
    jobs,
    from: T0,
    until,
    market: marketOfScenario({ ...PLAIN, ...settings }, place),
    machines,
    boots: ({ name }) => bootOf.get(name) ?? 0,
    extraUsdPerHour: () => extraUsdPerHour,
    allowed: ({ name }, { term }) => term === 'on-demand' || !name.startsWith('demand'),
  };
}

export const jobAt = (
  minute: number,
  length: number,
  {
    boot = 0,
    requests = [1],
    name = `job ${minute} ${length}`,
  }: { boot?: number; requests?: number[]; name?: string } = {},
): TestJob => ({
  name,
  queuedAt: T0 + minutes(minute),
  durationMs: minutes(length),
  requests,
  bootMs: minutes(boot),
});

export const onDemand = (capacity: readonly number[], instanceType: string = TYPES[0]): MachineKind => ({
  instanceType,
  zone: 'a',
  term: 'on-demand',
  capacity,
  always: true,
});
export const spot = (
  capacity: readonly number[],
  zone: string = ZONES[0],
  instanceType: string = TYPES[0],
): MachineKind => ({
  instanceType,
  zone,
  term: 'spot',
  capacity,
});

const anyMinute = fc.integer({ min: 0, max: 180 }).map((minute) => T0 + minutes(minute));
const anyMarket = { instanceType: fc.constantFrom(...TYPES), zone: fc.constantFrom(...ZONES) };

const anySettings: fc.Arbitrary<Partial<MarketSettings>> = fc.record({
  prices: fc.array(
    fc.record({
      ...anyMarket,
      at: fc.oneof({ weight: 2, arbitrary: anyMinute }, { weight: 1, arbitrary: fc.constant(T0 - 1) }),
      product: fc.constant('Linux/UNIX'),
      usdPerHour: fc.integer({ min: 1, max: 12 }).map((cents) => cents / 10),
    }),
    { maxLength: 12 },
  ),
  availability: fc.oneof(
    { weight: 2, arbitrary: fc.constant([]) },
    {
      weight: 1,
      arbitrary: fc.array(fc.record({ ...anyMarket, at: anyMinute, instances: fc.integer({ min: 0, max: 3 }) }), {
        maxLength: 6,
      }),
    },
    // Room for one or two from the beginning, everywhere.
    {
      weight: 1,
      arbitrary: fc.tuple(fc.constantFrom(1, 2), anyMinute).map(([instances, at]) =>
        [instances, 2].map((room, row) => ({
          at: row === 0 ? T0 : at,
          instanceType: '*',
          zone: '*',
          instances: room,
        })),
      ),
    },
  ),
  droughts: fc.array(
    fc
      .tuple(anyMinute, fc.integer({ min: 1, max: 60 }), fc.constantFrom(...ZONES))
      .map(([from, length, zone]) => ({ from, until: from + minutes(length), zone })),
    { maxLength: 2 },
  ),
  interruptions: fc.constantFrom(
    { model: 'none' as const },
    { model: 'constant' as const, hazardPerHour: 0.4 },
    { model: 'constant' as const, hazardPerHour: 2 },
  ),
});

/** @param sizes the requests that jobs are drawn from @param capacities of a small and a large machine */
export function anyWorld(
  sizes: readonly number[][],
  [ofSmall, ofLarge]: readonly [number[], number[]],
  most = 7,
): fc.Arbitrary<ReferenceQuestion> {
  const anyJob = fc.record({
    minute: fc.oneof(fc.integer({ min: 0, max: 150 }), fc.integer({ min: 20, max: 50 })),
    length: fc.oneof(fc.integer({ min: 1, max: 15 }), fc.integer({ min: 1, max: 70 })),
    boot: fc.integer({ min: 0, max: 12 }),
    requests: fc.constantFrom(...sizes),
    kind: fc.constantFrom('any', 'any', 'any', 'demand'),
  });
  const kinds: MachineKind[] = [
    ...ZONES.flatMap((zone) => [spot(ofSmall, zone), spot(ofLarge, zone, 'large')]),
    { instanceType: 'small', zone: 'b', term: 'spot-block', durationMs: hours(1), capacity: ofSmall },
    { instanceType: 'large', zone: 'a', term: 'on-demand', capacity: ofLarge },
  ];
  return fc
    .record({
      settings: anySettings,
      jobs: fc.array(anyJob, { minLength: 1, maxLength: most }),
      machines: fc.subarray(kinds, { minLength: 1, maxLength: 3 }),
      seed: fc.integer({ min: 0, max: 1_000 }),
      lastsMs: fc.constantFrom(minutes(100), hours(3)),
      extraUsdPerHour: fc.constantFrom(0, 0.05),
    })
    .map(({ settings, jobs, machines, ...question }) =>
      questionOf(
        settings,
        jobs.map(({ minute, length, boot, requests, kind }, at) =>
          jobAt(minute, length, { boot, requests: [...requests], name: `${kind} ${at}` }),
        ),
        [...machines, onDemand(ofSmall), onDemand(ofLarge, 'large')].filter(isFirst),
        question,
      ),
    );
}

/** The plain on-demand kind stands aside for the one that can always be had. */
const isFirst = (machine: MachineKind, at: number, all: readonly MachineKind[]): boolean =>
  machine.always === true ||
  !all.some((other, place) => place > at && other.term === machine.term && other.instanceType === machine.instanceType);
