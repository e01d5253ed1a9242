import type { Instant } from '../../src/domain/time.ts';

export interface Sample {
  readonly at: Instant;
  /** Block nodes that are ready and take pods, by pool. */
  readonly serving: Readonly<Record<string, number>>;
  /** Instances of ours that run. */
  readonly alive: number;
  readonly overflow: number;
  readonly jobsRunning: number;
  readonly jobsWaiting: number;
}

/** Counts by instant, in order; the last of an instant stands. A column each: a week has tens of thousands of them. */
export interface Counts {
  readonly length: number;
  readonly at: Float64Array;
  readonly alive: Int32Array;
  readonly overflow: Int32Array;
  readonly jobsRunning: Int32Array;
  readonly jobsWaiting: Int32Array;
  /** Block nodes that take pods, of a pool; undefined for one that nobody has heard of. */
  serving(pool: string): Int32Array | undefined;
  /** Those of all pools. */
  servingOfAll(index: number): number;
  /** One row as an object. */
  sample(index: number): Sample;
}

/** Counts after every change, in order. */
export class Samples implements Counts {
  length = 0;
  at = new Float64Array(1_024);
  alive = new Int32Array(1_024);
  overflow = new Int32Array(1_024);
  jobsRunning = new Int32Array(1_024);
  jobsWaiting = new Int32Array(1_024);
  private readonly names: readonly string[];
  private readonly places: ReadonlyMap<string, number>;
  private readonly columns: Int32Array[];
  /** As it is now. */
  private readonly now: Int32Array;

  /** @param names the pools */
  constructor(names: readonly string[]) {
    this.names = names;
    this.places = new Map(names.map((name, place) => [name, place]));
    this.columns = names.map(() => new Int32Array(1_024));
    this.now = new Int32Array(names.length);
  }

  /** A block's node of a pool takes pods from now on, or takes none any more. */
  serves(pool: string | undefined, by: 1 | -1): void {
    const place = pool === undefined ? undefined : this.places.get(pool);
    if (place !== undefined) this.now[place]! += by;
  }

  /** Writes the counts down, where they are others than before. */
  take(at: Instant, alive: number, overflow: number, jobsRunning: number, jobsWaiting: number): void {
    const last = this.length - 1;
    if (
      last >= 0 &&
      this.alive[last] === alive &&
      this.overflow[last] === overflow &&
      this.jobsRunning[last] === jobsRunning &&
      this.jobsWaiting[last] === jobsWaiting &&
      this.servesAsBefore(last)
    )
      return;
    const index = this.length++;
    if (index === this.at.length) this.grow();
    this.at[index] = at;
    this.alive[index] = alive;
    this.overflow[index] = overflow;
    this.jobsRunning[index] = jobsRunning;
    this.jobsWaiting[index] = jobsWaiting;
    for (let place = 0; place < this.columns.length; place += 1) this.columns[place]![index] = this.now[place]!;
  }

  serving(pool: string): Int32Array | undefined {
    const place = this.places.get(pool);
    return place === undefined ? undefined : this.columns[place];
  }

  servingOfAll(index: number): number {
    let blocks = 0;
    for (const column of this.columns) blocks += column[index]!;
    return blocks;
  }

  sample(index: number): Sample {
    return {
      at: this.at[index]!,
      serving: Object.fromEntries(this.names.map((name, place) => [name, this.columns[place]![index]!])),
      alive: this.alive[index]!,
      overflow: this.overflow[index]!,
      jobsRunning: this.jobsRunning[index]!,
      jobsWaiting: this.jobsWaiting[index]!,
    };
  }

  private servesAsBefore(last: number): boolean {
    for (let place = 0; place < this.columns.length; place += 1)
      if (this.columns[place]![last] !== this.now[place]) return false;
    return true;
  }

  private grow(): void {
    const size = this.at.length * 2;
    const at = new Float64Array(size);
    at.set(this.at);
    this.at = at;
    this.alive = longer(this.alive, size);
    this.overflow = longer(this.overflow, size);
    this.jobsRunning = longer(this.jobsRunning, size);
    this.jobsWaiting = longer(this.jobsWaiting, size);
    for (const [place, column] of this.columns.entries()) this.columns[place] = longer(column, size);
  }
}

function longer(column: Int32Array, size: number): Int32Array<ArrayBuffer> {
  const more = new Int32Array(size);
  more.set(column);
  return more;
}
