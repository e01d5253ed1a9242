import { copyFile, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { writeAvailability } from '../data/records/writeAvailability.ts';
import { writeJobs } from '../data/records/writeJobs.ts';
import { writePrices } from '../data/records/writePrices.ts';
import { groupTextOf } from '../sim/scenario/groupSchema.ts';
import type { Scenario } from '../sim/scenario/scenario.ts';
import { isoOf } from '../src/domain/time.ts';
import { lengthOf } from '../src/policy/options.ts';
import { type Carried, carried } from './carried.ts';
import type { Broken } from './probe.ts';

/**
 * Writes a counterexample as a scenario folder that `simulate` runs and that still fails there: world, pools, data, and copies
 * of the files that its policies are or name. The folder is written whole or not at all; one of the same name is replaced.
 *
 * `policyFiles`: the policies that are files, by the names that the scenario has for them.
 */
export async function writeCounterexample(
  dir: string,
  scenario: Scenario,
  broken: Broken,
  policyFiles: ReadonlyMap<string, string> = new Map(),
): Promise<void> {
  const files = carried(policyFiles);
  const pools = poolsText(scenario, files);
  const part = `${dir}.part`;
  await rm(part, { recursive: true, force: true });
  await mkdir(join(part, 'data'), { recursive: true });
  await writePrices(join(part, 'data/prices.csv'), scenario.market.prices);
  if (scenario.market.availability.length > 0)
    await writeAvailability(join(part, 'data/availability.csv'), scenario.market.availability);
  if (scenario.jobs.length > 0) await writeJobs(join(part, 'data/jobs.csv'), scenario.jobs);
  for (const [name, file] of files.copies) await copyFile(file, join(part, name));
  for (const [name, text] of files.texts) await writeFile(join(part, name), text);
  await writeFile(join(part, 'pools.yaml'), pools);
  await writeFile(join(part, 'scenario.yaml'), scenarioText(scenario, broken));
  await rm(dir, { recursive: true, force: true });
  await rename(part, dir);
}

function scenarioText(scenario: Scenario, { promise, at, sentence }: Broken): string {
  const { market, cluster, onDemandGroup: group, disturbances } = scenario;
  const comment = `# ${promise}, at ${isoOf(at)}:\n${folded(sentence)}\n`;
  return `${comment}${stringify({
    version: 1,
    name: scenario.name,
    about: scenario.about,
    seed: scenario.seed,
    from: isoOf(scenario.from),
    until: isoOf(scenario.until),
    composed: scenario.composed,
    market: {
      onDemand: market.onDemand,
      prices: 'data/prices.csv',
      spotBlock: market.spotBlock,
      ...(market.availability.length > 0 ? { availability: 'data/availability.csv' } : {}),
      droughts: market.droughts.map((drought) => ({
        ...drought,
        from: isoOf(drought.from),
        until: isoOf(drought.until),
      })),
      interruptions: { model: 'none' },
    },
    jobs: scenario.jobs.length > 0 ? 'data/jobs.csv' : { generate: { jobsPerWeekday: 0 } },
    cluster: {
      jobsPerNode: cluster.jobsPerNode,
      scheduler: cluster.scheduler,
      boot: { median: lengthOf(cluster.boot.medianMs), p95: lengthOf(cluster.boot.p95Ms), never: cluster.boot.never },
      retryKilled: cluster.retryKilled,
    },
    onDemandGroup: groupTextOf(group),
    billing: scenario.billing,
    extras: scenario.extras,
    disturb: {
      ...disturbances,
      restarts: disturbances.restarts.map(isoOf),
      deaths: (disturbances.deaths ?? []).map(({ phase, number, forMs }) => ({ phase, number, for: lengthOf(forMs) })),
    },
    promises: scenario.promises,
  })}`;
}

function poolsText({ pools: { fleet, pools } }: Scenario, files: Carried): string {
  return stringify({
    version: 1,
    fleet,
    pools: pools.map((pool) => {
      const choice = (slot: keyof typeof pool.policies) => {
        const { policy, options } = pool.policies[slot];
        return { policy: files.name(policy), ...files.options(options) };
      };
      return {
        name: pool.name,
        template: pool.template,
        instanceTypes: pool.instanceTypes,
        zones: pool.zones,
        lease: {
          term: pool.lease.term,
          duration: lengthOf(pool.lease.durationMs),
          overrun: lengthOf(pool.lease.overrunMs),
        },
        operatingHours: choice('operatingHours'),
        scaling: choice('scaling'),
        renewal: choice('renewal'),
        purchase: choice('purchase'),
        surge: pool.surge,
        maxUnavailable: pool.maxUnavailable,
        maxBlocks: pool.maxBlocks,
        launchRate: { launches: pool.launchRate.launches, per: lengthOf(pool.launchRate.perMs) },
        cooling: lengthOf(pool.coolingMs),
        quoteAge: lengthOf(pool.quoteMs),
        surplus: pool.surplus,
        holdJobs: pool.holdsJobs,
        ...(pool.spending === undefined ? {} : { spending: pool.spending }),
        timeouts: {
          launch: lengthOf(pool.timeouts.launchMs),
          join: lengthOf(pool.timeouts.joinMs),
          rest: lengthOf(pool.timeouts.restMs),
          terminate: lengthOf(pool.timeouts.terminateMs),
          evict: lengthOf(pool.timeouts.evictMs),
        },
      };
    }),
  });
}

/** A sentence as comment lines that fit a page. */
function folded(sentence: string): string {
  const lines = [''];
  for (const word of sentence.split(/\s+/)) {
    const last = lines.at(-1) ?? '';
    if (last.length + word.length > 110) lines.push(word);
    else lines[lines.length - 1] = last === '' ? word : `${last} ${word}`;
  }
  return lines.map((line) => `# ${line}`).join('\n');
}
