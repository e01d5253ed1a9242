import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { cpuMs, median } from './cpu.ts';

/** Which contender a thread runs. */
export interface ContenderTask {
  /** `transition`, or a frozen world. */
  readonly subject: string;
  readonly name: string;
}

/** Said once it is ready, and after each round of calls. */
export type ContenderNews = 'ready' | 'done';

/** One of those that are timed beside each other. */
export type Contender = () => unknown;

/** So many calls at least warm a contender up: code is compiled while it runs, and that costs as much as the first calls. */
const LEAST_WARM = 3;

/** How much time a contest takes: so many slices of each contender, each as long, after as long a warming up as is said. */
export interface Span {
  readonly slices: number;
  readonly sliceMs: number;
  readonly warmMs: number;
}

/**
 * CPU milliseconds of one call of each contender of a subject: the median of its slices, which are interleaved with the others', so
 * that what disturbs the machine disturbs all of them alike. Each has a thread of its own, and so its own heap and its own compiled
 * code: what one leaves behind, no other has to collect.
 */
export async function contest<Name extends string>(
  subject: string,
  names: readonly Name[],
  { slices, sliceMs, warmMs }: Span,
): Promise<Readonly<Record<Name, number>>> {
  const all = await Promise.all(names.map((name) => started(subject, name)));
  try {
    for (const one of all) {
      const before = cpuMs();
      let calls = 0;
      for (let more = 1; calls < LEAST_WARM || cpuMs() - before < warmMs; more *= 2) {
        await one.run(more);
        calls += more;
      }
      // The first calls are the slowest ones.
      one.calls = Math.max(1, Math.round((1.5 * calls * sliceMs) / (cpuMs() - before)));
    }
    for (let slice = 0; slice < slices; slice += 1)
      for (const { run, calls, found } of all) {
        await quiet();
        const before = cpuMs();
        await run(calls);
        found.push((cpuMs() - before) / calls);
      }
    return Object.fromEntries(all.map(({ name, found }) => [name, median(found)])) as Record<Name, number>;
  } finally {
    await Promise.all(all.map(({ stop }) => stop()));
  }
}

/** Waits until no thread has work left over: what one contender left to collect or to compile must not count as the next one's. */
async function quiet(): Promise<void> {
  for (let look = 0; look < 50; look += 1) {
    const before = cpuMs();
    await pause(5);
    if (cpuMs() - before < 0.5) return;
  }
}

async function started<Name extends string>(subject: string, name: Name) {
  const workerData: ContenderTask = { subject, name };
  const worker = new Worker(new URL('./contestThread.js', import.meta.url), { workerData });
  const answer = async (): Promise<ContenderNews> => {
    // An error in the thread ends the wait, too.
    const [news] = (await once(worker, 'message')) as [ContenderNews];
    return news;
  };
  await answer();
  return {
    ...{ name, calls: 1, found: [] as number[] },
    run: async (calls: number): Promise<void> => {
      worker.postMessage(calls);
      await answer();
    },
    stop: () => worker.terminate(),
  };
}
