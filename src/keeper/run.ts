import type { Effect } from '../domain/effects.ts';
import type { Fact } from '../domain/facts.ts';
import { ALWAYS } from '../domain/time.ts';
import type { World } from '../world/world.ts';
import type { Step } from './keeper.ts';

/** One turn as observers see it. */
export interface Turn<State> {
  readonly fact: Fact;
  readonly effects: readonly Effect[];
  readonly state: State;
  /** The blocks that are others than before, or were born; undefined where that is not known. */
  readonly touched?: readonly string[] | undefined;
}

/**
 * The one loop, shared by live and simulated worlds: take a fact, make a turn, perform its effects, wait by `wakeAt`.
 * Generic over the state, so that a baseline which is no keeper runs in the same world. Ends when the world does.
 */
export async function run<State>(
  world: World,
  start: State,
  step: (state: State, fact: Fact) => Step<State>,
  watch: (turn: Turn<State>) => void = () => undefined,
): Promise<State> {
  let state = start;
  let wakeAt = ALWAYS;
  for (;;) {
    const next = world.next(wakeAt);
    // A simulated world returns at once: a promise a turn would cost it as much as the turn.
    const fact = next instanceof Promise ? await next : next;
    if (fact === undefined) return state;
    const turn = step(state, fact);
    state = turn.state;
    watch({ fact, effects: turn.effects, state, touched: turn.touched });
    world.perform(turn.effects);
    wakeAt = turn.wakeAt;
  }
}
