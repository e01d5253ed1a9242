/** Later than any week: instants are small integers, which the engine need not put into objects of their own. */
export const NEVER = 0x7fff_ffff;

/** Instants times this, plus the order of arrival: exact below 2^53 for 49 days of milliseconds and two million entries. */
const ORDERS = 2 ** 21;

/** What is still to happen, soonest first and of one instant in order of arrival: a binary heap on typed arrays. */
export class Agenda {
  private keys = new Float64Array(4_096);
  private whats = new Int32Array(4_096);
  private count = 0;
  private pushed = 0;

  /** When the next entry is due, in milliseconds from the start; NEVER when nothing is left. */
  get dueAt(): number {
    return this.count === 0 ? NEVER : (this.keys[0]! / ORDERS) | 0;
  }

  push(at: number, what: number): void {
    if (this.count === this.keys.length) this.grow();
    const key = at * ORDERS + this.pushed++;
    const { keys, whats } = this;
    let index = this.count++;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (keys[parent]! <= key) break;
      keys[index] = keys[parent]!;
      whats[index] = whats[parent]!;
      index = parent;
    }
    keys[index] = key;
    whats[index] = what;
  }

  /** Takes the first entry out. There must be one. */
  pop(): number {
    const { keys, whats } = this;
    const first = whats[0]!;
    const count = --this.count;
    const key = keys[count]!;
    const what = whats[count]!;
    let index = 0;
    for (;;) {
      let child = 2 * index + 1;
      if (child >= count) break;
      if (child + 1 < count && keys[child + 1]! < keys[child]!) child += 1;
      if (keys[child]! >= key) break;
      keys[index] = keys[child]!;
      whats[index] = whats[child]!;
      index = child;
    }
    keys[index] = key;
    whats[index] = what;
    return first;
  }

  private grow(): void {
    const [keys, whats] = [this.keys, this.whats];
    this.keys = new Float64Array(keys.length * 2);
    this.whats = new Int32Array(whats.length * 2);
    this.keys.set(keys);
    this.whats.set(whats);
  }
}
