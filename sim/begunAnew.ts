import { type Effect, type Hold, jobsHeld } from '../src/domain/effects.ts';
import type { Fact } from '../src/domain/facts.ts';
import { after, earliest, type Instant, NEVER } from '../src/domain/time.ts';
import type { Step } from '../src/keeper/keeper.ts';
import type { Death, HoldPhase } from './scenario/scenario.ts';

type StepOf<State> = (state: State, fact: Fact) => Step<State>;

/**
 * A step that is made to forget at some instants: the state is what it was at the start, and the world tells what exists. It is
 * stopped in good order, as a keeper is by a new release: what it has seen is in the ledger.
 */
export function forgetting<State>(
  restarts: readonly Instant[],
  start: State,
  turnOf: StepOf<State>,
  begunAnew: (ended: State) => void,
): StepOf<State> {
  if (restarts.length === 0) return turnOf;
  let next = 0;
  return (state, fact) => {
    if (fact.at < (restarts[next] ?? NEVER)) {
      const turn = turnOf(state, fact);
      return { ...turn, wakeAt: earliest(turn.wakeAt, restarts[next] ?? NEVER) };
    }
    while (fact.at >= (restarts[next] ?? NEVER)) next += 1;
    // The fact that came while nobody listened is lost; whatever of it still matters is in the inventory.
    begunAnew(state);
    return { state: start, effects: [], wakeAt: fact.at + 1 };
  };
}

/**
 * A step whose keeper is killed in the course of holds, and is gone for a while: facts that come meanwhile are lost, and what it has
 * seen since the ledger was last written is forgotten.
 */
export function dying<State>(
  deaths: readonly Death[],
  start: State,
  turnOf: StepOf<State>,
  begunAnew: () => void,
): StepOf<State> {
  if (deaths.length === 0) return turnOf;
  const moments = new HoldMoments();
  let backAt: Instant | undefined;
  return (state, fact) => {
    if (backAt !== undefined) {
      if (fact.at < backAt) return { state: start, effects: [], wakeAt: backAt };
      backAt = undefined;
      moments.forget();
      begunAnew();
      return { state: start, effects: [], wakeAt: fact.at + 1 };
    }
    const turn = turnOf(state, fact);
    const passed = moments.passedIn(turn.effects);
    const death = deaths.find(({ phase, number }) =>
      passed.some((one) => one.phase === phase && one.number === number),
    );
    if (death === undefined) return turn;
    backAt = after(fact.at, death.forMs);
    return { state: start, effects: BEFORE[death.phase] ? [] : turn.effects, wakeAt: backAt };
  };
}

/** Whether it dies before what it decided in that turn has left. */
const BEFORE: Readonly<Record<HoldPhase, boolean>> = {
  'before-hold': true,
  'before-grant': false,
  extended: false,
  'before-release': true,
};

type HoldJobs = Extract<Effect, { readonly type: 'holdJobs' }>;

interface Moment {
  readonly phase: HoldPhase;
  /** Of its kind, from 1. */
  readonly number: number;
}

/** Counts the moments of holds in which a keeper may die. */
class HoldMoments {
  private readonly counts = new Map<HoldPhase, number>();
  private readonly last = new Map<string, readonly Hold[]>();

  passedIn(effects: readonly Effect[]): readonly Moment[] {
    const asked = effects.filter((effect): effect is HoldJobs => effect.type === 'holdJobs');
    return asked.flatMap(({ pool, holds }) => {
      const before = this.last.get(pool) ?? [];
      this.last.set(pool, holds);
      return phasesOf(before, holds).map((phase) => ({ phase, number: this.count(phase) }));
    });
  }

  /** The next life has asked for nothing yet. */
  forget(): void {
    this.last.clear();
  }

  private count(phase: HoldPhase): number {
    const number = (this.counts.get(phase) ?? 0) + 1;
    this.counts.set(phase, number);
    return number;
  }
}

function phasesOf(before: readonly Hold[], holds: readonly Hold[]): readonly HoldPhase[] {
  const [jobsBefore, jobs] = [jobsHeld(before), jobsHeld(holds)];
  if (jobs > jobsBefore) return ['before-hold', 'before-grant'];
  if (jobs < jobsBefore) return ['before-release'];
  return lastIn(holds) > lastIn(before) ? ['extended'] : [];
}

const lastIn = (holds: readonly Hold[]): Instant => holds.reduce((last, { until }) => Math.max(last, until), 0);
