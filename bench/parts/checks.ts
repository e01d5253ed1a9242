import { checkPolicy } from '../../check/checkPolicy.ts';
import { catalogue } from '../../policies/catalogue.ts';
import { cpuMs } from '../cpu.ts';
import { alone, type Figure } from '../figure.ts';

/** How many random worlds `check` tries in a second of CPU: of the built-in that does most, every law and two lives each. */
export async function checkFigure(worlds: number): Promise<Figure> {
  const subject = { slot: 'renewal', name: 'staggered', options: {}, catalogue } as const;
  await checkPolicy(subject, { runs: 5, seed: 2 });
  const before = cpuMs();
  await checkPolicy(subject, { runs: worlds, seed: 1 });
  return alone('check/worlds-per-second', 'worlds/s', (worlds * 1_000) / (cpuMs() - before));
}
