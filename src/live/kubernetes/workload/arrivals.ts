/**
 * Tells how many jobs have come since a pool was last told. Knows the uids of the jobs that exist, and no others: a uid
 * never comes back.
 */
export class Arrivals {
  /** The how-manieth job each was. */
  private ordinals = new Map<string, number>();
  private seen = 0;
  /** How many jobs had been seen when a pool was last told. */
  private readonly toldAt = new Map<string, number>();

  /** All jobs that exist. */
  saw(uids: Iterable<string>): void {
    const now = new Map<string, number>();
    for (const uid of uids) {
      const known = this.ordinals.get(uid);
      if (known === undefined) this.seen += 1;
      now.set(uid, known ?? this.seen);
    }
    this.ordinals = now;
  }

  /** How many of a pool's jobs are news to it: 0 for one that was told nothing yet. */
  amongst(pool: string, uids: readonly string[]): number {
    const told = this.toldAt.get(pool) ?? this.seen;
    return uids.filter((uid) => (this.ordinals.get(uid) ?? 0) > told).length;
  }

  /** A pool was told of all that was seen. */
  told(pool: string): void {
    this.toldAt.set(pool, this.seen);
  }
}
