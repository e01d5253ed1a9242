import { isNumbers, type Parts, partsOf } from './parts.ts';
import { nothingRead, type Reads, wholeRead } from './reads.ts';

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
 * or not the code that writes is strict, and is noted even if the error is swallowed. A list of numbers is frozen and not watched: it
 * counts as read whole once it is looked at, and is as fast as any list.
 */
export const tracked = <Value extends object>(value: Value): Shown<Value> =>
  // Known: its parts make the value.
  trackedParts(partsOf(value)) as Shown<Value>;

/** As `tracked`, of a value whose parts are made when they are first looked at. */
export function trackedParts(parts: Parts): Shown<object> {
  const log: Log = { open: true, wrote: undefined };
  const notes = new Notes();
  const value = watched(parts, notes, log, undefined, '');
  return {
    value,
    reads: () => {
      log.open = false;
      return notes.reads();
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
  #names: string[] | undefined;
  #parts: (Notes | Reads)[] | undefined;

  has(name: string): boolean {
    return this.#names?.includes(name) === true;
  }

  add(name: string, part: Notes | Reads): void {
    this.#names ??= [];
    this.#parts ??= [];
    this.#names.push(name);
    this.#parts.push(part);
  }

  reads(): Reads {
    if (this.#names === undefined) return this.keys ? { keys: true, names: [], parts: [] } : nothingRead;
    const parts = (this.#parts ?? []).map((part) => (part instanceof Notes ? part.reads() : part));
    return { keys: this.keys, names: [...this.#names], parts };
  }
}

function watched(parts: Parts, notes: Notes, log: Log, of: Watch | undefined, as: string): object {
  const watch = new Watch(parts, notes, log, of, as);
  // A list shows its length and its places at once; of all else, each part is made when it is looked at.
  const target: object = parts.isList ? [] : {};
  const proxy = new Proxy(target, watch);
  watch.proxy = proxy;
  if (parts.isList) watch.settle(target);
  return proxy;
}

class Watch implements ProxyHandler<object> {
  /** The proxy whose handler this is. */
  proxy: object | undefined;
  readonly #shown: Parts;
  readonly #notes: Notes;
  readonly #log: Log;
  /** What this is a part of, and as what. */
  readonly #of: Watch | undefined;
  readonly #as: string;
  /** By name, the notes of the parts that are watched. */
  #children: Map<string, Notes | Reads> | undefined;
  #isSettled = false;

  constructor(shown: Parts, notes: Notes, log: Log, of: Watch | undefined, as: string) {
    this.#shown = shown;
    this.#notes = notes;
    this.#log = log;
    this.#of = of;
    this.#as = as;
  }

  get(target: object, key: string | symbol): unknown {
    if (key === PLAIN) return this.#shown.plain();
    if (typeof key === 'symbol') return Reflect.get(target, key) as unknown;
    const part = this.#part(target as Record<string, unknown>, key);
    this.#note(target, key);
    return part;
  }

  has(target: object, key: string | symbol): boolean {
    if (typeof key === 'string') {
      this.#part(target as Record<string, unknown>, key);
      this.#note(target, key);
    }
    return Reflect.has(target, key);
  }

  getOwnPropertyDescriptor(target: object, key: string | symbol): PropertyDescriptor | undefined {
    this.settle(target);
    if (typeof key === 'string') this.#note(target, key);
    return Reflect.getOwnPropertyDescriptor(target, key);
  }

  ownKeys(target: object): (string | symbol)[] {
    this.settle(target);
    if (this.#log.open) this.#notes.keys = true;
    return Reflect.ownKeys(target);
  }

  isExtensible(target: object): boolean {
    this.settle(target);
    return Reflect.isExtensible(target);
  }

  preventExtensions(target: object): boolean {
    this.settle(target);
    return true;
  }

  set(target: object, key: string | symbol, value: unknown, receiver: unknown): boolean {
    // An object of the policy's own that has this one for its prototype: nothing here would change.
    if (receiver === this.proxy) return this.#refuse(key);
    this.settle(target);
    return Reflect.set(target, key, value, receiver);
  }

  defineProperty(target: object, key: string | symbol, descriptor: PropertyDescriptor): boolean {
    this.settle(target);
    // To freeze what is frozen changes nothing.
    return Reflect.defineProperty(target, key, descriptor) || this.#refuse(key);
  }

  deleteProperty(target: object, key: string | symbol): boolean {
    this.settle(target);
    return Object.hasOwn(target, key) ? this.#refuse(key) : true;
  }

  setPrototypeOf(target: object, prototype: object | null): boolean {
    this.settle(target);
    return Reflect.setPrototypeOf(target, prototype) || this.#refuse('__proto__');
  }

  /** Makes what is shown whole and freezes it: from here on it is what it says. */
  settle(target: object): void {
    if (this.#isSettled) return;
    const whole = target as Record<string, unknown>;
    // In the order of the names, not in that in which they were looked at.
    const parts = this.#shown.names().map((name) => [name, this.#part(whole, name)] as const);
    for (const name of Object.keys(whole)) if (!this.#shown.isList) Reflect.deleteProperty(whole, name);
    for (const [name, part] of parts) whole[name] = part;
    Object.freeze(target);
    this.#isSettled = true;
  }

  /** The part, shown; undefined where there is none. */
  #part(target: Record<string, unknown>, name: string): unknown {
    if (this.#isSettled || Object.hasOwn(target, name)) return target[name];
    const part = this.#shown.part(name);
    if (part === undefined && !this.#shown.has(name)) return target[name];
    target[name] = typeof part === 'object' && part !== null ? this.#watched(name, part) : part;
    return target[name];
  }

  #watched(name: string, part: object): object {
    this.#children ??= new Map();
    if (isNumbers(part)) {
      this.#children.set(name, wholeRead);
      return Object.freeze(part);
    }
    const child = new Notes();
    this.#children.set(name, child);
    return watched(partsOf(part), child, this.#log, this, name);
  }

  #note(target: object, key: string): void {
    if (!this.#log.open || this.#notes.has(key)) return;
    // Methods, such as those of lists, are the language's and never change.
    if (!Object.hasOwn(target, key) && key in target) return;
    this.#notes.add(key, this.#children?.get(key) ?? nothingRead);
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
