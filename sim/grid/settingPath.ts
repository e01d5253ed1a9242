/** The way to a setting: keys, and places in lists by number; pools also by name. */
export type SettingPath = readonly (string | number)[];

/** A step in brackets: a place in a list, or a key that has dots in it, such as an instance type. */
const STEP = /^(?:([A-Za-z_][\w-]*)|\[([^[\]]+)\])/;

/** The path that a text such as `lease.duration`, `pools[0].surge` or `market.onDemand[m5.2xlarge]` names. */
export function pathIn(text: string): SettingPath | { readonly message: string } {
  const path: (string | number)[] = [];
  let rest = text;
  while (rest !== '') {
    if (path.length > 0 && rest.startsWith('.') && /^\.[A-Za-z_]/.test(rest)) rest = rest.slice(1);
    else if (path.length > 0 && !rest.startsWith('[')) break;
    const [whole, key, bracketed] = STEP.exec(rest) ?? [];
    if (whole === undefined) break;
    path.push(key ?? (/^\d{1,9}$/.test(bracketed ?? '') ? Number(bracketed) : (bracketed ?? '')));
    rest = rest.slice(whole.length);
  }
  if (rest !== '' || path.length === 0)
    return { message: `expected a path such as lease.duration or pools[0].surge, found ${JSON.stringify(text)}` };
  return path;
}

/** Whether one setting is the other, or a part of it. A path without a pool is that setting in every pool. */
export function sharesPlace(one: SettingPath, other: SettingPath): boolean {
  const [a, b] = [withinPool(one), withinPool(other)];
  if (a.pool !== undefined && b.pool !== undefined && a.pool !== b.pool) return false;
  const shared = Math.min(a.rest.length, b.rest.length);
  return a.rest.slice(0, shared).every((step, index) => step === b.rest[index]);
}

const withinPool = (path: SettingPath): { readonly pool: string | number | undefined; readonly rest: SettingPath } =>
  path[0] === 'pools' && path.length > 1 ? { pool: path[1], rest: path.slice(2) } : { pool: undefined, rest: path };
