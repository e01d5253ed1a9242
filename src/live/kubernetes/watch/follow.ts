import { performance } from 'node:perf_hooks';
import { LineTooLong } from '../../../domain/textLines.ts';
import type { Millis } from '../../../domain/time.ts';
import { linesOf } from './rawApi.ts';
import type { ReflectedSet } from './reflectedSet.ts';
import { watchLineIn } from './watchLine.ts';

/** What following a watch changes. */
export interface Followed {
  /** Something may have been missed. */
  listNeeded: boolean;
  /** When the server last told something, be it a list, an event or a bookmark, on this machine's monotonic clock: silence is real. */
  heardAt: Millis;
  eventsSeen: number;
}

/**
 * Takes over the lines of a watch until it ends. A line that cannot be taken ends it too, and makes a list needed: what it meant
 * to say is lost, a deletion perhaps. Throws when the connection breaks, which loses nothing: a watch goes on from where it was.
 */
export async function follow<Item>(
  response: AsyncIterable<string>,
  set: Pick<ReflectedSet<Item>, 'apply' | 'reached'>,
  state: Followed,
): Promise<{ readonly message: string } | undefined> {
  const lost = (error: unknown): { readonly message: string } => {
    state.listNeeded = true;
    return { message: error instanceof Error ? error.message : String(error) };
  };
  try {
    for await (const text of linesOf(response)) {
      try {
        const line = watchLineIn(text);
        if (line.type === 'BOOKMARK') set.reached(line.version);
        else {
          state.eventsSeen += 1;
          if (set.apply(line) === 'disordered') throw new Error('events out of order');
        }
      } catch (error) {
        return lost(error);
      }
      state.heardAt = performance.now();
    }
  } catch (error) {
    // The same place would bring the same line again.
    if (error instanceof LineTooLong) return lost(error);
    throw error;
  }
  return undefined;
}
