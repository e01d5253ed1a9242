import { after, earliest, type Instant, NEVER } from '../domain/time.ts';
import { isBroken } from './joins.ts';
import type { PoolMemory } from './memory.ts';
import { PACE_MS, paced } from './pace.ts';
import type { PoolSpec } from './pool.ts';

/** How many blocks may be opened now by what the pool has met, and when it may be more. */
export function allowedNow(
  { openedAts, pace, joins }: PoolMemory,
  { launches, perMs }: PoolSpec['launchRate'],
  now: Instant,
): { readonly blocks: number; readonly moreAt: Instant } {
  if (isBroken(joins) && now < joins.until) return { blocks: 0, moreAt: joins.until };
  const recent = openedAts.filter((at) => at > now - perMs);
  const byRate = launches - recent.length;
  if (byRate <= 0) return { blocks: 0, moreAt: after(recent[0] ?? now, perMs) };
  const byPace = paced(pace, openedAts, now);
  if (isBroken(joins)) return { blocks: Math.min(1, byPace.blocks), moreAt: earliest(joins.until, byPace.moreAt) };
  return byPace.blocks < byRate ? byPace : { blocks: byRate, moreAt: NEVER };
}

/** The openings that any later question of `allowedNow` may look at, these included. */
export function withOpened(
  openedAts: readonly Instant[],
  opened: readonly Instant[],
  { launchRate: { perMs } }: PoolSpec,
  now: Instant,
): readonly Instant[] {
  const from = now - Math.max(perMs, PACE_MS);
  return [...openedAts.filter((at) => at > from), ...opened];
}
