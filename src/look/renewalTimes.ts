import type { BlockView } from '../block/block.ts';
import type { Instant } from '../domain/time.ts';
import type { RenewalTimes } from '../policy/renewal.ts';
import { askTimes } from '../pool/ask.ts';
import { quantilesOf } from '../pool/durations.ts';
import { askedEnd, endAfter } from '../pool/ends.ts';
import type { PoolMemory } from '../pool/memory.ts';
import type { Pool } from '../pool/pool.ts';
import { renewalQuestion } from '../pool/renewalQuestion.ts';

/**
 * When a block is relieved, drained and ended, as its pool's renewal policy says now and the core lets it; undefined for a
 * block without a lease, and before the operating hours were asked. The question is the reconciler's, so that the answer is.
 */
export function renewalTimes(
  pool: Pool,
  { allowance, observations }: PoolMemory,
  block: BlockView,
  now: Instant,
): RenewalTimes | undefined {
  const { spec, policies } = pool;
  if (block.lease === null || allowance === null) return undefined;
  const { durations, boots, markets } = observations;
  const observed = { durations: quantilesOf(durations), boots: quantilesOf(boots), markets: markets.seen };
  const question = renewalQuestion(
    { now, spec, allowance: allowance.now, next: allowance.next, ...observed },
    block,
    block.lease,
  );
  // A fault of the policy is announced by the turn that was made; here its fallback's answer is enough.
  const times = askTimes(policies.renewal, question, () => undefined);
  return { ...times, endBy: endAfter(pool, block, askedEnd(pool, times)) };
}
