/** What can be looked at for changes only, since it cannot be frozen, and a copy of what it was. */
type Kept = readonly [view: NodeJS.TypedArray, was: NodeJS.TypedArray];

/**
 * Freezes a value and all that it holds, Maps and Sets too: writing to it throws. What holds no state of its own (functions,
 * and what they close over) stays. Answers a check that throws if a typed array, which cannot be frozen, was written to.
 */
export function frozen(value: unknown, known: WeakSet<object> = new WeakSet()): () => void {
  const kept: Kept[] = [];
  const queue: unknown[] = [value];
  while (queue.length > 0) {
    const one = queue.pop();
    if (typeof one !== 'object' || one === null) continue;
    if (isTypedArray(one)) {
      kept.push([one, one.slice()]);
      continue;
    }
    if (known.has(one)) continue;
    known.add(one);
    if (one instanceof Map) queue.push(...one.keys(), ...one.values());
    if (one instanceof Set) queue.push(...one);
    queue.push(...(Object.values(one) as unknown[]));
    for (const method of one instanceof Map || one instanceof Set ? WRITES : [])
      Object.defineProperty(one, method, { value: refused });
    Object.freeze(one);
  }
  return () => {
    for (const [view, was] of kept) if (view.some((number, at) => !Object.is(number, was[at]))) refused();
  };
}

const WRITES = ['set', 'add', 'delete', 'clear'];

const refused = (): never => {
  throw new TypeError('Something frozen was written to');
};

const isTypedArray = (value: object): value is NodeJS.TypedArray =>
  ArrayBuffer.isView(value) && !(value instanceof DataView);
