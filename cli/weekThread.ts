import { parentPort, workerData } from 'node:worker_threads';
import { catalogue } from '../policies/catalogue.ts';
import { type HardWorld, hardened } from '../sim/advise/hardWorlds.ts';
import { simulateAlone } from '../sim/baselines/alone.ts';
import type { Setting } from '../sim/grid/settings.ts';
import { weekIn } from '../sim/grid/week.ts';
import { type Figures, figuresOf } from '../sim/result/figures.ts';
import { folderAt } from '../sim/scenario/folder.ts';
import type { Scenario, ServicePrices } from '../sim/scenario/scenario.ts';
import { simulate } from '../sim/simulate.ts';
import { poolsOf } from '../src/pool/assemble.ts';
import { entryOf } from './entryOf.ts';
import { keptTimetables } from './keptTimetables.ts';
import { withUserPolicies } from './userPolicies.ts';

/** What the threads of one command have in common. */
export interface WeekThreadData {
  /** Scenario folders: each thread reads them once. */
  readonly folders: readonly string[];
  /** In place of each scenario's own. */
  readonly service: Partial<ServicePrices>;
}

/** One run: a week under settings, or a rival that needs no pools. */
export interface WeekRun {
  /** Which of the folders. */
  readonly week: number;
  /** The scenario's own if left out. */
  readonly seed?: number;
  readonly settings: readonly Setting[];
  /** A rival in the keeper's place. */
  readonly rival?: Parameters<typeof simulateAlone>[1];
  /** A world that is made harder. */
  readonly world?: HardWorld;
}

/** What the thread says of each run, in the order in which they came. */
export type WeekNews = { readonly figures: Figures } | { readonly failed: string };

if (parentPort !== null) {
  const port = parentPort;
  // Known: the one who starts this thread gives it these.
  const { folders, service } = workerData as WeekThreadData;
  await withUserPolicies(async (policies) => {
    const known = () => keptTimetables(policies.extend(catalogue));
    const weeks = folders.map((dir) => weekIn(folderAt(dir, policies), catalogue));
    let last: { readonly key: string; readonly scenario: Scenario } | undefined;
    const scenarioOf = async ({ week, settings }: WeekRun): Promise<Scenario> => {
      const key = JSON.stringify([week, settings.map(({ of, path, value }) => [of, path, value])]);
      // Seeds of one setting follow on one another.
      if (last?.key !== key) last = { key, scenario: await entryOf(weeks, week).under(settings) };
      return last.scenario;
    };
    const figures = async (run: WeekRun): Promise<Figures> => {
      const read = await scenarioOf(run);
      const own = { ...read, seed: run.seed ?? read.seed, service: { ...read.service, ...service } };
      const scenario = run.world === undefined ? own : hardened(own, run.world);
      if (run.rival !== undefined) return figuresOf(await simulateAlone(scenario, run.rival));
      return figuresOf(await simulate(scenario, poolsOf(scenario.pools, known()), '', { digest: false }));
    };
    for await (const run of messages()) {
      const news = await figures(run).then(
        (found): WeekNews => ({ figures: found }),
        (error: unknown): WeekNews => ({
          failed: error instanceof Error ? (error.stack ?? error.message) : String(error),
        }),
      );
      port.postMessage(news);
    }
  });

  async function* messages(): AsyncGenerator<WeekRun> {
    const waiting: (WeekRun | undefined)[] = [];
    let wake: () => void = () => undefined;
    port.on('message', (run: WeekRun | undefined) => {
      waiting.push(run);
      wake();
    });
    for (;;) {
      if (waiting.length === 0) await new Promise<void>((resolve) => (wake = resolve));
      const run = waiting.shift();
      if (run === undefined) break;
      yield run;
    }
    port.close();
  }
}
