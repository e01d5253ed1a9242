/** CPU milliseconds of this process so far, all of its threads: wall time on a shared machine measures its neighbours. */
export const cpuMs = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
};

/** The middle one; of an even number the lower of the two. NaN of none. */
export function median(values: readonly number[]): number {
  const ascending = values.toSorted((a, b) => a - b);
  return ascending[(ascending.length - 1) >> 1] ?? Number.NaN;
}
