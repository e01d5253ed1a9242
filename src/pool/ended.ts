import { hours, type Instant, type Millis, minutes } from '../domain/time.ts';

/**
 * The instances that have ended of late: they cannot come back, whatever is heard of them. In pieces by time, so that one more copies
 * a piece and not all: a pool that follows its jobs ends hundreds an hour.
 */
export type Ended = readonly EndedThen[];

/** Those that ended within some minutes. */
interface EndedThen {
  readonly from: Instant;
  readonly ids: ReadonlySet<string>;
}

export const noneEnded: Ended = [];

/** EC2 shows a terminated instance for about an hour (EC2 user guide); no fact about it can be later than that. */
const ENDED_MS: Millis = hours(1);
const PIECE_MS: Millis = minutes(4);

export const hasEnded = (ended: Ended, instanceId: string): boolean => ended.some(({ ids }) => ids.has(instanceId));

/** With one that ends now. Those that ended more than an hour ago are forgotten, and not sooner. */
export function withEnded(ended: Ended, instanceId: string, at: Instant): Ended {
  const kept = ended.filter(({ from }) => from + PIECE_MS + ENDED_MS > at);
  const last = kept.at(-1);
  // A clock that is set back goes on with the piece that it was at.
  if (last === undefined || at >= last.from + PIECE_MS) return [...kept, { from: at, ids: new Set([instanceId]) }];
  return [...kept.slice(0, -1), { from: last.from, ids: new Set(last.ids).add(instanceId) }];
}
