import type { BlockBar, Outcome, Rival, RivalName, Rivals, ValueFrom, Variant } from '../../sim/outcome.ts';
import { hours, type Instant, minutes, seconds } from '../../src/domain/time.ts';
import type { Ending } from '../../src/domain/words.ts';

/** Monday 2026-03-02, midnight UTC. */
export const MONDAY: Instant = Date.UTC(2026, 2, 2);

const MARKETS = ['m5.2xlarge/us-east-1a', 'm5.2xlarge/us-east-1b'] as const;
const SLOTS = 15;
const DAYS = 3;
const ON_DEMAND_USD = 0.384;

/**
 * Three working days of a pool of 15, as a good simulation would tell them: operating hours from 8 to 20, six-hour leases
 * renewed at 14, on Tuesday morning a drought (slots 10 and up rest), a price spike at noon, an interruption on slot 4
 * that kills a job, and overflow while blocks were missing. The figures agree with the pictures.
 */
export function anOutcome(overrides: Partial<Outcome> = {}): Outcome {
  const from = MONDAY;
  const until = from + hours(24 * DAYS);
  const blocks = Array.from({ length: DAYS }, (_, day) => blocksOfDay(day)).flat();
  const leases = blocks.reduce((sum, { usd }) => sum + usd, 0);
  const overflow = overflowUsd();
  const waits = waitsOf();
  const sorted = waits.map(({ waitMs }) => waitMs).sort((a, b) => a - b);
  return {
    scenario: 'ci-week',
    about: 'Three working days of builds on fifteen blocks, with a drought on Tuesday morning.',
    label: 'weekly, surge, cheapest',
    composed: ['The price spike on Tuesday is made up.'],
    billing: 'per-second',
    seed: 7,
    from,
    until,
    turns: 1_204,
    digest: '5d41402abc4b2a76b9719d911017c592ae2d5d41402abc4b2a76b9719d911017',
    cost: costOf(leases, overflow, leases * 0.31, 2),
    servicePrices: { usdPerKill: 2, usdPerHourWaited: 1, usdPerJobMinute: 0 },
    jobs: {
      total: waits.length + 1,
      onBlocks: waits.length - 24,
      onOverflow: 24,
      waiting: 1,
      killed: 1,
      killedByAws: 1,
      killedByKeeper: 0,
      killedByTerm: 0,
      neverFinished: 0,
      runningAtEnd: 0,
      atOnce: waits.length - 30,
      waitMs: {
        p50: sorted[sorted.length >> 1] ?? 0,
        p95: sorted[Math.floor(sorted.length * 0.95)] ?? 0,
        max: minutes(14),
      },
      queuedMs: { mean: 9_000, p50: 0, p95: minutes(1), p99: minutes(3), max: minutes(14) },
    },
    blocks: {
      launched: blocks.length,
      peak: SLOTS,
      hours: blocks.length * 6,
      ended: { retired: blocks.length - 1, expired: 0, interrupted: 1, refused: 0, stillborn: 0, lost: 0 },
    },
    uncoveredBlockHours: 7.25,
    timeline: {
      blocks,
      wanted: daily([8, SLOTS], [20, 0]),
      allowed: daily([8, SLOTS], [20, 0]),
      serving: [
        ...daily([8.05, SLOTS], [13.92, SLOTS - 4], [14.05, SLOTS], [19.92, 0]).filter(({ at }) => dayOf(at) !== 1),
        ...[
          { at: clock(1, 8.05), value: 10 },
          { at: clock(1, 9.5), value: SLOTS },
          { at: clock(1, 10.5), value: SLOTS - 1 },
          { at: clock(1, 14.05), value: SLOTS },
          { at: clock(1, 19.92), value: 0 },
        ],
      ].sort((a, b) => a.at - b.at),
      overflow: overflowSteps(),
      jobsRunning: daily([8, 9], [9, 26], [12, 18], [13, 28], [18, 12], [20, 1], [22, 0]),
      jobsWaiting: [
        { at: from, value: 0 },
        { at: clock(1, 8), value: 6 },
        { at: clock(1, 8.4), value: 12 },
        { at: clock(1, 9.6), value: 0 },
        { at: clock(2, 13.9), value: 2 },
        { at: clock(2, 14.1), value: 0 },
      ],
      spent: spentOf(leases + overflow),
      prices: MARKETS.map((market, n) => ({ market, term: 'spot' as const, points: pricesOf(n) })),
      purchases: blocks.map(({ blockId, segments, market }) => ({
        at: segments[0]?.until ?? from,
        blockId,
        market: market ?? MARKETS[0],
        usdPerHour: market === MARKETS[1] ? 0.142 : 0.128,
      })),
      waits,
      killed: [
        { at: clock(1, 10.53), blockId: 'ci-4.3' },
        { at: clock(1, 16.2), blockId: 'on-demand' },
      ],
    },
    ...overrides,
  };
}

const NONE = { killed: 0, killedByAws: 0, killedByKeeper: 0, killedByTerm: 0, neverFinished: 0 };

/** The same days without a block: everything on the on-demand group. */
export const onDemandOnlyOf = (outcome: Outcome, total = 92.4): Outcome => ({
  ...outcome,
  label: 'on-demand only',
  cost: costOf(0, total, total * 0.4, 0),
  jobs: { ...outcome.jobs, onBlocks: 0, onOverflow: outcome.jobs.total, ...NONE },
  blocks: { launched: 0, peak: 0, hours: 0, ended: outcome.blocks.ended },
  uncoveredBlockHours: 540,
  timeline: { ...outcome.timeline, blocks: [], purchases: [], killed: [], spent: spentOf(total) },
});

/** The same days under the original scripts: dearer, and with more killed jobs. */
export const originalOf = (outcome: Outcome, total = 61.25): Outcome => ({
  ...outcome,
  label: 'original scripts',
  cost: costOf(total * 0.8, total * 0.2, total * 0.45, 18),
  jobs: { ...outcome.jobs, ...NONE, killed: 9, killedByAws: 2, killedByKeeper: 7 },
  timeline: { ...outcome.timeline, spent: spentOf(total) },
});

/** A spot group on these days: everything is overflow, and spot costs a third. */
const spotGroupOf = (outcome: Outcome, total: number, service: number): Outcome => ({
  ...onDemandOnlyOf(outcome),
  label: 'spot group',
  cost: costOf(0, total, total * 0.2, service),
  timeline: { ...onDemandOnlyOf(outcome).timeline, spent: spentOf(total) },
});

/** The same number of blocks at any hour. */
const fixedOf = (outcome: Outcome, total: number, service: number): Outcome => ({
  ...outcome,
  label: 'always',
  jobs: { ...outcome.jobs, ...NONE },
  cost: costOf(total, 0, total * 0.6, service),
  timeline: { ...outcome.timeline, spent: spentOf(total) },
});

/** Everything that these days are held against; by default the tuned spot group is the best of all. */
export function rivalsOf(outcome: Outcome, over: Partial<Rivals> = {}): Rivals {
  const rival = (name: RivalName, about: string, one: Outcome, blocks?: number): Rival => ({
    ...{ name, about, outcome: one },
    ...(blocks === undefined ? {} : { blocks }),
  });
  return {
    onDemandOnly: rival('onDemandOnly', '', onDemandOnlyOf(outcome)),
    onDemandTuned: rival('onDemandTuned', 'idle 1 min, none after an add', onDemandOnlyOf(outcome, 80)),
    spotGroup: rival('spotGroup', 'idle 10 min, 10 min after an add', spotGroupOf(outcome, 48, 3)),
    spotGroupTuned: rival('spotGroupTuned', 'idle 2 min, none after an add', spotGroupOf(outcome, 36, 3.5)),
    spotGroupBuffer: rival(
      'spotGroupBuffer',
      'idle 2 min, none after an add, 2 spare slots',
      spotGroupOf(outcome, 41, 1),
    ),
    bestFixed: rival(
      'bestFixed',
      '17 blocks at any hour: 99.1 % of the jobs start at once',
      fixedOf(outcome, 170, 0),
      17,
    ),
    cheapestFixed: rival(
      'cheapestFixed',
      '4 blocks at any hour: 61.0 % of the jobs start at once',
      fixedOf(outcome, 52, 4),
      4,
    ),
    original: rival('original', 'the algorithm of the scripts of 2021', originalOf(outcome)),
    bound: { total: 21.5, exact: true },
    foresight: { total: 24.1, exact: true },
    ...over,
  };
}

/** Variants that are named as their outcomes are labelled, the first of them the pools as they are. */
export const variantsOf = (outcomes: readonly Outcome[]): readonly Variant[] =>
  outcomes.map((outcome, n) => ({
    name: outcome.label,
    chosenBy: n === 0 ? '' : `write renewal: { policy: ${outcome.label} } in the pools file`,
    outcome,
  }));

const costOf = (leases: number, overflow: number, idle: number, service: number): Outcome['cost'] => ({
  ...{ total: leases + overflow, leases, overflow, idle, leasesIdle: Math.min(leases, idle) },
  ...{ service, together: leases + overflow + service },
});

const clock = (day: number, hour: number): Instant => MONDAY + hours(24 * day + hour);
const dayOf = (at: Instant): number => Math.floor((at - MONDAY) / hours(24));

function blocksOfDay(day: number): BlockBar[] {
  return Array.from({ length: SLOTS }, (_, slot) => [
    aBar(day, slot, 2 * day + 1, clock(day, 8), slot),
    aBar(day, slot, 2 * day + 2, clock(day, 14) + minutes(slot), slot),
  ]).flat();
}

function aBar(day: number, slot: number, generation: number, startsAt: Instant, lateMinutes: number): BlockBar {
  const rests = day === 1 && generation === 3 && slot >= 10;
  const isInterrupted = day === 1 && generation === 3 && slot === 4;
  const grantedAt = startsAt + seconds(40) + (rests ? minutes(80) : 0);
  const readyAt = grantedAt + seconds(130);
  const drainAt = isInterrupted ? clock(1, 10.5) : startsAt + hours(6) - minutes(12) + seconds(20 * lateMinutes);
  const goneAt = isInterrupted ? drainAt + minutes(2) : startsAt + hours(6) - minutes(1);
  const ending: Ending = isInterrupted ? 'interrupted' : 'retired';
  const segments: BlockBar['segments'] = [
    { state: 'requesting', from: startsAt, until: startsAt + seconds(40) },
    ...(rests ? [{ state: 'resting' as const, from: startsAt + seconds(40), until: grantedAt }] : []),
    { state: 'joining', from: grantedAt, until: readyAt },
    { state: 'serving', from: readyAt, until: drainAt },
    { state: 'draining', from: drainAt, until: goneAt },
    ...(isInterrupted ? [] : [{ state: 'terminating' as const, from: goneAt, until: goneAt + seconds(45) }]),
  ];
  const market = MARKETS[slot % 3 === 0 ? 1 : 0];
  const usd = ((goneAt - grantedAt) / hours(1)) * (slot % 3 === 0 ? 0.142 : 0.128);
  return {
    blockId: `ci-${slot}.${generation}`,
    pool: 'ci',
    slot,
    generation,
    segments,
    market,
    term: 'spot',
    usd,
    ending,
  };
}

const daily = (...edges: readonly (readonly [hour: number, value: number])[]): ValueFrom[] =>
  Array.from({ length: DAYS }, (_, day) => edges.map(([hour, value]) => ({ at: clock(day, hour), value }))).flat();

const overflowSteps = (): ValueFrom[] => [
  { at: MONDAY, value: 0 },
  { at: clock(1, 8.2), value: 3 },
  { at: clock(1, 8.5), value: 5 },
  { at: clock(1, 9.7), value: 2 },
  { at: clock(1, 10.1), value: 0 },
  { at: clock(1, 16), value: 1 },
  { at: clock(1, 17), value: 0 },
];

const overflowUsd = (): number =>
  overflowSteps().reduce((sum, { at, value }, n, steps) => {
    const next = steps[n + 1]?.at ?? at;
    return sum + ((next - at) / hours(1)) * value * ON_DEMAND_USD;
  }, 0);

/** Money is spent while blocks live; the last point is the total. */
const spentOf = (total: number): ValueFrom[] =>
  Array.from({ length: DAYS * 24 + 1 }, (_, hour) => {
    const worked = Math.floor(hour / 24) * 12 + Math.min(12, Math.max(0, (hour % 24) - 8));
    return { at: MONDAY + hours(hour), value: (total * worked) / (DAYS * 12) };
  });

const pricesOf = (n: number): ValueFrom[] => [
  { at: MONDAY, value: 0.128 + n * 0.014 },
  { at: clock(0, 15), value: 0.131 + n * 0.012 },
  { at: clock(1, 11.5), value: n === 0 ? 0.36 : 0.151 },
  { at: clock(1, 13), value: 0.129 + n * 0.013 },
];

/** A job every four minutes of the working day; those of the drought wait longest. */
const waitsOf = (): { at: Instant; waitMs: number }[] =>
  Array.from({ length: DAYS * 180 }, (_, n) => {
    const at = clock(Math.floor(n / 180), 8) + minutes((n % 180) * 4);
    const inDrought = dayOf(at) === 1 && at < clock(1, 9.5);
    return { at, waitMs: inDrought ? minutes(2 + (n % 13)) : n % 11 === 0 ? seconds(20 + (n % 90)) : 0 };
  });
