/** One job as a CI system's export tells of it: values as they stand there, read by nobody yet. */
export interface SeenJob {
  /** `run`: several jobs in one (a workflow's run, a pipeline's build), of use only where the jobs themselves are not told of. */
  readonly grain?: 'job' | 'run' | undefined;
  /** Told twice with the same id, the later one stands. */
  readonly id?: string | number | undefined;
  /** The cell of a column that is called so: of the row, or of anything. */
  readonly rowId?: string | number | undefined;
  /** What ran: told of again under another id, the row that was queued first stands. */
  readonly execution?: string | undefined;
  readonly name?: unknown;
  readonly workflow?: unknown;
  /** The class that the export itself names. */
  readonly class?: unknown;
  /** The state or the result in the system's words, one or several. */
  readonly status?: readonly unknown[] | undefined;
  readonly queued?: Value | undefined;
  readonly started?: Value | undefined;
  readonly finished?: Value | undefined;
  /** How long it ran. */
  readonly length?: Length | undefined;
  /** How long it was queued before it started. */
  readonly waited?: Length | undefined;
  /** On a machine of GitHub's own, or on another; `unknown`: of GitHub, and nothing says where. Other systems say nothing. */
  readonly hosted?: boolean | 'unknown' | undefined;
  /** The system says that it never had a machine, whatever its times say. */
  readonly neverStarted?: boolean | undefined;
}

/** A value and the key or column under which it stands. */
export interface Value {
  readonly found: unknown;
  readonly key: string;
  /** A time without a zone is in UTC. */
  readonly isUtc?: boolean | undefined;
}

export interface Length {
  readonly found: unknown;
  readonly key: string;
  readonly unitMs: number;
}

export type Obj = Readonly<Record<string, unknown>>;

export const isObj = (value: unknown): value is Obj =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The objects in a list; none for anything that is no list. */
export const objsIn = (value: unknown): readonly Obj[] => (Array.isArray(value) ? value.filter(isObj) : []);

/** The value of a key, of a key in that, and so on; undefined where the way ends early. */
export function within(value: unknown, ...keys: readonly string[]): unknown {
  let found: unknown = value;
  for (const key of keys) {
    if (!isObj(found)) return undefined;
    found = found[key];
  }
  return found;
}

/** Text, or undefined for anything else and for no text. */
export const textIn = (value: unknown): string | undefined =>
  typeof value === 'string' && value.trim() !== '' ? value : undefined;

/** The first of some keys that has a value. */
export function valueOf(record: Obj, ...keys: readonly string[]): Value | undefined {
  let last: Value | undefined;
  for (const key of keys) {
    const found = record[key];
    if (found === undefined) continue;
    if (found !== null && found !== '') return { found, key };
    last ??= { found, key };
  }
  return last;
}

export const lengthIn = (record: Obj, key: string, unitMs: number): Length | undefined =>
  record[key] === undefined || record[key] === null ? undefined : { found: record[key], key, unitMs };

/** A number, or text that is one; NaN for anything else. An object may throw where it is made a number, so it is not asked. */
export const numberIn = (value: unknown): number =>
  typeof value === 'number' ? value : typeof value === 'string' ? Number(value) : Number.NaN;

/** A number or text as text; empty for anything else. */
export const word = (value: unknown): string =>
  typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '';

/** An id of several words, the first of which must be there: without it nothing tells one row from another. */
export const idOf = (first: unknown, ...others: readonly unknown[]): string | undefined =>
  word(first) === '' ? undefined : [first, ...others].map(word).join(' ');
