import type { Instant } from '../../src/domain/time.ts';

interface Entry<Item> {
  readonly at: Instant;
  /** Order of arrival: what is due at the same instant comes in the order in which it was scheduled. */
  readonly order: number;
  readonly item: Item;
}

/** What is still to happen, soonest first: a binary heap keyed by (instant, order of arrival). */
export class EventQueue<Item> {
  private readonly heap: Entry<Item>[] = [];
  private pushed = 0;

  push(at: Instant, item: Item): void {
    const entry = { at, order: this.pushed++, item };
    const { heap } = this;
    let index = heap.length;
    heap.push(entry);
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!sooner(entry, heap[parent]!)) break;
      heap[index] = heap[parent]!;
      index = parent;
    }
    heap[index] = entry;
  }

  /** When the next item is due; undefined when nothing is left. */
  peekAt(): Instant | undefined {
    return this.heap[0]?.at;
  }

  pop(): Item | undefined {
    const { heap } = this;
    const first = heap[0];
    const last = heap.pop();
    if (first === undefined || last === undefined || heap.length === 0) return first?.item;
    let index = 0;
    for (;;) {
      const left = 2 * index + 1;
      if (left >= heap.length) break;
      const right = left + 1;
      const child = right < heap.length && sooner(heap[right]!, heap[left]!) ? right : left;
      if (!sooner(heap[child]!, last)) break;
      heap[index] = heap[child]!;
      index = child;
    }
    heap[index] = last;
    return first.item;
  }
}

const sooner = (a: Entry<unknown>, b: Entry<unknown>): boolean => a.at < b.at || (a.at === b.at && a.order < b.order);
