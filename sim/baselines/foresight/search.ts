import type { Chain } from './chains.ts';
import { chainsOf } from './deeds.ts';
import type { Guide } from './guide.ts';
import type { Happening } from './happenings.ts';
import { movesOf } from './moves.ts';
import { Layer, type State } from './states.ts';

/** What a search through one stretch found. */
export interface Found {
  /** The machines of the best way found; undefined if none was found within the limits. */
  readonly chains: readonly Chain[] | undefined;
  /** USD above the floor that the best way found costs. */
  readonly above: number;
  /** USD above the floor that any way costs at least, those beyond the budget aside. */
  readonly atLeastAbove: number;
}

/**
 * Looks through all ways to run the jobs of a stretch, in order of time. Ways that have come to the same machines with the
 * same jobs on them go on as one, the cheapest. What a way costs above the floor never falls as it goes on, so that dear
 * ones can be let go: those above `budget`, and of more than `width` ways the dearest. The cheapest of what was let go for
 * the width is remembered: if the best way found costs no more than that, it is the best of all.
 */
export function search(
  guide: Guide,
  stretch: readonly Happening[],
  { budget, width }: { readonly budget: number; readonly width: number },
): Found {
  const { lots, places, isCounted } = guide;
  const running: number[] = [];
  const layer = new Layer(width, budget, isSame);
  const moves = movesOf(guide, running, (state) => {
    layer.add(state);
  });
  let states: readonly State[] = [fresh(guide)];
  let lastNode: number | undefined;

  for (const happening of stretch) {
    if (happening.type === 'reclaim') {
      for (const state of states)
        if (state.free.every((lot) => lots.trackOf(lot) !== happening.track)) layer.add(state);
    } else if (happening.type === 'buy') {
      for (const state of states) moves.buy(state, happening.job);
      running.push(happening.job);
    } else {
      const { job, node } = happening;
      if (lastNode !== undefined) for (const state of states) moves.wear(state, lastNode, node);
      lastNode = node;
      if (happening.type === 'start') {
        for (const state of states) moves.start(state, job);
        if (!isCounted[job]) running.push(job);
      } else {
        for (const state of states) moves.end(state, job);
        running.splice(running.indexOf(job), 1);
      }
    }
    states = layer.next();
  }
  let best: State | undefined;
  for (const state of states) if (state.free.length === 0 && state.above < (best?.above ?? Infinity)) best = state;
  const above = best?.above ?? Infinity;
  const chains = best === undefined ? undefined : chainsOf(guide, best.last);
  return { chains, above, atLeastAbove: Math.min(above, layer.letGoAbove) };

  function isSame(one: State, other: State): boolean {
    return (
      one.free.length === other.free.length &&
      one.free.every((lot, at) => lot === other.free[at]) &&
      running.every((job) => one.on[places[job]!] === other.on[places[job]!])
    );
  }
}

const fresh = ({ places }: Guide): State => ({
  above: 0,
  on: new Int32Array(places.reduce((most, place) => Math.max(most, place + 1), 0)).fill(-1),
  free: [],
  hash: 0,
  last: undefined,
});
