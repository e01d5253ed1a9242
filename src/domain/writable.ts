/** The same fields while a value is put together; those that may be absent are set where they are known. */
export type Writable<T> = { -readonly [Field in keyof T]: T[Field] };
