import type { ValueFrom } from '../sim/outcome.ts';
import { valueAt } from '../sim/result/coverage.ts';
import { type Instant, isoOf, minutes, NEVER } from '../src/domain/time.ts';
import { killedFor, outstayed } from './ends.ts';
import type { PoolLife } from './life.ts';
import type { Broken } from './probe.ts';
import { kept, unserved } from './scaled.ts';

/**
 * What a pool's policies promise besides the laws of their slots. Each is judged on what the world saw, most against the
 * same world under a built-in reference: what no policy could have had, such as capacity in a drought, counts for neither.
 */
export const PROMISES = ['answers', 'hours', 'jobs', 'cover', 'served', 'cost', 'calm', 'thrift', 'ends'] as const;
export type PromiseName = (typeof PROMISES)[number];

/** Uncovered block-time may be so many times the reference's, and so much more a block that was wanted. */
const COVER_FACTOR = 1.5;
const COVER_SLACK_MS = minutes(10);
/** A block that AWS took is missed until the next one has booted; where it stood was luck. */
const INTERRUPTION_SLACK_MS = minutes(8);

/** The bill may be so many times the reference's, and so much more. */
export const COST_FACTOR = 2.5;
const COST_SLACK_USD = 0.05;

/** As many launches as the reference's times so many, and so many more a block. */
const CALM_FACTOR = 2;
const CALM_SLACK = 3;

/**
 * `reference` is the same world under the built-in; `jobless` the same policy in the same world without a job, lived for
 * scaling policies only.
 */
type Judge = (own: PoolLife, reference: PoolLife, jobless: PoolLife | undefined) => Broken | undefined;

/** How each promise is judged. */
export const judges: Readonly<Record<PromiseName, Judge>> = {
  answers: ({ faults: [fault] }) =>
    fault === undefined ? undefined : { promise: 'answers', at: fault.at, sentence: fault.note },

  /** Nothing is bought while nothing is wanted. */
  hours: ({ requests, wanted }, { wanted: right }) => {
    const request = requests.find(({ at }) => valueAt(wanted, at) === 0 || valueAt(right, at) === 0);
    if (request === undefined) return undefined;
    const { at, blockId } = request;
    return { promise: 'hours', at, sentence: `block ${blockId} was bought at ${isoOf(at)}, when no block is wanted` };
  },

  jobs: (life) => {
    for (const { at, blockId = '' } of life.truth.kills) {
      const sentence = killedFor(life, at, blockId);
      if (sentence !== undefined) return { promise: 'jobs', at, sentence };
    }
    return undefined;
  },

  /** What is wanted serves when capacity is there. */
  cover: (own, reference, jobless) => {
    // A policy that looks at jobs does not hold all that is allowed; what it is held to is that jobs are served.
    if (jobless !== undefined) return undefined;
    const peak = Math.max(0, ...own.wanted.map(({ value }) => value));
    const taken = own.truth.instances.filter(({ instance }) => instance.goneCause === 'interrupted').length;
    const allowed =
      reference.missing.blockMs * COVER_FACTOR + COVER_SLACK_MS * Math.max(1, peak) + INTERRUPTION_SLACK_MS * taken;
    if (own.missing.blockMs <= allowed) return undefined;
    const worse = own.missing.stretches.find(
      (stretch) =>
        stretch.until - stretch.from >= minutes(1) &&
        !reference.missing.stretches.some(({ from, until }) => from < stretch.until && until > stretch.from),
    );
    const { from: at, until, blocks } = worse ?? own.missing.stretches[0] ?? { from: 0, until: 0, blocks: 0 };
    return {
      promise: 'cover',
      at,
      sentence: `${blocks} of the wanted blocks did not serve from ${isoOf(at)} to ${isoOf(until)}; in all ${inMinutes(own.missing.blockMs)} block-minutes were not served, and ${inMinutes(reference.missing.blockMs)} under the built-in reference`,
    };
  },

  served: (own, reference, jobless) => (jobless === undefined ? undefined : unserved(own, reference)),

  cost: (own, reference) => {
    const allowed = reference.cost.total * COST_FACTOR + COST_SLACK_USD;
    if (own.cost.total <= allowed) return undefined;
    return {
      promise: 'cost',
      at: own.truth.until,
      sentence: `the bill is ${own.cost.total.toFixed(2)} USD, more than ${COST_FACTOR} times the ${reference.cost.total.toFixed(2)} USD of the built-in reference`,
    };
  },

  /** Blocks are not bought and given up in turn. */
  calm: (own, reference, jobless) => {
    const peak = Math.max(1, ...own.wanted.map(({ value }) => value));
    // One that looks at jobs may buy for each of them.
    const forJobs = jobless === undefined ? 0 : own.truth.jobs.length;
    const allowed = CALM_FACTOR * reference.truth.instances.length + CALM_SLACK * peak + forJobs;
    // What AWS took had to be bought again; where it took it was luck.
    const instances = own.truth.instances.filter(({ instance }) => instance.goneCause !== 'interrupted');
    if (instances.length <= allowed) return undefined;
    const at = instances[allowed]?.instance.lease.startsAt ?? own.truth.until;
    return {
      promise: 'calm',
      at,
      sentence: `${instances.length} instances were launched, and ${reference.truth.instances.length} under the built-in reference`,
    };
  },

  thrift: (own, _reference, jobless) => (jobless === undefined ? undefined : kept(own, jobless)),

  ends: (life) => {
    for (const paid of life.truth.instances) {
      const late = outstayed(life, paid);
      if (late !== undefined) return { promise: 'ends', ...late };
    }
    return undefined;
  },
};

const inMinutes = (ms: number): string => (ms / minutes(1)).toFixed(1);

/** The next instant at which two step functions differ; NEVER if they never do before `until`. */
export function firstDifference(a: readonly ValueFrom[], b: readonly ValueFrom[], until: Instant): Instant {
  const edges = [...new Set([...a, ...b].map(({ at }) => at))].sort((x, y) => x - y);
  return edges.find((at) => at < until && valueAt(a, at) !== valueAt(b, at)) ?? NEVER;
}
