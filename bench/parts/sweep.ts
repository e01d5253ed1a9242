import { type WeekWorkers, weekWorkers } from '../../cli/weekWorkers.ts';
import { simulate } from '../../sim/simulate.ts';
import { cpuMs, median } from '../cpu.ts';
import { against, type Figure } from '../figure.ts';
import type { FrozenWorld } from '../world.ts';

/**
 * How many times as many weeks two threads run as one, by the clock; and what a week costs in a sweep beside one by itself, in CPU. A
 * machine that has other work to do gives the second thread less: such a reading says nothing.
 */
export async function sweepFigures(
  { folder, scenario, pools }: FrozenWorld,
  { rounds, weeks }: { readonly rounds: number; readonly weeks: number },
): Promise<readonly Figure[]> {
  const [one, two] = [1, 2].map((threads) => weekWorkers(threads, { folders: [folder], service: {} }));
  if (one === undefined || two === undefined) throw new Error('no threads');
  try {
    await timed(one, 4);
    await timed(two, 8);
    for (let warm = 0; warm < 4; warm += 1) await simulate(scenario, pools, 'warm', { digest: false });
    const found: { readonly single: Timed; readonly both: Timed; readonly aloneMs: number }[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const single = await timed(one, weeks);
      const both = await timed(two, weeks);
      const before = cpuMs();
      for (let week = 0; week < weeks / 2; week += 1)
        await simulate({ ...scenario, seed: week + 1 }, pools, 'alone', { digest: false });
      found.push({ single, both, aloneMs: (cpuMs() - before) / Math.ceil(weeks / 2) });
    }
    const perSecond = (of: (one: (typeof found)[number]) => Timed): number =>
      (weeks * 1_000) / median(found.map((all) => of(all).wallMs));
    return [
      against(
        'sweep/two-workers-vs-one',
        'weeks/s',
        perSecond(({ both }) => both),
        perSecond(({ single }) => single),
      ),
      against(
        'sweep/week-vs-alone',
        'ms a week',
        median(found.map(({ single }) => single.cpuMs / weeks)),
        median(found.map(({ aloneMs }) => aloneMs)),
      ),
    ];
  } finally {
    await Promise.all([one.stop(), two.stop()]);
  }
}

interface Timed {
  readonly wallMs: number;
  readonly cpuMs: number;
}

async function timed(workers: WeekWorkers, weeks: number): Promise<Timed> {
  const [wall, cpu] = [performance.now(), cpuMs()];
  await Promise.all(Array.from({ length: weeks }, (_, seed) => workers.run({ week: 0, seed: seed + 1, settings: [] })));
  return { wallMs: performance.now() - wall, cpuMs: cpuMs() - cpu };
}
