/** An entry that is known to be there. @throws RangeError if it is not */
export function entryOf<Entry>(list: readonly Entry[], index: number): Entry {
  const entry = list[index];
  if (entry === undefined) throw new RangeError(`expected entry ${index} of ${list.length}`);
  return entry;
}
