/** A row of numbers that answers, from a place on, which further stretch has the greatest sum, in the logarithm of its length. */
export class PrefixTree {
  private readonly leaves: number;
  private readonly sum: Int32Array;
  /** The greatest sum of a stretch from the left edge of each part, the empty one included, and how long that stretch is. */
  private readonly best: Int32Array;
  private readonly length: Int32Array;
  private readonly prefersLong: boolean;

  /** @param which of equally great stretches: the first to end or the last */
  constructor(values: readonly number[], which: 'first' | 'last') {
    this.prefersLong = which === 'last';
    let leaves = 1;
    while (leaves < values.length) leaves *= 2;
    this.leaves = leaves;
    this.sum = new Int32Array(2 * leaves);
    this.best = new Int32Array(2 * leaves);
    this.length = new Int32Array(2 * leaves);
    for (const [at, value] of values.entries()) this.setLeaf(at, value);
    for (let part = leaves - 1, width = 1; part >= 1; part -= 1) {
      if ((part & (part + 1)) === 0 && part < leaves - 1) width *= 2;
      this.join(part, width);
    }
  }

  set(at: number, value: number): void {
    this.setLeaf(at, value);
    for (let part = (at + this.leaves) >> 1, width = 1; part >= 1; part >>= 1, width *= 2) this.join(part, width);
  }

  /** Where the stretch of greatest sum that begins at `from` ends: the place after its last number; `from` if it is empty. */
  bestFrom(from: number): number {
    let [best, end, sum] = [0, from, 0];
    // The parts that make up everything from here on, from left to right: a right brother at each turn upwards.
    let part = from + this.leaves;
    let place = from;
    let width = 1;
    while (place < this.leaves) {
      while ((part & 1) === 0 && part > 1) {
        part >>= 1;
        width *= 2;
      }
      const reached = sum + this.best[part]!;
      if (reached > best || (reached === best && this.prefersLong)) [best, end] = [reached, place + this.length[part]!];
      sum += this.sum[part]!;
      place += width;
      part += 1;
    }
    return end;
  }

  private setLeaf(at: number, value: number): void {
    const part = at + this.leaves;
    this.sum[part] = value;
    const isTaken = value > 0 || (value === 0 && this.prefersLong);
    this.best[part] = isTaken ? value : 0;
    this.length[part] = isTaken ? 1 : 0;
  }

  private join(part: number, width: number): void {
    const [left, right] = [2 * part, 2 * part + 1];
    this.sum[part] = this.sum[left]! + this.sum[right]!;
    const through = this.sum[left]! + this.best[right]!;
    const goesOn = through > this.best[left]! || (through === this.best[left]! && this.prefersLong);
    this.best[part] = goesOn ? through : this.best[left]!;
    this.length[part] = goesOn ? width + this.length[right]! : this.length[left]!;
  }
}
