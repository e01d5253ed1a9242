import { z } from 'zod';
import { instanceType, lengthBetween } from '../../src/config/fields.ts';
import { DURATION_PROFILE_NAMES } from '../demand/durations.ts';
import type { ClusterSettings, JobClass } from './scenario.ts';

const share = () => z.number().min(0).max(1);

const resources = z.strictObject({
  cpu: z.number().min(0.001).max(10_000).describe('Processors'),
  memory: z.number().min(0.001).max(100_000).describe('GiB'),
});

/** `cluster` in a scenario, as it is written. */
export const cluster = z.strictObject({
  jobsPerNode: z
    .int()
    .min(1)
    .max(1000)
    .optional()
    .describe('Jobs that one node runs at once; 1 if left out, beside allocatable as many as fit'),
  allocatable: z
    .record(instanceType(), resources)
    .optional()
    .describe('What nodes offer to jobs, for every instance type in use; slots if left out'),
  scheduler: z
    .enum(['spread', 'pack'])
    .default('spread')
    .describe('spread: a job goes to the least allocated node with room. pack: to the most allocated one'),
  boot: z
    .strictObject({
      median: lengthBetween('1s', '1h')
        .prefault('70s')
        .describe('Half of the nodes are ready this long after the grant'),
      p95: lengthBetween('1s', '2h').prefault('160s').describe('95 in a hundred nodes are ready by then'),
      never: share().default(0).describe('Share of the nodes that never join (0 to 1)'),
    })
    .refine(({ median, p95 }) => p95 >= median, {
      path: ['p95'],
      error: 'expected a length of at least the median, found a shorter one',
    })
    .prefault({})
    .describe('From the grant of an instance to a ready node'),
  holds: z
    .strictObject({
      constant: lengthBetween('0s', '1h')
        .prefault('10s')
        .describe('The pod-scale-up-delay that every pod is created with, where a keeper holds jobs'),
      median: lengthBetween('1ms', '1h').prefault('200ms').describe('Half of the holds are on their pods by then'),
      p99: lengthBetween('1ms', '1h').prefault('1500ms').describe('99 in a hundred holds are on their pods by then'),
    })
    .refine(({ median, p99 }) => p99 >= median, {
      path: ['p99'],
      error: 'expected a length of at least the median, found a shorter one',
    })
    .prefault({})
    .describe('How the keeper holds jobs: not used where it holds none'),
  retryKilled: z.boolean().default(true).describe('Whether a job that lost its node is queued again from its start'),
});

/** `classes` in a scenario, as they are written. */
export const classes = z.record(
  z.string().min(1).max(100).describe('The name of a class, as the jobs have it'),
  z.strictObject({
    share: share().optional().describe('Of generated jobs the share that is of this class (0 to 1)'),
    durations: z
      .enum(DURATION_PROFILE_NAMES)
      .optional()
      .describe('How long generated jobs of this class last: a named profile of the generator'),
    requests: resources.optional().describe("What a job takes of a node's allocatable"),
    runsOn: z
      .enum(['anywhere', 'blocks', 'on-demand'])
      .default('anywhere')
      .describe("blocks: never on the group's nodes. on-demand: never on a block or on spot"),
  }),
);

export const clusterOf = (text: z.output<typeof cluster>): ClusterSettings => ({
  jobsPerNode: text.jobsPerNode ?? 1,
  ...(text.allocatable === undefined ? {} : { allocatable: text.allocatable }),
  ...(text.allocatable === undefined || text.jobsPerNode === undefined ? {} : { mostJobs: text.jobsPerNode }),
  scheduler: text.scheduler,
  boot: { medianMs: text.boot.median, p95Ms: text.boot.p95, never: text.boot.never },
  retryKilled: text.retryKilled,
  holds: {
    constantMs: text.holds.constant,
    latencyMs: { median: text.holds.median, p99: text.holds.p99 },
  },
});

export type ClassesText = z.output<typeof classes>;

export const classesOf = (text: ClassesText): Readonly<Record<string, JobClass>> =>
  Object.fromEntries(
    Object.entries(text).map(([name, { requests, runsOn }]): [string, JobClass] => [
      name,
      { ...(requests === undefined ? {} : { requests }), runsOn },
    ]),
  );
