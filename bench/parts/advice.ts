import { found } from '../../cli/advise/found.ts';
import { advisedWeeks } from '../../cli/advise/weeks.ts';
import { withUserPolicies } from '../../cli/userPolicies.ts';
import { simulate } from '../../sim/simulate.ts';
import { cpuMs } from '../cpu.ts';
import { against, type Figure } from '../figure.ts';
import type { FrozenWorld } from '../world.ts';

/** How many settings `advise` tries in a second of CPU, the judging with them, beside how many weeks are simulated in one. */
export async function adviceFigure(
  { folder, scenario, pools }: FrozenWorld,
  { settings, isBrief }: { readonly settings: number; readonly isBrief: boolean },
): Promise<Figure> {
  await simulate(scenario, pools, 'warm', { digest: false });
  const started = cpuMs();
  const WEEKS = 4;
  for (let week = 0; week < WEEKS; week += 1) await simulate(scenario, pools, 'alone', { digest: false });
  const weekMs = (cpuMs() - started) / WEEKS;
  const before = cpuMs();
  let tried = 0;
  await withUserPolicies(async (policies) => {
    const advice = await found([folder], await advisedWeeks([folder], policies), {
      ...{ limits: [], settings, threads: 2, service: {} },
      ...(isBrief ? { cases: 2, isBrief } : {}),
    });
    tried = advice.tried.settings;
  });
  const taken = cpuMs() - before;
  return {
    ...against('advise/settings-per-second', 'settings/s', (tried * 1_000) / taken, 1_000 / weekMs),
    note: `${tried} settings, ${(taken / weekMs / tried).toFixed(2)} weeks' CPU each`,
  };
}
