import type { Keeper } from '../../keeper/keeper.ts';
import type { Turn } from '../../keeper/run.ts';
import type { Called, NoteLevel, Telemetry } from '../ports/telemetry.ts';

/** Watches turns, calls and notes. It never answers: whatever it does or fails to do, the keeper acts the same. */
export interface Observer {
  /** For the note that says that it was left out. */
  readonly name: string;
  /** After a turn was made, before its effects leave. Must not wait, and must not change what it sees. */
  readonly turn?: (turn: Turn<Keeper>) => void;
  readonly called?: (call: Called) => void;
  readonly noted?: (level: NoteLevel, event: string, data?: Readonly<Record<string, unknown>>) => void;
}

/** Several observers as one, which the live parts also take for their telemetry. Methods are free of `this`. */
export interface Observers extends Telemetry {
  readonly turn: (turn: Turn<Keeper>) => void;
  readonly called: (call: Called) => void;
  readonly noted: (level: NoteLevel, event: string, data?: Readonly<Record<string, unknown>>) => void;
}

/** Joins observers, told in order. One that throws is noted once to the others, and left out from there on. */
export function observers(list: readonly Observer[]): Observers {
  let present = list;

  const tell = (one: (observer: Observer) => void): void => {
    for (const observer of present) {
      // It may have been left out a moment ago, by a note that this very round led to.
      if (!present.includes(observer)) continue;
      try {
        one(observer);
      } catch (error) {
        present = present.filter((other) => other !== observer);
        noted('error', 'observer left out', { observer: observer.name, error });
      }
    }
  };
  const noted: Observers['noted'] = (level, event, data) => {
    tell((observer) => observer.noted?.(level, event, data));
  };
  return {
    turn: (turn) => {
      tell((observer) => observer.turn?.(turn));
    },
    called: (call) => {
      tell((observer) => observer.called?.(call));
    },
    noted,
  };
}
