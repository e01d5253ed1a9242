import { z } from 'zod';
import { TERMS } from '../domain/words.ts';
import type { Catalogue } from '../policy/definePolicy.ts';
import { type Check, type Reading, required, tryDocument, trySource } from './document.ts';
import { type Finding, valueAt } from './explain.ts';
import { optionsIn, policyFindings } from './policyChoices.ts';
import type { PolicyChoice, PoolConfig, PoolsFile } from './pools.ts';
import { type PoolsText, poolsSchema } from './poolsSchema.ts';
import { sourceOf } from './source.ts';

/**
 * Reads the text of `pools.yaml`. Policies and their options are checked against the catalogue.
 *
 * @throws BadInput with every mistake, each with line and column.
 */
export const readPools = (text: string, file: string, catalogue: Catalogue): PoolsFile =>
  required(tryPools(text, file, catalogue));

/** As `readPools`, for a caller who has more files to look at before it gives up. */
export function tryPools(text: string, file: string, catalogue: Catalogue): Reading<PoolsFile> {
  const policies: Check = (value) =>
    policyFindings(value, catalogue, (pool, slot) => ({ name: [...pool, slot, 'policy'], options: [...pool, slot] }));
  const reading = tryDocument(text, file, poolsSchema, ambiguousNames, policies);
  return reading.value === undefined ? reading : { ...reading, value: poolsFile(reading.value) };
}

/**
 * Reads a `PoolsFile` back that went through JSON, such as the one in the head of a recording.
 *
 * @throws BadInput with every mistake, each with its path; there are no lines.
 */
export function poolsFileOf(value: unknown, file: string, catalogue: Catalogue): PoolsFile {
  const policies: Check = (raw) =>
    policyFindings(raw, catalogue, (pool, slot) => ({
      name: [...pool, 'policies', slot, 'policy'],
      options: [...pool, 'policies', slot, 'options'],
    }));
  return required(trySource(sourceOf(value, file), poolsFileSchema, ambiguousNames, policies));
}

const poolsFile = ({ fleet, pools }: PoolsText): PoolsFile => ({ fleet, pools: pools.map(poolConfig) });

function poolConfig(pool: PoolsText['pools'][number]): PoolConfig {
  const { name, template, instanceTypes, zones, surge, maxUnavailable, maxBlocks, surplus } = pool;
  const { lease, launchRate, timeouts } = pool;
  return {
    name,
    template,
    instanceTypes,
    zones,
    lease: { term: lease.term, durationMs: lease.duration },
    policies: {
      operatingHours: policyChoice(pool.operatingHours),
      renewal: policyChoice(pool.renewal),
      purchase: policyChoice(pool.purchase),
    },
    surge,
    maxUnavailable,
    maxBlocks,
    launchRate: { launches: launchRate.launches, perMs: launchRate.per },
    coolingMs: pool.cooling,
    quoteMs: pool.quoteAge,
    surplus,
    timeouts: {
      launchMs: timeouts.launch,
      joinMs: timeouts.join,
      restMs: timeouts.rest,
      terminateMs: timeouts.terminate,
    },
  };
}

const policyChoice = (written: { readonly policy: string }): PolicyChoice => ({
  policy: written.policy,
  options: optionsIn(written),
});

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
        lease: z.strictObject({ term: z.enum(TERMS), durationMs: ms }),
        policies: z.strictObject({ operatingHours: choice, renewal: choice, purchase: choice }),
        surge: z.int().min(0),
        maxUnavailable: z.int().min(0),
        maxBlocks: z.int().min(1),
        launchRate: z.strictObject({ launches: z.int().min(1), perMs: ms }),
        coolingMs: ms,
        quoteMs: ms,
        surplus: z.enum(['drain', 'keep']),
        timeouts: z.strictObject({ launchMs: ms, joinMs: ms, restMs: ms, terminateMs: ms }),
      }),
    )
    .min(1),
});
