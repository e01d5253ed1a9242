import type { PolicyChoice, PoolConfig, PoolsFile } from '../config/pools.ts';
import type { Catalogue, PolicySlots, Shelf } from '../policy/definePolicy.ts';
import { shelfOf } from '../policy/shelf.ts';
import type { Pool, PoolSpec } from './pool.ts';

/** The pools that a checked `pools.yaml` describes, their policies made. Throws only what a policy's `create` throws. */
export const poolsOf = (file: PoolsFile, catalogue: Catalogue): readonly Pool[] =>
  file.pools.map((config) => ({
    spec: specOf(config),
    policies: policiesOf(config, shelfOf(catalogue)),
  }));

/** The names and the options were checked when the file was read. */
const policiesOf = ({ policies: { operatingHours, renewal, purchase } }: PoolConfig, shelf: Shelf): PolicySlots => ({
  operatingHours: shelf.policy('operatingHours', named(operatingHours)),
  renewal: shelf.policy('renewal', named(renewal)),
  purchase: shelf.policy('purchase', named(purchase)),
});

const named = ({ policy, options }: PolicyChoice) => ({ ...options, policy });

/** What a pool is held to; what it buys from (types, zones, template) is the world's business. */
function specOf(config: PoolConfig): PoolSpec {
  const { name, lease, surge, maxUnavailable, maxBlocks, launchRate, coolingMs, quoteMs, surplus, timeouts } = config;
  return {
    name,
    term: lease.term,
    leaseMs: lease.durationMs,
    surge,
    maxUnavailable,
    maxBlocks,
    launchRate,
    coolingMs,
    quoteMs,
    surplus,
    timeouts,
  };
}
