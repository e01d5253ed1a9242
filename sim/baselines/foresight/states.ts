/** One way to have run all jobs until now, as far as it matters for those to come. */
export interface State {
  /** USD that it costs above the floor so far. */
  above: number;
  /** By the place of a running job: the lot of its machine. Places of jobs that have ended hold what they held. */
  readonly on: Int32Array;
  /** The lots of the machines that are held without a job, ascending. */
  readonly free: readonly number[];
  /** Of `on`, where jobs run, and `free`: equal states have equal hashes. */
  readonly hash: number;
  last: Deed | undefined;
}

/** A job was started on a machine of a lot, bought for it or held before. */
export interface Deed {
  readonly job: number;
  readonly lot: number;
  readonly isNew: boolean;
  readonly before: Deed | undefined;
}

/** The states of one moment, each once and the cheapest of its kind. */
export class Layer {
  /** USD above the floor of the cheapest state that was ever let go for being one too many. */
  letGoAbove = Infinity;
  private states = new Map<number, State>();
  private readonly width: number;
  private readonly budget: number;
  private readonly isSame: (one: State, other: State) => boolean;

  /**
   * @param width states that are kept of a moment
   * @param budget USD above the floor beyond which a state is of no interest
   */
  constructor(width: number, budget: number, isSame: (one: State, other: State) => boolean) {
    this.width = width;
    this.budget = budget;
    this.isSame = isSame;
  }

  add(state: State): void {
    if (state.above > this.budget) return;
    let key = state.hash;
    for (let known = this.states.get(key); known !== undefined; known = this.states.get(key)) {
      if (this.isSame(known, state)) {
        if (state.above < known.above) this.states.set(key, state);
        return;
      }
      key += 1;
    }
    this.states.set(key, state);
  }

  /** The states of this moment; those of the next are gathered from here on. */
  next(): readonly State[] {
    let states = [...this.states.values()];
    this.states = new Map();
    if (states.length > this.width) {
      states.sort((a, b) => a.above - b.above);
      this.letGoAbove = Math.min(this.letGoAbove, states[this.width]!.above);
      states = states.slice(0, this.width);
    }
    return states;
  }
}

/** A number for a pair of numbers; sums of them serve as hashes, equal for equal sets in whatever order they were added. */
export function hashOf(one: number, other: number): number {
  let x = Math.imul(one ^ 0x9e37_79b1, 0x85eb_ca6b) ^ Math.imul(other + 0x7feb_352d, 0xc2b2_ae35);
  x = Math.imul(x ^ (x >>> 15), 0x846c_a68b);
  let y = Math.imul(x ^ (x >>> 16), 0x7feb_352d) + other;
  y = Math.imul(y ^ (y >>> 15), 0x9e37_79b1);
  // Sums of some hundred of these stay whole.
  return (x >>> 0) * 2 ** 10 + ((y ^ (y >>> 16)) >>> 22);
}
