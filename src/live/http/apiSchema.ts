import { z } from 'zod';
import { BLOCK_STATES, ENDINGS, type Refusal, TERMS } from '../../domain/words.ts';

/**
 * What the API answers, exactly: objects have these fields and no others. Instants are ISO 8601 in UTC; null means that
 * there is none, or that it is unknown. Fields may be added within `v1`, and none is taken away or changed.
 */

const instant = z.iso.datetime();
const state = z.enum(BLOCK_STATES);
const term = z.enum(TERMS);
const count = z.int().nonnegative();
const REFUSALS = {
  'no-capacity': 0,
  'subnet-full': 0,
  quota: 0,
  throttled: 0,
  'bad-template': 0,
  forbidden: 0,
  'unsupported-term': 0,
  cancelled: 0,
} satisfies Record<Refusal, 0>;
/** The keys of a record that the compiler keeps complete. */
const refusal = z.enum(Object.keys(REFUSALS) as [Refusal, ...Refusal[]]);

const restReason = z.enum([...refusal.options, 'interrupted', 'short-lived']);

/** A block as it stands. */
export const blockSchema = z.strictObject({
  id: z.string(),
  pool: z.string(),
  slot: count,
  generation: count,
  state,
  term,
  instanceType: z.string(),
  zone: z.string(),
  /** What the offer was quoted at. */
  usdPerHour: z.number(),
  instanceId: z.string().nullable(),
  node: z.string().nullable(),
  startsAt: instant.nullable(),
  expiresAt: instant.nullable(),
  /** The end that AWS imposes, where it imposes one. */
  hardEndAt: instant.nullable(),
  /** When the present state has lasted too long. */
  deadlineAt: instant.nullable(),
  /** Its node is ready and takes new pods. */
  usable: z.boolean(),
  leaving: z.boolean(),
  ending: z.enum(ENDINGS).nullable(),
  jobs: count,
  busySince: instant.nullable(),
  atRiskAt: instant.nullable(),
});

export const conditionSchema = z.strictObject({
  condition: z.string(),
  status: z.enum(['true', 'false', 'unknown']),
  reason: z.string().nullable(),
  message: z.string().nullable(),
  since: instant.nullable(),
});

export const poolSchema = z.strictObject({
  name: z.string(),
  term: z.union([term, z.array(term)]),
  leaseSeconds: z.number(),
  maxBlocks: count,
  surge: count,
  /** Whether a complete inventory was taken: until then there may be blocks that nobody has seen. */
  inventoried: z.boolean(),
  /** By the operating hours, or by the jobs where the pool follows them. */
  wanted: count.nullable(),
  /** What the operating hours allow, `maxBlocks` applied. */
  allowed: count.nullable(),
  wantedUntil: instant.nullable(),
  /** What the scaling policy `learned` would want, where another decides; null while too little was seen. */
  advised: count.nullable(),
  /** The jobs as last seen, of a pool that follows them; null while they are not known, and where nobody looks at them. */
  jobs: z
    .strictObject({
      waiting: count,
      waitingSince: instant.nullable(),
      /** By block. */
      onBlocks: z.record(z.string(), count),
      overflow: count,
      held: count,
      jobsPerBlock: count,
      /** How many came in each of the last minutes, the present one last. */
      arrivals: z.array(count),
    })
    .nullable(),
  /** What became of holds of its jobs since the process began, whichever process led; null where the pool holds none. */
  holds: z.strictObject({ held: count, lost: count, late: count, released: count, expired: count }).nullable(),
  /** Living blocks by state. */
  blocks: z.record(state.exclude(['gone']), count),
  quotedAt: instant.nullable(),
  /** Until when nothing is bought at all. */
  pausedUntil: instant.nullable(),
  /** What is not asked for again before then, and why: `type/zone/term`, with `*` for all, or `template` or `account`. */
  cooling: z.array(z.strictObject({ offer: z.string(), until: instant, reason: restReason })),
  conditions: z.array(conditionSchema),
});

const happened = { id: z.string(), at: instant, pool: z.string() };
const bought = { block: z.string(), instanceType: z.string(), zone: z.string(), term };

/** Something that happened: an entry of the history, and the data of a server-sent event. */
export const entrySchema = z.discriminatedUnion('kind', [
  z.strictObject({
    ...happened,
    ...bought,
    kind: z.literal('transition'),
    from: state.nullable(),
    to: z.enum([...BLOCK_STATES, 'forgotten']),
    why: z.string(),
    instance: z.string().nullable(),
    jobs: count,
    ending: z.enum(ENDINGS).nullable(),
  }),
  z.strictObject({
    ...happened,
    ...bought,
    kind: z.literal('refusal'),
    refusal,
    retryAt: instant.nullable(),
  }),
  z.strictObject({ ...happened, kind: z.literal('announcement'), reason: z.string(), note: z.string() }),
]);

/** `GET /api/v1/pools` */
export const poolsSchema = z.strictObject({ at: instant, leader: z.boolean().nullable(), pools: z.array(poolSchema) });

/** `GET /api/v1/blocks` */
export const blocksSchema = z.strictObject({
  at: instant,
  leader: z.boolean().nullable(),
  blocks: z.array(blockSchema),
});

/** `GET /api/v1/blocks/:id` */
export const oneBlockSchema = z.strictObject({ at: instant, block: blockSchema });

/** `GET /api/v1/history` */
export const historySchema = z.strictObject({
  entries: z.array(entrySchema),
  /** Whether entries between the point that was asked from and the first one here are forgotten. */
  missed: z.boolean(),
  /** Where to go on: `?after=`, or the Last-Event-ID of the events. */
  last: z.string(),
});

/** `GET /api/v1/version` */
export const versionSchema = z.strictObject({
  release: z.string(),
  fleet: z.string(),
  node: z.string(),
  tz: z.string(),
  startedAt: instant,
});

/** `GET /healthz` and `/readyz`, also with status 503; `reasons` is empty with 200. */
export const healthSchema = z.strictObject({ ok: z.boolean(), reasons: z.array(z.string()) });

/** Every answer that is a refusal. */
export const errorSchema = z.strictObject({ error: z.string() });

export type BlockJson = z.infer<typeof blockSchema>;
export type PoolJson = z.infer<typeof poolSchema>;
export type EntryJson = z.infer<typeof entrySchema>;
export type HealthJson = z.infer<typeof healthSchema>;
