import type { Effect } from '../domain/effects.ts';
import type { Fact } from '../domain/facts.ts';
import { lineOfTurn, type RecordedTurn } from '../world/recording.ts';
import type { Step } from './keeper.ts';

/** The first turn at which today's code asks for something else than was recorded. */
export interface Departure {
  /** Of the recording, 1-based. */
  readonly line: number;
  readonly fact: Fact;
  readonly recorded: readonly Effect[];
  readonly asked: readonly Effect[];
}

export interface Replayed {
  readonly turns: number;
  /** Undefined when every turn asked for the same. */
  readonly departure: Departure | undefined;
}

/**
 * Feeds recorded facts to a keeper and compares what it asks for, turn by turn. Stops at the first departure: from there
 * on the recorded world answers questions that were not asked.
 */
export async function replay<State>(
  start: State,
  step: (state: State, fact: Fact) => Step<State>,
  turns: AsyncIterable<RecordedTurn & { readonly line: number }>,
): Promise<Replayed> {
  let state = start;
  let count = 0;
  for await (const { line, fact, effects: recorded } of turns) {
    const { state: next, effects: asked } = step(state, fact);
    count += 1;
    if (lineOfTurn(fact, asked) !== lineOfTurn(fact, recorded))
      return { turns: count, departure: { line, fact, recorded, asked } };
    state = next;
  }
  return { turns: count, departure: undefined };
}
