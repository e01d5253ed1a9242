import { after, type Instant, minutes, NEVER } from '../domain/time.ts';

/** How many jobs ran elsewhere lately though they fit the pool. */
export interface Elsewhere {
  /** As last observed. */
  readonly level: number;
  /** When jobs began or ended there of late, and how many ran there then; each more than later. */
  readonly lately: readonly { readonly at: Instant; readonly level: number }[];
}

/**
 * A node of the group waits ten minutes for its next job before Cluster Autoscaler takes it away (`--scale-down-unneeded-time`), and a
 * loop or two until it does. Jobs that come oftener than that find it, never wait, and would never come back to blocks.
 */
const WARM_MS = minutes(12);

export const noneElsewhere: Elsewhere = { level: 0, lately: [] };

/** After a look at the jobs. */
export function withElsewhere({ level: before, lately }: Elsewhere, at: Instant, level: number): Elsewhere {
  if (level === before) return { level, lately };
  const most = Math.max(before, level);
  const higher = lately.filter((one) => one.level > most && after(one.at, WARM_MS) > at);
  return { level, lately: [...higher, { at, level: most }] };
}

/** The most that ran there at once while nodes of theirs may still be warm; 0 once none began or ended there for so long. */
export function elsewhereAt({ lately }: Elsewhere, now: Instant): number {
  let most = 0;
  for (const { at, level } of lately) if (after(at, WARM_MS) > now) most = Math.max(most, level);
  return most;
}

/** When that changes by time alone. */
export function elsewhereTurnsAt({ lately }: Elsewhere, now: Instant): Instant {
  let first = NEVER;
  for (const { at } of lately) if (after(at, WARM_MS) > now) first = Math.min(first, after(at, WARM_MS));
  return first;
}
