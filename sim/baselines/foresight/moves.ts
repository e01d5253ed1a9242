import type { Guide } from './guide.ts';
import { hashOf, type State } from './states.ts';

/** How a state goes on; what comes of it is handed to `add`. */
export interface Moves {
  /** A machine may be bought, or not, for a job that starts later. */
  buy(state: State, job: number): void;
  /** The job starts on the machine bought for it, on one that is held, or on one bought a boot ago. */
  start(state: State, job: number): void;
  /** The job's machine is given up or held. */
  end(state: State, job: number): void;
  /** What is held until a node loses worth. */
  wear(state: State, from: number, to: number): void;
}

/** @param running the jobs that run, or that a machine may boot for, now */
export function movesOf(guide: Guide, running: readonly number[], add: (state: State) => void): Moves {
  const { plan, nodes, net, floor, rooms, lots, mayKeep, places, isCounted } = guide;
  const kinds = plan.tracks.length;
  return {
    buy: (state, job) => {
      const without = { ...state, on: placed(state, job, -1) };
      add(without);
      for (let track = 0; track < kinds; track += 1) {
        const place = rooms.countedIn[track];
        if (place !== undefined && livingIn(without, place) < plan.tracks[track]!.roomAt(plan.buysAt[job]!))
          open(without, job, track);
      }
    },
    start: (state, job) => {
      if (isCounted[job] && state.on[places[job]!]! >= 0) {
        add(state);
        return;
      }
      for (let track = 0; track < kinds; track += 1) if (rooms.countedIn[track] === undefined) open(state, job, track);
      for (const [at, lot] of state.free.entries()) if (lot !== state.free[at - 1]) follow(state, job, lot, at);
    },
    end: (state, job) => {
      const lot = state.on[places[job]!]!;
      const pair = job * kinds + lots.trackOf(lot);
      const worth = net[lots.trackOf(lot)]![nodes.endOf[job]!]! + plan.paidAtEnd[pair]!;
      const hash = state.hash - hashOf(job, lot);
      add({ ...state, above: state.above + Math.max(0, worth), hash });
      if (mayKeep[pair] === 1)
        add({ ...state, hash: hash + hashOf(-1, lot), free: [...state.free, lot].sort((a, b) => a - b) });
    },
    wear: (state, from, to) => {
      for (const lot of state.free) {
        const worth = net[lots.trackOf(lot)]!;
        state.above += Math.max(0, worth[from]! - worth[to]!);
      }
    },
  };

  function open(state: State, job: number, track: number): void {
    const pair = job * kinds + track;
    if (plan.mayOpen[pair] === 0) return;
    const cost = -plan.paidAtBuy[pair]! - net[track]![nodes.endOf[job]!]! - floor.least[job]!;
    run(state, job, lots.lotOf(track, job), cost, state.free, 0, true);
  }

  function follow(state: State, job: number, lot: number, at: number): void {
    const track = lots.trackOf(lot);
    if (plan.mayFollow[job * kinds + track] === 0 || lots.endsAt(lot) < plan.jobs[job]!.endsAt) return;
    const cost = net[track]![nodes.startOf[job]!]! - net[track]![nodes.endOf[job]!]! - floor.least[job]!;
    run(state, job, lot, cost, state.free.toSpliced(at, 1), hashOf(-1, lot), false);
  }

  function run(
    state: State,
    job: number,
    lot: number,
    cost: number,
    free: readonly number[],
    gone: number,
    isNew: boolean,
  ): void {
    add({
      above: state.above + Math.max(0, cost),
      on: placed(state, job, lot),
      free,
      hash: state.hash - gone + hashOf(job, lot),
      last: { job, lot, isNew, before: state.last },
    });
  }

  function placed({ on }: State, job: number, lot: number): Int32Array {
    const copy = on.slice();
    copy[places[job]!] = lot;
    return copy;
  }

  /** Machines that draw on the same spare capacity. */
  function livingIn(state: State, place: string): number {
    let living = 0;
    for (const lot of state.free) if (rooms.countedIn[lots.trackOf(lot)] === place) living += 1;
    for (const job of running) {
      const lot = state.on[places[job]!]!;
      if (lot >= 0 && rooms.countedIn[lots.trackOf(lot)] === place) living += 1;
    }
    return living;
  }
}
