import type { Instant } from '../../src/domain/time.ts';
import type { Node } from '../cluster/node.ts';
import type { Sample } from './truth.ts';

/** What is counted beside the blocks that serve. */
type Counts = Omit<Sample, 'at' | 'serving'>;

/** Counts after every change, in order. */
export class Samples {
  readonly all: Sample[] = [];
  private readonly names: readonly string[];
  private readonly places: ReadonlyMap<string, number>;
  private readonly counts: number[];
  private serving: Sample['serving'] = {};

  /** @param names the pools */
  constructor(names: readonly string[]) {
    this.names = names;
    this.places = new Map(names.map((name, place) => [name, place]));
    this.counts = names.map(() => 0);
  }

  /** Counts the blocks' nodes as they are now. */
  take(at: Instant, nodes: Iterable<Node>, counted: Counts): void {
    const { names, counts, places } = this;
    counts.fill(0);
    for (const { pool, alive, cordoned } of nodes)
      if (pool !== undefined && alive && !cordoned) counts[places.get(pool)!]! += 1;
    // Most changes are of jobs: the counts of nodes are then the ones before, and nothing is made anew.
    if (names.some((name, place) => this.serving[name] !== counts[place]))
      this.serving = Object.fromEntries(names.map((name, place) => [name, counts[place] ?? 0]));
    this.all.push({ at, serving: this.serving, ...counted });
  }
}
