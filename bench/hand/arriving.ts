const MINUTE_MS = 60_000;
const MINUTES = 60;

/** More in two minutes count as this many. */
const MOST_JOBS = 1_023;

/** The share of stretches that are to find room: more than half, since two jobs share a block. */
const SERVICE = 0.5 / (0.5 + 0.5 / 2);

/** How many jobs came in each of the last sixty minutes, and how many that makes in two minutes as a rule. */
export class Arriving {
  /** By minute, modulo their number. */
  private readonly counts = new Int32Array(MINUTES);
  /** How often each sum of two minutes was found. */
  private readonly found = new Uint8Array(MOST_JOBS + 1);
  private first = -1;
  private minute = -1;
  private total = 0;
  private jobs = 0;
  private isKnown = false;

  /** Whether any came that is remembered. */
  get any(): boolean {
    return this.total > 0;
  }

  came(at: number, count: number): void {
    this.moveTo(at);
    if (this.first < 0) this.first = this.minute;
    this.counts[this.minute % MINUTES]! += count;
    this.total += count;
  }

  /** How many jobs come in a stretch as long as a boot. */
  usual(at: number): number {
    this.moveTo(at);
    if (!this.isKnown) this.count();
    return this.jobs;
  }

  private moveTo(at: number): void {
    const minute = (at / MINUTE_MS) | 0;
    if (minute === this.minute) return;
    if (this.first >= 0)
      for (let quiet = Math.max(this.minute + 1, minute - MINUTES + 1); quiet <= minute; quiet += 1) {
        this.total -= this.counts[quiet % MINUTES]!;
        this.counts[quiet % MINUTES] = 0;
      }
    this.minute = minute;
    this.isKnown = false;
  }

  private count(): void {
    this.isKnown = true;
    this.jobs = 0;
    if (this.first < 0) return;
    const from = Math.max(this.first, this.minute - MINUTES + 1);
    let stretches = 0;
    this.found.fill(0);
    // The present minute is not over.
    for (let minute = from + 1; minute < this.minute; minute += 1) {
      const sum = this.counts[minute % MINUTES]! + this.counts[(minute - 1) % MINUTES]!;
      this.found[Math.min(sum, MOST_JOBS)]! += 1;
      stretches += 1;
    }
    if (stretches === 0) return;
    const enough = Math.ceil(SERVICE * stretches);
    for (let seen = this.found[0]!; seen < enough; seen += this.found[this.jobs]!) this.jobs += 1;
  }
}
