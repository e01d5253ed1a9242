import type { PolicyChoice, PoolConfig, PoolsFile } from '../config/pools.ts';
import type { Catalogue, PolicySlot, PolicySlots } from '../policy/definePolicy.ts';
import type { Pool, PoolSpec } from './pool.ts';

/** The pools that a checked `pools.yaml` describes, their policies made. Throws only what a policy's `create` throws. */
export const poolsOf = (file: PoolsFile, catalogue: Catalogue): readonly Pool[] =>
  file.pools.map((config) => ({
    spec: specOf(config),
    policies: {
      operatingHours: policyOf('operatingHours', config.policies.operatingHours, catalogue),
      renewal: policyOf('renewal', config.policies.renewal, catalogue),
      purchase: policyOf('purchase', config.policies.purchase, catalogue),
    },
  }));

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

/** Makes one policy from the shelf. The name and the options were checked when the file was read. */
export function policyOf<Slot extends PolicySlot>(
  slot: Slot,
  { policy, options }: PolicyChoice,
  catalogue: Catalogue,
): PolicySlots[Slot] {
  const definition = catalogue[slot][policy];
  if (definition === undefined) throw new Error(`the catalogue has no ${slot} policy called ${policy}`);
  return definition.create(definition.options.parse(options));
}
