import type { BlockView } from '../block/block.ts';
import type { Instant } from '../domain/time.ts';
import { marketOf } from '../domain/words.ts';
import { unseenMarket } from '../policy/observed.ts';
import type { RenewalTimes } from '../policy/renewal.ts';
import { askTimes } from '../pool/ask.ts';
import { quantilesOf } from '../pool/durations.ts';
import type { PoolMemory } from '../pool/memory.ts';
import type { Pool } from '../pool/pool.ts';

/**
 * When a block is relieved, drained and ended, as its pool's renewal policy says now; undefined for a block without a
 * lease, and before the operating hours were asked. The question is the reconciler's, so that the answer is.
 */
export function renewalTimes(
  { spec, policies }: Pool,
  { demand, durations, boots, markets }: PoolMemory,
  { lease, slot, jobs, busySince, atRiskAt }: BlockView,
  now: Instant,
): RenewalTimes | undefined {
  if (lease === null || demand === null) return undefined;
  const lengths = quantilesOf(durations);
  const bootTimes = quantilesOf(boots);
  return askTimes(
    policies.renewal,
    {
      ...{ now, slot, lease, spec, demand: demand.now, next: demand.next },
      jobs: {
        running: jobs,
        ...(busySince === null ? {} : { busySince }),
        ...(lengths === undefined ? {} : { durations: lengths }),
      },
      market: markets[marketOf(lease.offer)] ?? unseenMarket,
      ...(bootTimes === undefined ? {} : { boots: bootTimes }),
      ...(atRiskAt === null ? {} : { atRiskAt }),
    },
    // A fault of the policy is announced by the turn that was made; here its fallback's answer is enough.
    () => undefined,
  );
}
