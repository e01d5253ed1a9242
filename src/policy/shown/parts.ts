/** What a value is made of, by name: each part may be made when it is first asked for. A part may be such parts itself. */
export abstract class Parts {
  readonly isList: boolean = false;
  /** The names of the parts that it has, in order. */
  abstract names(): readonly string[];
  abstract has(name: string): boolean;
  /** A part; undefined where it has none of that name. What is returned is nobody else's. */
  abstract part(name: string): unknown;

  /** All of it, as a value of its own, frozen. */
  plain(): object {
    const whole: Record<string, unknown> = {};
    for (const name of this.names()) {
      const part = this.part(name);
      whole[name] = part instanceof Parts ? part.plain() : part;
    }
    return frozen(whole);
  }
}

/** Parts whose copies are made by name, of something that holds more than is shown. What is undefined is absent. */
export class Copied<Of, Value extends object> extends Parts {
  readonly #of: Of;
  readonly #copies: Copies<Of, Value>;

  constructor(of: Of, copies: Copies<Of, Value>) {
    super();
    this.#of = of;
    this.#copies = copies;
  }

  names(): readonly string[] {
    return Object.keys(this.#copies).filter((name) => this.has(name));
  }

  has(name: string): boolean {
    return this.part(name) !== undefined;
  }

  part(name: string): unknown {
    return Object.hasOwn(this.#copies, name) ? this.#copies[name as keyof Value](this.#of) : undefined;
  }
}

/** How each part of a value is copied. */
export type Copies<Of, Value> = { readonly [Name in keyof Value]-?: (of: Of) => unknown };

/** A value that was made to be shown. */
export const partsOf = (value: object): Parts => (value instanceof Parts ? value : new Made(value));

class Made extends Parts {
  readonly #value: object;
  override readonly isList: boolean;

  constructor(value: object) {
    super();
    this.#value = value;
    this.isList = Array.isArray(value);
  }

  names(): readonly string[] {
    return Object.keys(this.#value);
  }

  has(name: string): boolean {
    return Object.hasOwn(this.#value, name);
  }

  part(name: string): unknown {
    return this.has(name) ? (this.#value as Readonly<Record<string, unknown>>)[name] : undefined;
  }

  override plain(): object {
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
