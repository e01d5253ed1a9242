import { z } from 'zod';
import { hours, minutes } from '../domain/time.ts';
import { TERMS } from '../domain/words.ts';
import { type Catalogue, POLICY_SLOTS, type PolicySlot } from '../policy/definePolicy.ts';
import { type Beside, nothingBeside } from './beside.ts';
import { type Check, type Reading, required, tryParse, trySource } from './document.ts';
import { type Finding, valueAt } from './explain.ts';
import {
  beyondMaxBlocks,
  DEFAULT_POLICIES,
  type Known,
  optionsIn,
  type ReadChoice,
  readChoice,
} from './policyChoices.ts';
import { JOB_PRESETS, type LiveConfig, type PolicyChoice, type PoolConfig, type PoolsFile } from './pools.ts';
import { MOST_BLOCKS_BY_DEFAULT, type PoolsText, poolsSchema } from './poolsSchema.ts';
import { type Path, type Source, sourceOf } from './source.ts';

/**
 * Reads the text of `pools.yaml`. Policies and their options are checked against the catalogue, and against the files
 * beside it that they name.
 *
 * @throws BadInput with every mistake, each with line and column.
 */
export const readPools = (text: string, file: string, catalogue: Catalogue, beside?: Beside): PoolsFile =>
  required(tryPools(text, file, catalogue, beside));

/** As `readPools`, for a caller who has more files to look at before it gives up. */
export function tryPools(text: string, file: string, catalogue: Catalogue, beside?: Beside): Reading<PoolsFile> {
  const { source, mistakes } = tryParse(text, file);
  return source === undefined ? { source, value: undefined, mistakes } : tryPoolsIn(source, catalogue, beside);
}

/** As `tryPools`, for a document that was parsed already. */
export function tryPoolsIn(source: Source, catalogue: Catalogue, beside: Beside = nothingBeside): Reading<PoolsFile> {
  const policies = policyReader({ catalogue, beside, embeds: true }, (pool, slot) => ({
    name: [...pool, slot, 'policy'],
    options: [...pool, slot],
  }));
  const reading = trySource(source, poolsSchema, ambiguousNames, policies.check);
  return reading.value === undefined ? reading : { ...reading, value: poolsFile(reading.value, policies.optionsOf) };
}

/**
 * Reads a `PoolsFile` back that went through JSON, such as the one in the head of a recording. The texts that its policies
 * were given are in it; policies that are files are looked for `beside` it.
 *
 * @throws BadInput with every mistake, each with its path; there are no lines.
 */
export function poolsFileOf(
  value: unknown,
  file: string,
  catalogue: Catalogue,
  beside: Beside = nothingBeside,
): PoolsFile {
  const policies = policyReader({ catalogue, beside, embeds: false }, (pool, slot) => ({
    name: [...pool, 'policies', slot, 'policy'],
    options: [...pool, 'policies', slot, 'options'],
  }));
  return required(trySource(sourceOf(value, file), poolsFileSchema, ambiguousNames, policies.check));
}

type OptionsOf = (pool: number, slot: PolicySlot) => PolicyChoice['options'];

/** Checks the policies of a document, and keeps their options with the texts that they name. */
function policyReader(
  known: Known,
  where: (pool: Path, slot: PolicySlot) => { readonly name: Path; readonly options: Path },
): { readonly check: Check; readonly optionsOf: OptionsOf } {
  const read = new Map<string, ReadChoice>();
  const check: Check = (value) => {
    const pools = valueAt(value, ['pools']);
    if (!Array.isArray(pools)) return [];
    return pools.flatMap((_, pool) =>
      POLICY_SLOTS.flatMap((slot) => {
        const { name: namePath, options: path } = where(['pools', pool], slot);
        const written = valueAt(value, path);
        const name = valueAt(value, namePath) ?? (written === undefined ? DEFAULT_POLICIES[slot] : undefined);
        const choice = readChoice({ slot, name, options: optionsIn(written), namePath, path }, known);
        read.set(`${pool} ${slot}`, choice);
        const most = valueAt(value, ['pools', pool, 'maxBlocks']);
        const cap = typeof most === 'number' ? most : MOST_BLOCKS_BY_DEFAULT;
        // A limit of its own is said of a count already.
        const taken = new Set(choice.findings.map((finding) => finding.path.join()));
        const beyond = beyondMaxBlocks(choice.counts, cap).filter((finding) => !taken.has(finding.path.join()));
        return [...choice.findings, ...beyond];
      }),
    );
  };
  return { check, optionsOf: (pool, slot) => read.get(`${pool} ${slot}`)?.options ?? {} };
}

const poolsFile = ({ fleet, pools, live }: PoolsText, optionsOf: OptionsOf): PoolsFile => ({
  fleet,
  pools: pools.map((pool, index) => poolConfig(pool, (slot) => optionsOf(index, slot))),
  ...(live === undefined ? {} : { live: liveConfig(live) }),
});

const liveConfig = (live: NonNullable<PoolsText['live']>): LiveConfig => ({
  jobs: live.jobs,
  notJobs: live.notJobs,
  workContainers: live.workContainers,
  startUpTaints: live.startUpTaints,
  nodeTaints: live.nodeTaints,
  otherPods: live.otherPods,
  interruptionQueue: live.interruptionQueue,
  pollMs: live.poll,
  onDemandUsdPerHour: live.onDemandUsdPerHour,
});

function poolConfig(
  pool: PoolsText['pools'][number],
  optionsOf: (slot: PolicySlot) => PolicyChoice['options'],
): PoolConfig {
  const { name, template, instanceTypes, zones, surge, maxUnavailable, maxBlocks, surplus } = pool;
  const { lease, launchRate, timeouts } = pool;
  return {
    name,
    template,
    instanceTypes,
    zones,
    lease: { term: lease.term, durationMs: lease.duration, overrunMs: lease.overrun },
    policies: {
      operatingHours: { policy: pool.operatingHours.policy, options: optionsOf('operatingHours') },
      scaling: { policy: pool.scaling.policy, options: optionsOf('scaling') },
      renewal: { policy: pool.renewal.policy, options: optionsOf('renewal') },
      purchase: { policy: pool.purchase.policy, options: optionsOf('purchase') },
    },
    surge,
    maxUnavailable,
    maxBlocks,
    launchRate: { launches: launchRate.launches, perMs: launchRate.per },
    coolingMs: pool.cooling,
    quoteMs: pool.quoteAge,
    surplus,
    holdsJobs: pool.holdJobs,
    ...(pool.discourageSurplus ? { discouragesSurplus: true } : {}),
    ...(pool.routing === 'all' ? {} : { routing: pool.routing }),
    ...(pool.spending === undefined ? {} : { spending: pool.spending }),
    timeouts: {
      launchMs: timeouts.launch,
      joinMs: timeouts.join,
      restMs: timeouts.rest,
      terminateMs: timeouts.terminate,
      evictMs: timeouts.evict,
    },
  };
}

/** A name that is taken, or that reads like a place in another pool: `ci-1` is slot 1 of `ci` in the ledger of intents. */
function ambiguousNames(value: unknown): readonly Finding[] {
  const pools = valueAt(value, ['pools']);
  if (!Array.isArray(pools)) return [];
  const names = pools.map((_, index) => valueAt(value, ['pools', index, 'name']));
  return names.flatMap((name, index): readonly Finding[] => {
    if (typeof name !== 'string') return [];
    const path = ['pools', index, 'name'];
    if (names.indexOf(name) < index)
      return [{ path, message: `expected a name of its own, found ${JSON.stringify(name)} again` }];
    const [, pool, slot] = /^(.+)-(\d+)$/.exec(name) ?? [];
    if (pool === undefined || slot === undefined || !names.includes(pool)) return [];
    return [
      {
        path,
        message: `${JSON.stringify(name)} reads like slot ${slot} of pool ${JSON.stringify(pool)}: choose another name`,
      },
    ];
  });
}

const ms = z.int().min(0);
const choice = z.strictObject({ policy: z.string(), options: z.record(z.string(), z.unknown()) });

/** A `PoolsFile` as JSON holds it. */
const poolsFileSchema: z.ZodType<PoolsFile> = z.strictObject({
  fleet: z.string().min(1),
  pools: z
    .array(
      z.strictObject({
        name: z.string().min(1),
        template: z.strictObject({ autoScalingGroup: z.string() }),
        instanceTypes: z.array(z.string()).min(1),
        zones: z.array(z.string()).min(1),
        // Older recordings say nothing of it, and mean what a file that says nothing means.
        lease: z.strictObject({
          term: z.union([z.enum(TERMS), z.array(z.enum(TERMS))]),
          durationMs: ms,
          overrunMs: ms.default(hours(24)),
        }),
        policies: z.strictObject({
          operatingHours: choice,
          // Recordings from before this slot was there held what the hours allowed.
          scaling: choice.default({ policy: 'scheduled', options: {} }),
          renewal: choice,
          purchase: choice,
        }),
        surge: z.int().min(0),
        maxUnavailable: z.int().min(0),
        maxBlocks: z.int().min(1),
        launchRate: z.strictObject({ launches: z.int().min(1), perMs: ms }),
        coolingMs: ms,
        quoteMs: ms,
        surplus: z.enum(['drain', 'keep']),
        holdsJobs: z.boolean().default(true),
        discouragesSurplus: z.literal(true).optional(),
        routing: z.literal('tolerating').optional(),
        spending: z.strictObject({ usdPerDay: z.number().optional(), usdPerMonth: z.number().optional() }).optional(),
        timeouts: z.strictObject({
          launchMs: ms,
          joinMs: ms,
          restMs: ms,
          terminateMs: ms,
          evictMs: ms.default(minutes(15)),
        }),
      }),
    )
    .min(1),
  live: z
    .strictObject({
      jobs: z.array(z.union([z.enum(JOB_PRESETS), z.record(z.string(), z.string())])),
      // Recordings from before these were there.
      notJobs: z.array(z.record(z.string(), z.string())).default([]),
      workContainers: z.array(z.string()).default([]),
      startUpTaints: z.array(z.string()).default([]),
      nodeTaints: z.array(z.string()).default([]),
      otherPods: z.enum(['evict', 'leave']),
      interruptionQueue: z.string().optional(),
      pollMs: ms,
      onDemandUsdPerHour: z.record(z.string(), z.number()),
    })
    .transform(({ interruptionQueue, ...live }): LiveConfig => ({ ...live, interruptionQueue }))
    .optional(),
});
