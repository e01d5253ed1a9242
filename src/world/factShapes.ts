import { z } from 'zod';
import type { Fact, FactOf, JobSeen, NodeSeen, Sighting, Workload } from '../domain/facts.ts';
import { REFUSAL_SCOPES } from '../domain/refusalScope.ts';
import { type Lease, type Offer, TERMS } from '../domain/words.ts';
import { count, held, instant, text } from './shapes.ts';

const offer = z.object({
  instanceType: text,
  zone: text,
  term: z.enum(TERMS),
  durationMs: z.number().nonnegative(),
  usdPerHour: z.number().nonnegative(),
}) satisfies z.ZodType<Offer>;

const lease = z.object({
  instanceId: text,
  offer,
  startsAt: instant,
  expiresAt: instant,
  hardEndAt: instant,
}) satisfies z.ZodType<Lease>;

const job = z.object({
  id: text,
  startedAt: instant,
  endedAt: instant.exactOptional(),
}) satisfies z.ZodType<JobSeen>;

const node = z.object({
  name: text,
  ready: z.boolean(),
  unreadySince: instant.exactOptional(),
  cordoned: z.boolean(),
  marks: z.array(text),
  jobs: z.array(job).exactOptional(),
}) satisfies z.ZodType<NodeSeen>;

const sighting = z.object({
  blockId: text,
  attempt: count,
  lease,
  node: node.exactOptional(),
  seenAt: instant.exactOptional(),
}) satisfies z.ZodType<Sighting>;

const workload = z.object({
  waiting: count,
  waitingSince: instant.exactOptional(),
  onBlocks: z.record(text, count),
  held: count,
  overflow: count,
  arrived: count,
  jobsPerBlock: z.int().positive(),
}) satisfies z.ZodType<Workload>;

const ofBlock = { at: instant, blockId: text };
const ofPool = { at: instant, pool: text };
const unperformed = {
  effect: z.enum([
    'requestCapacity',
    'cancelRequest',
    'terminateInstance',
    'cordonNode',
    'uncordonNode',
    'findNode',
    'labelNode',
  ]),
  token: text.exactOptional(),
  reason: text,
};

/**
 * The fields of every fact: what recordings are read by and test worlds are made from. The compiler holds it against the
 * type, so a fact that is added is added here too.
 */
export const FACT_SHAPES = {
  'clock.reached': z.object({ at: instant }),
  'inventory.taken': z.object({
    at: instant,
    sightings: z.array(sighting),
    generations: z.record(text, count),
    complete: z.boolean(),
    observations: z.record(text, z.unknown()).exactOptional(),
  }),
  'offers.quoted': z.object({
    ...ofPool,
    offers: z.array(offer),
    onDemandUsdPerHour: z.number().nonnegative().exactOptional(),
  }),
  'offers.unknown': z.object({ ...ofPool, reason: text }),
  'workload.observed': z.object({ ...ofPool, takenAt: instant, workload: workload.nullable() }),
  'jobs.unheld': z.object({ ...ofPool, reason: text }),
  'template.changed': z.object({ ...ofPool, hash: text }),
  'capacity.granted': z.object({ ...ofBlock, token: text, lease }),
  'capacity.refused': z.object({
    ...ofBlock,
    token: text,
    offer,
    refusal: z.enum([
      ...['no-capacity', 'subnet-full', 'quota', 'throttled'],
      ...['bad-template', 'forbidden', 'unsupported-term', 'cancelled'],
    ] as const),
    scope: z.enum(REFUSAL_SCOPES).exactOptional(),
    retryAt: instant.exactOptional(),
  }),
  'instance.interrupted': z.object({ ...ofBlock, reclaimAt: instant }),
  'instance.atRisk': z.object(ofBlock),
  'instance.gone': z.object({ ...ofBlock, cause: z.enum(['terminated', 'schedule', 'interrupted', 'unknown']) }),
  'node.seen': z.object({ ...ofBlock, takenAt: instant, node: node.nullable() }),
  'node.emptied': z.object({ ...ofBlock, takenAt: instant, leaving: z.array(text).exactOptional() }),
  'effect.failed': z.object({ ...ofBlock, ...unperformed }),
  'effect.untried': z.object({
    ...ofBlock,
    ...unperformed,
    hindrance: z.enum(['no-leadership', 'ledger-closed', 'template-unread']),
  }),
} satisfies { readonly [Type in Fact['type']]: z.ZodType<Omit<FactOf<Type>, 'type'>> };

/** A fact as it was written down. @throws TypeError that names what is wrong with it, and where */
export function factIn(value: unknown): Fact {
  held(value, FACT_SHAPES, 'fact');
  // The shape of its type was checked, which TypeScript does not see through the table.
  return value as Fact;
}
