/** Where in the text of a document its objects stand. Looked up once it is asked for: most documents have nothing to point at. */
export interface JsonPlaces {
  /** The characters before an object of the document, or before the value of one of its keys or elements; 0 if it is not found. */
  readonly of: (record: object, key?: string) => number;
}

export function placesOf(text: string, value: unknown): JsonPlaces {
  let starts: Map<object, number> | undefined;
  return {
    of: (record, key) => {
      starts ??= startsIn(text, value);
      const start = starts.get(record) ?? 0;
      if (key === undefined) return start;
      return (Array.isArray(record) ? elementFrom(text, start, Number(key)) : keyFrom(text, start, key)) ?? start;
    },
  };
}

/** A number, a word or a text of JSON, a mark of it, or blanks. */
const TOKEN =
  /[ \t\r\n]+|[{}[\],:]|"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;

interface Open {
  readonly value: unknown;
  readonly isList: boolean;
  index: number;
  key: string | undefined;
}

/** Walks the text and the value side by side, without recursion: what is nested deep would break the stack. */
function startsIn(text: string, root: unknown): Map<object, number> {
  const starts = new Map<object, number>();
  const open: Open[] = [];
  TOKEN.lastIndex = 0;
  for (let at = 0; at < text.length; at = TOKEN.lastIndex) {
    TOKEN.lastIndex = at;
    const token = TOKEN.exec(text)?.[0];
    if (token === undefined) break;
    const top = open.at(-1);
    if (token === '{' || token === '[') {
      const value = open.length === 0 ? root : childOf(top);
      if (typeof value === 'object' && value !== null) starts.set(value, at);
      open.push({ value, isList: token === '[', index: 0, key: undefined });
    } else if (token === '}' || token === ']') open.pop();
    else if (token === ',' && top !== undefined) {
      top.index += 1;
      top.key = undefined;
    } else if (token.startsWith('"') && top !== undefined && !top.isList && top.key === undefined)
      top.key = String(JSON.parse(token));
  }
  return starts;
}

function childOf(top: Open | undefined): unknown {
  if (top === undefined || typeof top.value !== 'object' || top.value === null) return undefined;
  // Known: what was parsed from JSON has no other keys than these.
  return (top.value as Record<string, unknown>)[top.isList ? String(top.index) : (top.key ?? '')];
}

/** The place of an element of the list that starts at a place. */
function elementFrom(text: string, start: number, index: number): number | undefined {
  let [depth, left] = [0, index];
  for (let at = start; at < text.length; at = TOKEN.lastIndex) {
    TOKEN.lastIndex = at;
    const token = TOKEN.exec(text)?.[0];
    if (token === undefined) return undefined;
    if (/^\s/.test(token)) continue;
    if (depth === 1 && left === 0 && token !== ',') return at;
    if (token === '{' || token === '[') depth += 1;
    else if (token === '}' || token === ']') depth -= 1;
    else if (token === ',' && depth === 1) left -= 1;
    if (depth === 0) return undefined;
  }
  return undefined;
}

/** The place of the value of a key in the object that starts at a place. */
function keyFrom(text: string, start: number, key: string): number | undefined {
  let [depth, isKey, found] = [0, true, false];
  TOKEN.lastIndex = start;
  for (let at = start; at < text.length; at = TOKEN.lastIndex) {
    TOKEN.lastIndex = at;
    const token = TOKEN.exec(text)?.[0];
    if (token === undefined) return undefined;
    if (/^\s/.test(token)) continue;
    if (found && token !== ':') return at;
    if (token === '{' || token === '[') depth += 1;
    else if (token === '}' || token === ']') {
      depth -= 1;
      if (depth === 0) return undefined;
    } else if (depth === 1 && token === ',') isKey = true;
    else if (depth === 1 && isKey && token.startsWith('"')) {
      isKey = false;
      found = JSON.parse(token) === key;
    }
  }
  return undefined;
}

/** Where a text stops being JSON, and what stands there. */
export function mistakeIn(text: string): { readonly place: number; readonly found: string } {
  const open: ('{' | '[')[] = [];
  let needs: 'value' | 'key' | 'colon' | 'comma' | 'end' = 'value';
  let [at, isFirst] = [0, false];
  for (; at < text.length; at = TOKEN.lastIndex) {
    TOKEN.lastIndex = at;
    const token = TOKEN.exec(text)?.[0];
    if (token === undefined) break;
    if (/^\s/.test(token)) continue;
    const mark = token[0] ?? '';
    const after = (): 'comma' | 'end' => (open.length === 0 ? 'end' : 'comma');
    if (
      (mark === '}' || mark === ']') &&
      open.at(-1) === (mark === '}' ? '{' : '[') &&
      (needs === 'comma' || isFirst)
    ) {
      open.pop();
      needs = after();
    } else if (needs === 'value' && (mark === '{' || mark === '[')) {
      open.push(mark);
      needs = mark === '{' ? 'key' : 'value';
      isFirst = true;
      continue;
    } else if (needs === 'value' && !',:}]'.includes(mark)) needs = after();
    else if (needs === 'key' && mark === '"') needs = 'colon';
    else if (needs === 'colon' && mark === ':') needs = 'value';
    else if (needs === 'comma' && mark === ',') needs = open.at(-1) === '{' ? 'key' : 'value';
    else break;
    isFirst = false;
  }
  const found = text[at];
  return { place: at, found: found === undefined ? 'the end of it' : `an unexpected ${JSON.stringify(found)}` };
}
