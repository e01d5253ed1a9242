import type { Worker } from 'node:worker_threads';
import { collectedApart, YOUNG_MB } from '../sim/heap.ts';
import type { Figures } from '../sim/result/figures.ts';
import { startWorker } from '../src/userPolicies/startWorker.ts';
import type { WeekNews, WeekRun, WeekThreadData } from './weekThread.ts';

/** Threads that run weeks. */
export interface WeekWorkers {
  /** The figures of a run, from the thread that is free first. */
  run(run: WeekRun): Promise<Figures>;
  /** Ends the threads, whether they are through or not. */
  stop(): Promise<unknown>;
}

interface Asked {
  readonly run: WeekRun;
  readonly resolve: (figures: Figures) => void;
  readonly reject: (error: Error) => void;
}

/** Starts threads; each reads the folders for itself, once, at its first run. */
export function weekWorkers(count: number, data: WeekThreadData): WeekWorkers {
  if (count > 1) collectedApart();
  const waiting: Asked[] = [];
  const threads = Array.from({ length: count }, () => {
    const worker = startWorker('weekThread', import.meta.url, {
      workerData: data,
      resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB },
    });
    let asked: Asked | undefined;
    const next = (): void => {
      if (asked !== undefined) return;
      asked = waiting.shift();
      if (asked !== undefined) worker.postMessage(asked.run);
    };
    const fail = (error: Error): void => {
      for (const one of asked === undefined ? waiting : [asked, ...waiting]) one.reject(error);
      asked = undefined;
      waiting.length = 0;
    };
    worker.on('message', (news: WeekNews) => {
      const done = asked;
      asked = undefined;
      if ('figures' in news) done?.resolve(news.figures);
      else done?.reject(new Error(news.failed));
      next();
    });
    worker.on('error', fail);
    worker.on('exit', (code) => {
      fail(new Error(`a thread that ran weeks ended with code ${code}`));
    });
    return { worker, next };
  });
  return {
    run: (run) =>
      new Promise<Figures>((resolve, reject) => {
        waiting.push({ run, resolve, reject });
        for (const { next } of threads) next();
      }),
    stop: () => Promise.all(threads.map(({ worker }: { readonly worker: Worker }) => worker.terminate())),
  };
}
