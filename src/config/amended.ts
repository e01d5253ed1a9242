import type { Path, Place, Source } from './source.ts';

/** Another value at a place of a document, and where it was written: in another file, or nowhere. */
export interface Amendment {
  /** Need not be there in the document; a list is only changed where it has the entry. */
  readonly path: Path;
  readonly value: unknown;
  /** Undefined: nobody wrote it. */
  readonly place?: { readonly key: Place; readonly value: (within: Path) => Place } | undefined;
}

/**
 * The document with other values in it. What is wrong is then told with the place of the amendment that it lies in, or of the one
 * nearest to it: a document that was right before can only be wrong because of what was amended.
 */
export function amended(source: Source, amendments: readonly Amendment[]): Source {
  if (amendments.length === 0) return source;
  const placed = amendments.filter(({ place }) => place !== undefined);
  return {
    file: source.file,
    value: amendments.reduce((value, { path, value: put }) => replaced(value, path, put), source.value),
    placeOf: (path, part) => {
      const [nearest] = placed.toSorted((a, b) => sharedSteps(b.path, path) - sharedSteps(a.path, path));
      if (nearest?.place === undefined) return source.placeOf(path, part);
      const isWithin = sharedSteps(nearest.path, path) === nearest.path.length;
      // A key that is wrong was written as a part of the amendment's own path.
      if (!isWithin || (part === 'key' && path.length <= nearest.path.length)) return nearest.place.key;
      return nearest.place.value(path.slice(nearest.path.length));
    },
  };
}

/** A copy with the value at the path; mappings that are not there are made. */
function replaced(here: unknown, [step, ...rest]: Path, value: unknown): unknown {
  if (step === undefined) return value;
  if (Array.isArray(here))
    return here.map((entry: unknown, index) => (index === step ? replaced(entry, rest, value) : entry));
  // Anything but a mapping makes room for one: the schema says what it thinks of that.
  const record: Readonly<Record<string, unknown>> =
    typeof here === 'object' && here !== null ? (here as Record<string, unknown>) : {};
  const own = Object.hasOwn(record, step) ? record[step] : undefined;
  return { ...record, [step]: replaced(own, rest, value) };
}

function sharedSteps(one: Path, other: Path): number {
  let shared = 0;
  while (shared < one.length && shared < other.length && one[shared] === other[shared]) shared += 1;
  return shared;
}
