import type { Fact, FactOf, Sighting } from '../../src/domain/facts.ts';
import { SERVED } from '../../src/domain/nodeLabels.ts';
import { hours, type Instant, NEVER } from '../../src/domain/time.ts';
import { blockIdOf, type Lease, type Offer, tokenOf } from '../../src/domain/words.ts';
import { type Keeper, newKeeper } from '../../src/keeper/keeper.ts';
import { step } from '../../src/keeper/step.ts';
import type { Pool } from '../../src/pool/pool.ts';
import { cpuMs, median } from '../cpu.ts';
import { against, alone, type Figure } from '../figure.ts';

const [FEW, MANY] = [15, 10_000] as const;

/** Turns between two looks at the clock, and before the first. */
const SAMPLE = 50;

const ROUNDS = 5;

/** Makes a fact of one kind for the block at a place; the facts of one kind differ, so that none is heard twice. */
type Make = (place: number, at: Instant) => Fact;

/**
 * What a turn costs at 10,000 blocks beside one at 15, for each kind of fact; and how long the slowest of a hundred take.
 *
 * @param pools one pool, which is made as large as it has to be
 */
export function turnFigures(pools: readonly Pool[], from: Instant, budgetMs: number): readonly Figure[] {
  const few = stand(pools, FEW, from);
  const many = stand(pools, MANY, from);
  const kinds = Object.entries(makersOf(few.offer)).map(([kind, make]) => {
    // In turn, so that neither is measured while the code is still cold.
    const found = Array.from({ length: ROUNDS }, () =>
      [few, many].map((standing) => usPerTurn(standing, make, budgetMs / (2 * ROUNDS))),
    );
    const [at15, at10000] = [0, 1].map((size) => median(found.map((round) => round[size]!)));
    return against(`turn/10000-vs-15-blocks/${kind}`, 'us a turn', at10000!, at15!);
  });
  const worst = kinds.reduce((most, one) => ((one.ratio ?? 0) > (most.ratio ?? 0) ? one : most));
  return [
    {
      ...worst,
      name: 'turn/10000-vs-15-blocks',
      note: `the worst of ${kinds.length} kinds: ${worst.name.split('/')[2]}`,
    },
    ...kinds,
    alone('turn/p99-at-1000-blocks', 'ms', p99Of(stand(pools, 1_000, from), budgetMs)),
    alone('turn/p99-at-10000-blocks', 'ms', p99Of(many, budgetMs)),
  ];
}

/** A keeper whose blocks all serve. */
interface Standing {
  readonly keeper: Keeper;
  readonly blocks: number;
  readonly at: Instant;
  readonly offer: Offer;
}

function stand([first]: readonly Pool[], blocks: number, from: Instant): Standing {
  if (first === undefined) throw new Error('expected a pool, found none');
  const { spec, policies } = first;
  const allowance = { blocks, until: NEVER };
  const pool: Pool = {
    ...first,
    spec: { ...spec, maxBlocks: blocks + 1_000, surge: 5 },
    policies: { ...policies, operatingHours: { allowedAt: () => allowance } },
  };
  const offer: Offer = {
    ...{ instanceType: 'm5.2xlarge', zone: 'eu-central-1a', term: 'spot' },
    ...{ durationMs: hours(24), usdPerHour: 0.13 },
  };
  const sightings = Array.from({ length: blocks }, (_, place): Sighting => {
    const lease = leaseOf(offer, place, from);
    const node = { name: nodeOf(place), ready: true, cordoned: false, marks: [SERVED], jobs: jobsAt(place, 0, from) };
    return { blockId: idOf(place), attempt: 1, lease, node, seenAt: from };
  });
  const facts: readonly Fact[] = [
    { type: 'inventory.taken', at: from, sightings, generations: {}, complete: true },
    { type: 'offers.quoted', at: from + 1, pool: spec.name, offers: [offer], onDemandUsdPerHour: 0.384 },
    ...(policies.scaling.ignoresJobs === true ? [] : [workloadOf(blocks, 0, from + 2)]),
  ];
  let keeper = newKeeper([pool]);
  for (const fact of facts) keeper = step(keeper, fact).state;
  return { keeper, blocks, at: from + 10, offer };
}

const idOf = (place: number): string => blockIdOf('ci', place, 1);
const nodeOf = (place: number): string => `node-${place}`;

const leaseOf = (offer: Offer, place: number, at: Instant): Lease => ({
  instanceId: `i-${place}`,
  offer,
  // Not all at once: leases end through the day.
  startsAt: at - (place % 600),
  expiresAt: at - (place % 600) + offer.durationMs,
  hardEndAt: NEVER,
});

/** Two jobs on every block, one of which is another in each round. */
const jobsAt = (place: number, round: number, at: Instant) => [
  { id: `steady-${place}`, startedAt: at - 1_000 },
  { id: `job-${place}-${round}`, startedAt: at - 500 },
];

function workloadOf(blocks: number, waiting: number, at: Instant): FactOf<'workload.observed'> {
  const onBlocks = Object.fromEntries(Array.from({ length: blocks }, (_, place) => [idOf(place), 2]));
  const workload = { waiting, onBlocks, held: 0, overflow: 0, arrived: 1, jobsPerBlock: 2 };
  return { type: 'workload.observed', at, pool: 'ci', takenAt: at, workload };
}

const makersOf = (offer: Offer): Readonly<Record<string, Make>> => ({
  'clock.reached': (_, at) => ({ type: 'clock.reached', at }),
  'node.seen': seenAt,
  'node.emptied': (place, at) => ({ type: 'node.emptied', at, blockId: idOf(place), takenAt: at }),
  'offers.quoted': (_, at) => ({
    ...{ type: 'offers.quoted', at, pool: 'ci', onDemandUsdPerHour: 0.384 },
    offers: [{ ...offer, usdPerHour: 0.13 + (at % 10) / 1_000 }],
  }),
  'instance.atRisk': (place, at) => ({ type: 'instance.atRisk', at, blockId: idOf(place) }),
  'effect.failed': (place, at) => ({
    ...{ type: 'effect.failed', at, blockId: idOf(place), effect: 'labelNode', reason: 'of the bench' },
  }),
  'capacity.granted': (place, at) => ({
    ...{ type: 'capacity.granted', at, blockId: idOf(place), token: tokenOf(idOf(place), 1) },
    lease: leaseOf(offer, place, at),
  }),
  'instance.interrupted': (place, at) => ({
    ...{ type: 'instance.interrupted', at, blockId: idOf(place), reclaimAt: at + hours(20) },
  }),
  'instance.gone': (place, at) => ({ type: 'instance.gone', at, blockId: idOf(place), cause: 'unknown' }),
  'capacity.refused': (place, at) => ({
    ...{ type: 'capacity.refused', at, blockId: idOf(place), token: tokenOf(idOf(place), 1) },
    ...{ offer, refusal: 'no-capacity' },
  }),
  'effect.untried': (place, at) => ({
    ...{ type: 'effect.untried', at, blockId: idOf(place), effect: 'labelNode' },
    ...{ hindrance: 'no-leadership', reason: 'of the bench' },
  }),
  'offers.unknown': (_, at) => ({ type: 'offers.unknown', at, pool: 'ci', reason: 'of the bench' }),
  'template.changed': (_, at) => ({ type: 'template.changed', at, pool: 'ci', hash: `${at}` }),
  'jobs.unheld': (_, at) => ({ type: 'jobs.unheld', at, pool: 'ci', reason: 'of the bench' }),
});

function seenAt(place: number, at: Instant): Fact {
  const jobs = jobsAt(place, at, at);
  const node = { name: nodeOf(place), ready: true, cordoned: false, marks: [SERVED], jobs };
  return { type: 'node.seen', at, blockId: idOf(place), takenAt: at, node };
}

/**
 * Microseconds of one turn, garbage collection and all: the mean of as many as the budget has time for. What a block hears for the
 * second time it does not hear again: the keeper begins anew before so many have changed that the pool would.
 */
function usPerTurn({ keeper, blocks, at }: Standing, make: Make, budgetMs: number): number {
  const most = Math.max(5, Math.floor(blocks / 3));
  let state = keeper;
  let place = 0;
  const turns = (count: number): void => {
    for (let turn = 0; turn < count; turn += 1) {
      if (place === 0) state = keeper;
      state = step(state, make(place, at + place + 1)).state;
      place = (place + 1) % most;
    }
  };
  turns(SAMPLE);
  let taken = 0;
  const before = cpuMs();
  const until = before + budgetMs;
  do {
    turns(SAMPLE);
    taken += SAMPLE;
  } while (cpuMs() < until);
  return ((cpuMs() - before) / taken) * 1_000;
}

/** The 99th percentile of turns in which jobs come and go, in milliseconds. */
function p99Of({ keeper, blocks, at }: Standing, budgetMs: number): number {
  const taken: number[] = [];
  let state = keeper;
  const until = cpuMs() + budgetMs;
  for (let turn = 1; turn <= 2_000 && (turn < 100 || cpuMs() < until); turn += 1) {
    const fact = seenAt((turn * 7) % blocks, at + turn);
    const before = cpuMs();
    state = step(state, fact).state;
    taken.push(cpuMs() - before);
  }
  taken.sort((a, b) => a - b);
  return taken[Math.ceil(taken.length * 0.99) - 1] ?? Number.NaN;
}
