import { stringify } from 'yaml';
import { isPolicyPath } from '../../src/config/beside.ts';
import type { LiveConfig, PolicyChoice, PoolConfig, PoolsFile } from '../../src/config/pools.ts';
import { lengthOf } from '../../src/policy/options.ts';

/** A pools file as text, and what stands beside it. */
export interface WrittenPools {
  readonly text: string;
  /** Texts that its policies were given, by path. */
  readonly texts: ReadonlyMap<string, string>;
  /** The policies that it names by the paths of their files. */
  readonly policyFiles: ReadonlySet<string>;
}

/** Writes pools as people write them: what is read back from the text is the same. */
export function poolsText({ fleet, pools, live }: PoolsFile): WrittenPools {
  const texts = new Map<string, string>();
  const policyFiles = new Set<string>();
  const document = {
    version: 1,
    fleet,
    pools: pools.map((pool) => written(pool, choice)),
    ...(live === undefined ? {} : { live: writtenLive(live) }),
  };
  return { text: stringify(document, { lineWidth: 0 }), texts, policyFiles };

  function choice({ policy, options }: PolicyChoice): object {
    return { policy: note(policy), ...(outside(options) as object) };
  }

  /** Options as they stood in the file: a recording has the texts of files in their places. */
  function outside(value: unknown): unknown {
    if (typeof value !== 'object' || value === null) return value;
    if (Array.isArray(value)) return value.map(outside);
    const entries: [string, unknown][] = Object.entries(value);
    if (entries.length === 2 && 'file' in value && 'text' in value) {
      const { file, text } = value;
      if (typeof file === 'string' && typeof text === 'string') {
        texts.set(file, text);
        return file;
      }
    }
    return Object.fromEntries(
      entries.map(([key, entry]) => [
        key,
        key === 'policy' && typeof entry === 'string' ? note(entry) : outside(entry),
      ]),
    );
  }

  function note(policy: string): string {
    if (isPolicyPath(policy)) policyFiles.add(policy);
    return policy;
  }
}

function written(pool: PoolConfig, choice: (one: PolicyChoice) => object): object {
  const { lease, policies, launchRate, timeouts } = pool;
  return {
    name: pool.name,
    template: pool.template,
    instanceTypes: pool.instanceTypes,
    zones: pool.zones,
    lease: { term: lease.term, duration: lengthOf(lease.durationMs), overrun: lengthOf(lease.overrunMs) },
    operatingHours: choice(policies.operatingHours),
    scaling: choice(policies.scaling),
    renewal: choice(policies.renewal),
    purchase: choice(policies.purchase),
    surge: pool.surge,
    maxUnavailable: pool.maxUnavailable,
    maxBlocks: pool.maxBlocks,
    launchRate: { launches: launchRate.launches, per: lengthOf(launchRate.perMs) },
    cooling: lengthOf(pool.coolingMs),
    quoteAge: lengthOf(pool.quoteMs),
    surplus: pool.surplus,
    holdJobs: pool.holdsJobs,
    ...(pool.spending === undefined ? {} : { spending: pool.spending }),
    timeouts: {
      launch: lengthOf(timeouts.launchMs),
      join: lengthOf(timeouts.joinMs),
      rest: lengthOf(timeouts.restMs),
      terminate: lengthOf(timeouts.terminateMs),
      evict: lengthOf(timeouts.evictMs),
    },
  };
}

const writtenLive = (live: LiveConfig): object => ({
  jobs: live.jobs,
  ...(live.notJobs.length === 0 ? {} : { notJobs: live.notJobs }),
  ...(live.workContainers.length === 0 ? {} : { workContainers: live.workContainers }),
  ...(live.startUpTaints.length === 0 ? {} : { startUpTaints: live.startUpTaints }),
  ...(live.nodeTaints.length === 0 ? {} : { nodeTaints: live.nodeTaints }),
  otherPods: live.otherPods,
  ...(live.interruptionQueue === undefined ? {} : { interruptionQueue: live.interruptionQueue }),
  poll: lengthOf(live.pollMs),
  onDemandUsdPerHour: live.onDemandUsdPerHour,
});
