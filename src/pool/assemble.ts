import type { PolicyChoice, PoolConfig, PoolsFile } from '../config/pools.ts';
import type { Catalogue } from '../policy/definePolicy.ts';
import { madeOf, shelfOf } from '../policy/shelf.ts';
import { whyEarly } from '../policy/waivers.ts';
import type { Pool, PoolSpec } from './pool.ts';

/** The pools that a checked `pools.yaml` describes, their policies made. Throws only what a policy's `create` throws. */
export const poolsOf = (file: PoolsFile, catalogue: Catalogue): readonly Pool[] =>
  file.pools.map((config) => ({ spec: specOf(config), ...policiesOf(config, catalogue) }));

/** The policy that people see beside their own, until they promote it. */
const LEARNED = 'learned';

/** The names and the options were checked when the file was read. */
function policiesOf(
  { policies: { operatingHours, scaling, renewal, purchase } }: PoolConfig,
  catalogue: Catalogue,
): Omit<Pool, 'spec'> {
  const shelf = shelfOf(catalogue);
  const made = madeOf(catalogue, 'renewal', named(renewal));
  const because = whyEarly(made.waives);
  const followed = shelf.policy('scaling', named(scaling));
  const isAdvised = followed.ignoresJobs !== true && scaling.policy !== LEARNED && LEARNED in catalogue.scaling;
  return {
    policies: {
      operatingHours: shelf.policy('operatingHours', named(operatingHours)),
      scaling: followed,
      renewal: made.policy,
      purchase: shelf.policy('purchase', named(purchase)),
    },
    ...(because === undefined ? {} : { endsEarly: because }),
    ...(isAdvised ? { advisor: shelf.policy('scaling', { policy: LEARNED }) } : {}),
  };
}

const named = ({ policy, options }: PolicyChoice) => ({ ...options, policy });

/** What a pool is held to; what it buys from (types, zones, template) is the world's business. */
function specOf(config: PoolConfig): PoolSpec {
  const { name, lease, surge, maxUnavailable, maxBlocks, launchRate, coolingMs, quoteMs, surplus, timeouts } = config;
  const { holdsJobs, spending } = config;
  return {
    name,
    term: lease.term,
    leaseMs: lease.durationMs,
    overrunMs: lease.overrunMs,
    surge,
    maxUnavailable,
    maxBlocks,
    launchRate,
    coolingMs,
    quoteMs,
    surplus,
    holdsJobs,
    timeouts,
    ...(spending === undefined ? {} : { spending }),
  };
}
