import { type Instant, NEVER } from '../../src/domain/time.ts';

/**
 * What is still to happen, soonest first: a binary heap keyed by (instant, order of arrival). The keys are in typed arrays, since a
 * week pushes and pops a hundred thousand of them; what is due at the same instant comes in the order in which it was scheduled.
 */
export class EventQueue<Item> {
  private ats = new Float64Array(64);
  private orders = new Float64Array(64);
  private readonly items: (Item | undefined)[] = [];
  private count = 0;
  private pushed = 0;

  push(at: Instant, item: Item): void {
    if (this.count === this.ats.length) this.grow();
    const { ats, orders, items } = this;
    const order = this.pushed++;
    let index = this.count++;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      // What is pushed later comes later among equals.
      if (ats[parent]! <= at) break;
      ats[index] = ats[parent]!;
      orders[index] = orders[parent]!;
      items[index] = items[parent];
      index = parent;
    }
    ats[index] = at;
    orders[index] = order;
    items[index] = item;
  }

  /** When the next item is due; NEVER when nothing is left. */
  get dueAt(): Instant {
    return this.count === 0 ? NEVER : this.ats[0]!;
  }

  /** How many were pushed before the one that is next, and how many in all: the orders that they have among equals. */
  get dueOrder(): number {
    return this.orders[0]!;
  }

  get nextOrder(): number {
    return this.pushed;
  }

  pop(): Item | undefined {
    if (this.count === 0) return undefined;
    const { ats, orders, items } = this;
    const first = items[0];
    const last = --this.count;
    const [at, order] = [ats[last]!, orders[last]!];
    const item = items[last];
    items[last] = undefined;
    if (last === 0) return first;
    let index = 0;
    for (;;) {
      let child = 2 * index + 1;
      if (child >= last) break;
      const right = child + 1;
      if (right < last && (ats[right]! < ats[child]! || (ats[right] === ats[child] && orders[right]! < orders[child]!)))
        child = right;
      if (ats[child]! > at || (ats[child] === at && orders[child]! > order)) break;
      ats[index] = ats[child]!;
      orders[index] = orders[child]!;
      items[index] = items[child];
      index = child;
    }
    ats[index] = at;
    orders[index] = order;
    items[index] = item;
    return first;
  }

  private grow(): void {
    this.ats = twice(this.ats);
    this.orders = twice(this.orders);
  }
}

function twice(keys: Float64Array<ArrayBuffer>): Float64Array<ArrayBuffer> {
  const more = new Float64Array(keys.length * 2);
  more.set(keys);
  return more;
}
