import type { CheckWorld } from '../check/checkWorld.ts';
import type { Broken } from '../check/probe.ts';
import { opensAtOf } from '../check/scenarioOf.ts';
import type { Scenario } from '../sim/scenario/scenario.ts';
import { computedMs, IDLE_TIMES } from '../src/userPolicies/computing.ts';
import { startWorker } from '../src/userPolicies/startWorker.ts';
import type { CheckNews, CheckTask } from './checkThread.ts';
import { progressOn } from './output/progress.ts';

/** What a check came to; without a world every promise was kept. */
export interface CheckRun {
  readonly tried: number;
  readonly seconds: number;
  readonly world?: CheckWorld;
  /** Absent where the policy did not come back. */
  readonly scenario?: Scenario;
  readonly broken?: Broken;
  readonly path?: string;
  readonly shrinks: number;
}

/** A world takes some milliseconds; a policy that computes for so long in one does not come back. */
const SILENCE_MS = 10_000;

/** How often it is looked at what was computed since the last world. */
const LOOK_MS = 250;

/** A policy that takes more than this for its decisions would take it from the keeper, too. */
const MEMORY_MB = 512;

/** Runs a check in a thread, with progress on stderr; a policy that hangs or fills the memory is a counterexample. */
export function runCheck(task: CheckTask): Promise<CheckRun> {
  const startedAt = performance.now();
  const progress = progressOn(process.stderr, { label: 'worlds', total: task.runs });
  const thread = startWorker('checkThread', import.meta.url, {
    workerData: task,
    resourceLimits: { maxOldGenerationSizeMb: MEMORY_MB },
  });
  let tried = 0;
  let last: CheckWorld | undefined;
  return new Promise<CheckRun>((resolve, reject) => {
    let heard = process.cpuUsage();
    let idleMs = 0;
    const looking = setInterval(() => {
      idleMs += LOOK_MS;
      if (computedMs(heard) >= SILENCE_MS || idleMs >= SILENCE_MS * IDLE_TIMES) hangs();
    }, LOOK_MS);
    const end = (run: Omit<CheckRun, 'tried' | 'seconds'>): void => {
      clearInterval(looking);
      progress.end();
      resolve({ tried, seconds: (performance.now() - startedAt) / 1_000, ...run });
      void thread.terminate();
    };
    thread.on('message', (news: CheckNews) => {
      heard = process.cpuUsage();
      idleMs = 0;
      if (news.type === 'world') {
        if (news.tried > tried) progress.advance(news.tried - tried);
        tried = news.tried;
        last = news.world;
        return;
      }
      const { runs, counterexample } = news.checked;
      tried = runs;
      end(
        counterexample === undefined
          ? { shrinks: 0 }
          : {
              world: counterexample.world,
              scenario: counterexample.scenario,
              broken: counterexample.broken,
              path: counterexample.path,
              shrinks: counterexample.shrinks,
            },
      );
    });
    thread.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ERR_WORKER_OUT_OF_MEMORY') stopped(`filled ${MEMORY_MB} MB of memory`);
      else {
        clearInterval(looking);
        progress.end();
        reject(error);
      }
    });

    function hangs(): void {
      stopped(`did not come back within ${SILENCE_MS / 1_000} s`);
    }

    function stopped(what: string): void {
      if (last === undefined) {
        clearInterval(looking);
        reject(new Error(`the policy ${what} before it was asked anything`));
        return;
      }
      // It cannot be made smaller without hanging again.
      const broken = {
        promise: 'answers',
        at: opensAtOf(last),
        sentence: `the policy ${what} when it was asked in this world`,
      };
      end({ world: last, broken, shrinks: 0 });
    }
  });
}
