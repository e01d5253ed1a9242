/** What a value is made of, by name: each part may be made when it is first asked for. */
export interface Parts<Value extends object> {
  readonly isList: boolean;
  /** The names of the parts that it has, in order. */
  names(): readonly string[];
  has(name: string): boolean;
  /** A part that it has. What is returned is nobody else's. */
  part(name: string): unknown;
  /** All of it, as a value of its own, frozen. */
  plain(): Value;
}

/** A value that was made to be shown. */
export function partsOf<Value extends object>(value: Value): Parts<Value> {
  return new Made(value);
}

class Made<Value extends object> implements Parts<Value> {
  readonly #value: Value;

  constructor(value: Value) {
    this.#value = value;
  }

  get isList(): boolean {
    return Array.isArray(this.#value);
  }

  names(): readonly string[] {
    return Object.keys(this.#value);
  }

  has(name: string): boolean {
    return Object.hasOwn(this.#value, name);
  }

  part(name: string): unknown {
    return (this.#value as Readonly<Record<string, unknown>>)[name];
  }

  plain(): Value {
    return frozen(this.#value);
  }
}

/** The value, frozen to its last part. */
export function frozen<Value extends object>(value: Value): Value {
  for (const part of Object.values(value) as unknown[]) if (typeof part === 'object' && part !== null) frozen(part);
  return Object.freeze(value);
}

/** Whether it is a list of numbers, which has no parts to look into. */
export const isNumbers = (value: unknown): value is readonly number[] =>
  Array.isArray(value) && value.length > 0 && value.every((one) => typeof one === 'number');
