import { settingsRecord } from '../../sim/grid/settings.ts';
import type { Figures } from '../../sim/result/figures.ts';
import type { WeekWorkers } from '../weekWorkers.ts';
import { runAt, runsIn, runsOf, type Shard, type SweepPlan, type SweepRun } from './plan.ts';

/** One line of results. */
export type SweepLine = {
  readonly run: number;
  readonly week: string;
  /** Null: the scenario's own. */
  readonly seed: number | null;
  readonly settings: Readonly<Record<string, unknown>>;
} & Figures;

/** So many runs a thread may be ahead of the slowest one: what waits to be written is kept. */
const AHEAD = 16;

/** Runs what is left of a shard and gives its lines in order, whatever order the threads are done in. */
export async function runSweep(
  plan: SweepPlan,
  { shard, done, threads }: { readonly shard: Shard; readonly done: number; readonly threads: number },
  workers: WeekWorkers,
  write: (line: string) => void,
): Promise<void> {
  const count = runsOf(runsIn(plan), shard);
  const underWay: Promise<string>[] = [];
  let next = done;
  for (let written = done; written < count; written += 1) {
    for (; next < count && underWay.length < threads * AHEAD; next += 1)
      underWay.push(lineOf(runAt(plan, shard.index + next * shard.of)));
    const line = underWay.shift();
    if (line !== undefined) write(await line);
  }

  function lineOf(run: SweepRun): Promise<string> {
    const { number, week, seed, settings } = run;
    const line = workers
      .run({
        week,
        ...(seed === undefined ? {} : { seed }),
        // Where they were written is no matter to a thread, and no function can be sent.
        settings: settings.map(({ of, name, path, value }) => ({ of, name, path, value })),
      })
      .then((figures) =>
        JSON.stringify({
          run: number,
          week: plan.folders[week] ?? '',
          seed: seed ?? null,
          settings: settingsRecord(settings),
          ...figures,
        } satisfies SweepLine),
      );
    // Told to the one who comes to it.
    line.catch(() => undefined);
    return line;
  }
}
