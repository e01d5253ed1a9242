/**
 * Tells how many jobs have come since a pool was last told, each to one pool: a job that another pool counts later has not come
 * again. Knows the uids of the jobs that exist, and no others: a uid never comes back.
 */
export class Arrivals {
  /** The how-manieth job each was. */
  private ordinals = new Map<string, number>();
  private seen = 0;
  /** How many jobs had been seen when a pool was last told. */
  private readonly toldAt = new Map<string, number>();
  /** The jobs of whose coming a pool was told. */
  private counted = new Set<string>();

  /** All jobs that exist. */
  saw(uids: Iterable<string>): void {
    const now = new Map<string, number>();
    for (const uid of uids) {
      const known = this.ordinals.get(uid);
      if (known === undefined) this.seen += 1;
      now.set(uid, known ?? this.seen);
    }
    this.ordinals = now;
    this.counted = new Set([...this.counted].filter((uid) => now.has(uid)));
  }

  /** How many of a pool's jobs are news to it: 0 for one that was told nothing yet. */
  amongst(pool: string, uids: readonly string[]): number {
    const told = this.toldAt.get(pool) ?? this.seen;
    return uids.filter((uid) => (this.ordinals.get(uid) ?? 0) > told && !this.counted.has(uid)).length;
  }

  /** A pool was told of all that was seen, these among it. */
  told(pool: string, uids: readonly string[]): void {
    this.toldAt.set(pool, this.seen);
    for (const uid of uids) this.counted.add(uid);
  }
}
