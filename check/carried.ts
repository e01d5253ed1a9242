import { basename } from 'node:path';

/** What a folder of its own has to hold so that options mean the same there: files to copy, texts to write. */
export interface Carried {
  /** Policies in files, by the names under which the folder's pools file has them; each leads to the file to copy. */
  readonly copies: ReadonlyMap<string, string>;
  /** Texts by their names in the folder. */
  readonly texts: ReadonlyMap<string, string>;
  /** A policy's name, or options, as they are written in that folder. */
  readonly name: (policy: string) => string;
  readonly options: (options: Readonly<Record<string, unknown>>) => Readonly<Record<string, unknown>>;
}

/** `policyFiles`: the policies that are files, by the names that options have for them. */
export function carried(policyFiles: ReadonlyMap<string, string>): Carried {
  const copies = new Map<string, string>();
  const texts = new Map<string, string>();
  const renamed = new Map<string, string>();
  for (const [policy, file] of policyFiles) {
    const own = unused(basename(file), (one) => copies.has(one));
    copies.set(own, file);
    renamed.set(policy, `./${own}`);
  }
  const name = (policy: string): string => renamed.get(policy) ?? policy;

  const moved = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(moved);
    if (typeof value !== 'object' || value === null) return value;
    const { file, text, ...others } = value as Readonly<Record<string, unknown>>;
    if (typeof file === 'string' && typeof text === 'string' && Object.keys(others).length === 0)
      return textNamed(basename(file), text);
    return movedEntries(value);
  };
  const movedEntries = (record: object): Readonly<Record<string, unknown>> =>
    Object.fromEntries(
      Object.entries(record).map(([key, value]: [string, unknown]) => [
        key,
        key === 'policy' && typeof value === 'string' ? name(value) : moved(value),
      ]),
    );
  const textNamed = (wanted: string, text: string): string => {
    const own = unused(wanted, (one) => copies.has(one) || (texts.get(one) ?? text) !== text);
    texts.set(own, text);
    return own;
  };
  return { copies, texts, name, options: movedEntries };
}

/** The name, or one like it that is free. */
function unused(wanted: string, isTaken: (name: string) => boolean): string {
  if (!isTaken(wanted)) return wanted;
  for (let count = 2; ; count += 1) {
    const other = `${count}-${wanted}`;
    if (!isTaken(other)) return other;
  }
}
