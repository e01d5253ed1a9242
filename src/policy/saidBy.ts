/** The longest that what a policy said may be: it goes into logs, events and recordings. */
const MOST_LETTERS = 200;

/** What somebody else's code threw, as one short line; anything can be thrown, also what cannot be looked at. */
export function saidBy(thrown: unknown): string {
  try {
    if (!(thrown instanceof Error)) return oneLine(shortly(thrown));
    const { name, message } = thrown;
    return oneLine(message === '' ? name : message);
  } catch {
    return 'something that cannot be shown';
  }
}

/** A value in a few letters: texts quoted, objects by their kind. Looks at no property, so nothing of theirs runs. */
export function shortly(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return JSON.stringify(value.length > 40 ? `${value.slice(0, 39)}…` : value);
    case 'object':
      return value === null ? 'null' : Array.isArray(value) ? 'a list' : 'an object';
    case 'function':
    case 'symbol':
      return `a ${typeof value}`;
    case 'bigint':
      return 'a bigint';
    case 'undefined':
      return 'nothing';
    case 'number':
    case 'boolean':
      return String(value);
  }
}

function oneLine(text: string): string {
  // Cut first: a message may be millions of letters long.
  const line = text
    .slice(0, MOST_LETTERS * 2)
    .replaceAll(/\s+/g, ' ')
    .trim();
  return line.length > MOST_LETTERS ? `${line.slice(0, MOST_LETTERS - 1)}…` : line;
}
