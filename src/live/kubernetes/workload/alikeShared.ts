/**
 * Gives equal values one object: thousands of pods of a CI system need the same, and most nodes of a pool are alike. Values
 * are equal that were made by the same code, in the same order, with the same content. What is no longer used is
 * forgotten when there are too many: then equal values may be two objects, which costs memory and nothing else.
 */
export function alikeShared<Value extends object>(most = MOST_KEPT): (value: Value) => Value {
  const kept = new Map<string, Value>();
  return (value) => {
    const text = JSON.stringify(value);
    const known = kept.get(text);
    if (known !== undefined) return known;
    if (kept.size >= most) kept.clear();
    kept.set(text, value);
    return value;
  };
}

/** At some five hundred bytes each. */
const MOST_KEPT = 1_000;
