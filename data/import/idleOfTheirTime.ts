import type { Billing } from './rulesOfTheirTime.ts';
import type { Target } from './target.ts';

const STAY =
  'pay for started hours whole: idle blocks stay until their paid hour ends where the pools said nothing of it';

/** Scaling policies that give blocks back soon unless they are told otherwise, as suits time that is paid for by the second. */
const GIVES_BACK_SOON: ReadonlySet<string> = new Set(['followJobs', 'learned']);

/**
 * Lets idle blocks stay until their paid hour ends where hours are paid for whole, in pools that say nothing of it. What an earlier
 * import wrote goes with its prices.
 *
 * @param year of the prices
 * @returns the sentence for `composed`, if something was written
 */
export function idleOfTheirTime({ text, pools, poolsFile }: Target, billing: Billing, year: string): readonly string[] {
  const wasOurs = text.composed.some((sentence) => sentence.endsWith(STAY));
  let isWritten = false;
  for (const [index, { policies }] of pools.pools.entries()) {
    const { policy, options } = policies.scaling;
    const path = ['pools', index, 'scaling', 'paidBy'] as const;
    const isSaid = options['giveBackIdleAfter'] !== undefined || options['paidBy'] !== undefined;
    const isOurs = wasOurs && options['paidBy'] === 'hour';
    if (billing === 'hour-start' && GIVES_BACK_SOON.has(policy) && (!isSaid || isOurs)) {
      if (!isOurs && !poolsFile.has(['pools', index, 'scaling', 'policy'])) continue;
      poolsFile.set(path, 'hour');
      isWritten = true;
    } else if (isOurs) poolsFile.remove(path);
  }
  return isWritten ? [`prices of ${year} ${STAY}`] : [];
}
