import fc from 'fast-check';
import { TERMS } from '../src/domain/words.ts';
import { type CheckWorld, DATES, LONGEST_JOB_MINUTES, SHORT_JOB_MINUTES, ZONES } from './checkWorld.ts';

/** What a check leaves out of its worlds, where a policy says that it makes no promise about it. */
export interface WorldOptions {
  /** Blocks at most; 4 if left out. */
  readonly mostBlocks?: number;
  /** Nodes that have room for several jobs, among others; left out, a node has one job. */
  readonly severalJobs?: boolean;
}

/** Worlds of an hour to half a day, with all that may befall them; each shrinks towards a quiet morning with one block. */
export function checkWorlds({ mostBlocks = 4, severalJobs = false }: WorldOptions = {}): fc.Arbitrary<CheckWorld> {
  const minute = fc.integer({ min: 0, max: 720 });
  const zone = fc.integer({ min: 0, max: 2 });
  const percent = fc.integer({ min: 10, max: 40 });
  const stretch = fc.record({ zone, at: minute, minutes: fc.integer({ min: 5, max: 180 }) });
  const worlds = fc.record({
    seed: fc.nat(0xffff),
    zone: fc.constantFrom(...ZONES),
    date: fc.nat(DATES.length - 1),
    opensAt: fc.record({ hour: fc.nat(23), minute: fc.constantFrom(0, 15, 30, 45) }),
    quarters: fc.integer({ min: 8, max: 48 }),
    blocks: fc.integer({ min: 1, max: mostBlocks }),
    moreBlocks: fc.constantFrom(0, 0, 1, 2),
    moreSurge: fc.constantFrom(0, 0, 1),
    maxUnavailable: fc.constantFrom(1, 1, 0),
    term: fc.constantFrom(...TERMS),
    leaseHours: fc.integer({ min: 1, max: 6 }),
    prices: fc.array(percent, { minLength: 1, maxLength: 3 }),
    priceMoves: fc.array(fc.record({ zone, at: minute, percent }), { maxLength: 4 }),
    droughts: fc.array(stretch, { maxLength: 2 }),
    reclaims: fc.array(stretch, { maxLength: 1 }),
    bootSeconds: fc.integer({ min: 30, max: 120 }),
    jobs: fc.array(
      fc.record({ at: minute, minutes: fc.integer({ min: 1, max: SHORT_JOB_MINUTES }) }),
      // Jobs are most of what happens, and a policy must not do well only while nothing runs.
      { maxLength: 60, size: 'max' },
    ),
    longJobs: fc.array(
      fc.record({ at: minute, minutes: fc.integer({ min: SHORT_JOB_MINUTES + 1, max: LONGEST_JOB_MINUTES }) }),
      { maxLength: 3 },
    ),
    restarts: fc.array(minute, { maxLength: 2 }),
    repeats: fc.constantFrom(0, 0, 10, 30),
    delays: fc.constantFrom(0, 0, 10),
    jobsPerNode: severalJobs ? fc.constantFrom(1, 1, 2, 5) : fc.constant(1),
  });
  // How jobs come is what scaling reckons with, too.
  return severalJobs ? worlds.map(pushed) : worlds;
}

/** Jobs that come within so many minutes come with one push where a world has pushes. */
const PUSH_MINUTES = 90;

/** In one world of three many jobs come at once, as a push starts them. By the seed, so that worlds of a seed stay what they were. */
const pushed = (world: CheckWorld): CheckWorld =>
  world.seed % 3 === 1
    ? { ...world, jobs: world.jobs.map((job) => ({ ...job, at: Math.floor(job.at / PUSH_MINUTES) * PUSH_MINUTES })) }
    : world;
