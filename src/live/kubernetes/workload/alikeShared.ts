/**
 * Gives what is made of equal texts one object, made once: thousands of pods of a CI system need the same, and most nodes of
 * a pool are alike. When there are too many all are forgotten: then equal values may be two objects, which costs memory
 * and time and nothing else.
 */
export function alikeShared<Value>(most = MOST_KEPT): (text: string, make: () => Value) => Value {
  const kept = new Map<string, Value>();
  return (text, make) => {
    const known = kept.get(text);
    if (known !== undefined) return known;
    const made = make();
    if (kept.size >= most) kept.clear();
    kept.set(text, made);
    return made;
  };
}

/** At some five hundred bytes each. */
const MOST_KEPT = 1_000;
