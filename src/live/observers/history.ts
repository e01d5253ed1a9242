import type { Instant } from '../../domain/time.ts';
import { type Happening, happenings } from './happenings.ts';
import type { Observer } from './observers.ts';

/** Something that happened, under a name that says its place among all others: `<life>-<count>`. */
export interface Entry {
  readonly id: string;
  readonly happening: Happening;
}

/** What came after some point. */
export interface Since {
  readonly entries: readonly Entry[];
  /** Whether older ones are missing: they were forgotten, or the point belongs to another life of the keeper. */
  readonly missed: boolean;
  /** The point to ask from next. */
  readonly last: string;
}

/** The last things that happened, kept in memory. */
export interface History extends Observer {
  /** Everything kept that came after the entry with this id, oldest first; without an id, everything kept. */
  since(id?: string, most?: number): Since;
  /** The id of the last entry, or of the beginning. */
  readonly last: () => string;
  /** Calls after each turn in which something happened; answers how to call it off. */
  subscribe(wake: () => void): () => void;
}

/**
 * A ring of what happened.
 *
 * @param startedAt when this life of the keeper began: an id from another life is told from ours by it
 * @param capacity how many entries are kept
 */
export function history({ startedAt, capacity = 1_000 }: { startedAt: Instant; capacity?: number }): History {
  const life = Math.trunc(startedAt).toString(36);
  const ring: Happening[] = [];
  const waiting = new Set<() => void>();
  /** How many entries there ever were; the last has this number. */
  let count = 0;

  const idOf = (number: number): string => `${life}-${number}`;
  const take = happenings((happening) => {
    ring[count % capacity] = happening;
    count += 1;
  });

  const since: History['since'] = (id, most = capacity) => {
    const after = id === undefined ? 0 : numberOf(id);
    const oldest = Math.max(0, count - capacity);
    const known = after !== undefined && after <= count;
    const from = known ? Math.max(after, oldest) : oldest;
    const until = Math.min(count, from + most);
    const entries: Entry[] = [];
    for (let number = from; number < until; number += 1) {
      const happening = ring[number % capacity];
      if (happening !== undefined) entries.push({ id: idOf(number + 1), happening });
    }
    return { entries, missed: id !== undefined && (!known || after < oldest), last: idOf(until) };
  };

  function numberOf(id: string): number | undefined {
    const digits = id.startsWith(`${life}-`) ? id.slice(life.length + 1) : '';
    return /^\d{1,15}$/.test(digits) ? Number(digits) : undefined;
  }

  return {
    name: 'history',
    turn: (turn) => {
      const before = count;
      take(turn);
      if (count > before) for (const wake of [...waiting]) wake();
    },
    since,
    last: () => idOf(count),
    subscribe: (wake) => {
      waiting.add(wake);
      return () => {
        waiting.delete(wake);
      };
    },
  };
}
