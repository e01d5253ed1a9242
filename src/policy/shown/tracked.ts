import { nothingRead, type Reads } from './reads.ts';

/** A value as a policy is shown it, and what the policy did with it. */
export interface Shown<Value> {
  /** Frozen to its last part. */
  readonly value: Value;
  /** What was read so far. Later reads are noted no more: what was kept must not change. */
  reads(): Reads;
  /** The first try to write; undefined where nobody tried. */
  wrote(): Wrote | undefined;
}

/** A try to write to what was shown. */
export interface Wrote {
  /** Where to, such as `need.markets`. */
  readonly path: string;
  /** As it was thrown there; its stack names the place in the policy. */
  readonly error: TypeError;
}

/**
 * Shows a value that was made for this: it is frozen, and reads are noted by fields and their parts. A write throws, whether
 * or not the code that writes is strict, and is noted even if the error is swallowed.
 */
export function tracked<Value extends object>(value: Value): Shown<Value> {
  const log: Log = { open: true, wrote: undefined };
  const notes = new Notes();
  const shown = wrapped(value, notes, log, undefined, '');
  return {
    value: shown,
    reads: () => {
      log.open = false;
      return readsIn(notes);
    },
    wrote: () => log.wrote,
  };
}

/** The value without its watch, its parts likewise: reading it is not noted. What is not watched is returned as it is. */
export function plainOf<Value>(value: Value): Value {
  if (typeof value !== 'object' || value === null) return value;
  const plain = (value as { readonly [PLAIN]?: Value })[PLAIN];
  if (plain !== undefined) return plain;
  // An object that a policy made to ask its parts with. It may hold watched parts.
  if (Array.isArray(value)) return value.map((part: unknown) => plainOf(part)) as Value;
  const copy: Record<string, unknown> = {};
  for (const [name, part] of Object.entries(value)) copy[name] = plainOf(part);
  return copy as Value;
}

/** The key under which the watch gives out the plain value. Nobody else has it. */
const PLAIN = Symbol('plain');

interface Log {
  open: boolean;
  wrote: Wrote | undefined;
}

/** What was read of one object so far. */
class Notes {
  keys = false;
  /** Most parts of a question are never looked into. */
  parts: Map<string, Notes | undefined> | undefined;
}

function readsIn({ keys, parts }: Notes): Reads {
  if (parts === undefined) return keys ? { keys, names: [], parts: [] } : nothingRead;
  const names: string[] = [];
  const reads: Reads[] = [];
  for (const [name, part] of parts) {
    names.push(name);
    reads.push(part === undefined ? nothingRead : readsIn(part));
  }
  return { keys, names, parts: reads };
}

function wrapped<Value extends object>(value: Value, notes: Notes, log: Log, of: Watch | undefined, as: string): Value {
  let target: object = value;
  let children: Map<string, Notes> | undefined;
  const watch = new Watch(value, notes, log, of, as);
  for (const name of Object.keys(value)) {
    const part = (value as Readonly<Record<string, unknown>>)[name];
    if (typeof part !== 'object' || part === null) continue;
    // A proxy must show what a frozen target has, so the watched parts are the target's own.
    if (children === undefined) {
      children = new Map();
      target = Array.isArray(value) ? [...(value as unknown[])] : { ...value };
    }
    const child = new Notes();
    children.set(name, child);
    (target as Record<string, unknown>)[name] = wrapped(part, child, log, watch, name);
  }
  Object.freeze(value);
  watch.children = children;
  watch.proxy = new Proxy(Object.freeze(target), watch);
  // Known: a proxy is of its target's type.
  return watch.proxy as Value;
}

class Watch implements ProxyHandler<object> {
  /** The proxy whose handler this is. */
  proxy: object | undefined;
  readonly #plain: object;
  children: ReadonlyMap<string, Notes> | undefined;
  readonly #notes: Notes;
  readonly #log: Log;
  /** What this is a part of, and as what. */
  readonly #of: Watch | undefined;
  readonly #as: string;

  constructor(plain: object, notes: Notes, log: Log, of: Watch | undefined, as: string) {
    this.#plain = plain;
    this.#notes = notes;
    this.#log = log;
    this.#of = of;
    this.#as = as;
  }

  get(target: object, key: string | symbol): unknown {
    if (key === PLAIN) return this.#plain;
    this.#note(target, key);
    return Reflect.get(target, key) as unknown;
  }

  has(target: object, key: string | symbol): boolean {
    this.#note(target, key);
    return Reflect.has(target, key);
  }

  getOwnPropertyDescriptor(target: object, key: string | symbol): PropertyDescriptor | undefined {
    this.#note(target, key);
    return Reflect.getOwnPropertyDescriptor(target, key);
  }

  ownKeys(target: object): (string | symbol)[] {
    if (this.#log.open) this.#notes.keys = true;
    return Reflect.ownKeys(target);
  }

  set(target: object, key: string | symbol, value: unknown, receiver: unknown): boolean {
    // An object of the policy's own that has this one for its prototype: nothing here would change.
    if (receiver !== this.proxy) return Reflect.set(target, key, value, receiver);
    return this.#refuse(key);
  }

  defineProperty(target: object, key: string | symbol, descriptor: PropertyDescriptor): boolean {
    // To freeze what is frozen changes nothing.
    return Reflect.defineProperty(target, key, descriptor) || this.#refuse(key);
  }

  deleteProperty(target: object, key: string | symbol): boolean {
    return Object.hasOwn(target, key) ? this.#refuse(key) : true;
  }

  setPrototypeOf(target: object, prototype: object | null): boolean {
    return Reflect.setPrototypeOf(target, prototype) || this.#refuse('__proto__');
  }

  #note(target: object, key: string | symbol): void {
    if (!this.#log.open || typeof key === 'symbol' || this.#notes.parts?.has(key) === true) return;
    // Methods, such as those of lists, are the language's and never change.
    if (key in target && !Object.hasOwn(target, key)) return;
    this.#notes.parts ??= new Map();
    this.#notes.parts.set(key, this.children?.get(key));
  }

  /** `need.markets`; nothing for the whole. */
  path(): string {
    const of = this.#of?.path() ?? '';
    return of === '' ? this.#as : `${of}.${this.#as}`;
  }

  #refuse(key: string | symbol): never {
    const own = this.path();
    const path = own === '' ? String(key) : `${own}.${String(key)}`;
    const error = new TypeError(`cannot change ${path}: a question is a copy, for reading only`);
    this.#log.wrote ??= { path, error };
    throw error;
  }
}
