const FIRST_MS = 1_000;
const RATIO = 1.1;
const BUCKETS = 141;
const MOST = 1_500;
const FEWER = 0.9330329915368074;
const LEAST_SEEN = 20;
const LN_RATIO = Math.log(RATIO);

/** How long something took, in buckets of a tenth; what is old counts less once much has been seen. */
export class Histogram {
  private readonly counts = new Float64Array(BUCKETS);
  private weight = 0;
  private known = false;
  private median = 0;
  private late = 0;

  add(ms: number): void {
    const bucket = ms <= FIRST_MS ? 0 : Math.min(BUCKETS - 1, Math.ceil(Math.log(ms / FIRST_MS) / LN_RATIO));
    this.counts[bucket]! += 1;
    this.weight += 1;
    this.known = false;
    if (this.weight <= MOST) return;
    this.weight = 0;
    for (let index = 0; index < BUCKETS; index += 1) {
      this.counts[index]! *= FEWER;
      this.weight += this.counts[index]!;
    }
  }

  /** Half took no longer; what is passed where fewer than twenty were seen. */
  p50(unknown: number): number {
    if (this.weight < LEAST_SEEN) return unknown;
    if (!this.known) this.look();
    return this.median;
  }

  /** 95 in a hundred took no longer; what is passed where fewer than twenty were seen. */
  p95(unknown: number): number {
    if (this.weight < LEAST_SEEN) return unknown;
    if (!this.known) this.look();
    return this.late;
  }

  private look(): void {
    const { counts, weight } = this;
    let bucket = 0;
    let seen = counts[0]!;
    while (seen < 0.5 * weight && bucket < BUCKETS - 1) seen += counts[++bucket]!;
    this.median = Math.ceil(FIRST_MS * RATIO ** bucket);
    while (seen < 0.95 * weight && bucket < BUCKETS - 1) seen += counts[++bucket]!;
    this.late = Math.ceil(FIRST_MS * RATIO ** bucket);
    this.known = true;
  }
}
