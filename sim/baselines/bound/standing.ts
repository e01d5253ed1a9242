import { type Instant, type Millis, NEVER } from '../../../src/domain/time.ts';
import type { Track } from './tracks.ts';

/** From `at` on, at most `most` machines can stand in a market, at no less than `usdPerHour` each. */
export interface Standing {
  readonly at: Instant;
  readonly usdPerHour: number;
  readonly most: number;
}

/**
 * What can be standing in a market over time, which is more than what can be bought: a machine outlives the room that it
 * was bought in, until its market is taken back or its block ends. So the most is the largest room since the last reclaim,
 * or within a block's length. Plain spot pays the price of the moment, a block at least the lowest within its length.
 */
export const standingsOf = (track: Track): readonly Standing[] =>
  track.machine.term === 'spot-block' ? ofBlocks(track, track.machine.durationMs ?? 0) : ofOthers(track);

function ofOthers({ instants, prices, rooms, reclaims }: Track): readonly Standing[] {
  const standings: Standing[] = [];
  let most = 0;
  let next = 0;
  const all = [...new Set([...instants, ...reclaims])].sort((a, b) => a - b);
  let step = -1;
  for (const at of all) {
    while ((instants[step + 1] ?? NEVER) <= at) step += 1;
    if ((reclaims[next] ?? NEVER) <= at) {
      most = 0;
      next += 1;
    }
    most = Math.max(most, rooms[step]!);
    standings.push({ at, usdPerHour: prices[step]!, most });
  }
  return standings;
}

function ofBlocks({ instants, prices, rooms }: Track, lastsMs: Millis): readonly Standing[] {
  const [from = 0] = instants;
  const edges = [...new Set([...instants, ...instants.slice(1).map((at) => at + lastsMs)])].sort((a, b) => a - b);
  return edges
    .filter((at) => at >= from)
    .map((at) => {
      let [most, usdPerHour] = [0, Infinity];
      for (let step = 0; step < instants.length && instants[step]! <= at; step += 1) {
        // A step that ended a block's length ago has left nothing standing.
        if ((instants[step + 1] ?? NEVER) <= at - lastsMs || rooms[step] === 0) continue;
        most = Math.max(most, rooms[step]!);
        usdPerHour = Math.min(usdPerHour, prices[step]!);
      }
      return { at, usdPerHour, most };
    });
}
