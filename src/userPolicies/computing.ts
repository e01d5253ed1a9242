import type { Millis } from '../domain/time.ts';

/**
 * How much time of processors this process has used since an earlier `process.cpuUsage()`, all its threads together. Whoever
 * waits for a thread measures its patience in this: what other programs take of a busy machine is no fault of the thread's.
 */
export function computedMs(since: NodeJS.CpuUsage): Millis {
  const { user, system } = process.cpuUsage(since);
  return (user + system) / 1_000;
}

/** A thread that does not compute may as well be waiting for its turn: it is given up after so many times the limit. */
export const IDLE_TIMES = 10;
