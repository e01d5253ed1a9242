import { describe, expect, it } from 'vitest';
import build from '../support/build.ts';
import type { Phase } from '../support/door.ts';
import { type KilledLife, killedLife } from './aKilledLife.ts';

/** Every how many of the deaths are died; `npm run sigkill` dies them all. */
const EVERY = Number(process.env['SIGKILL_EVERY'] ?? 5);

/** Lives go by in real time and mostly wait: some of them go by at once. */
const AT_ONCE = 8;

const PHASES: readonly Phase[] = ['before', 'after', 'answered'];

describe('the real process, sent SIGKILL at a change and started again', async () => {
  build();
  const reference = await killedLife();
  const deaths = reference.changes
    .flatMap((what, index) => PHASES.map((phase) => ({ what, at: index + 1, phase })))
    .filter((_, index) => index % EVERY === 0);
  const lives = new Map<string, Promise<KilledLife>>();
  const nameOf = ({ what, phase, at }: (typeof deaths)[number]): string => `${phase} ${what}, number ${at}`;
  let running = Promise.resolve<unknown>(undefined);
  for (let from = 0; from < deaths.length; from += AT_ONCE) {
    const batch = deaths.slice(from, from + AT_ONCE);
    const before = running;
    for (const death of batch)
      lives.set(
        nameOf(death),
        before.then(() => killedLife(death)),
      );
    running = Promise.allSettled(batch.map((death) => lives.get(nameOf(death))));
  }

  it('lives a day with some changes in it', () => {
    expect(reference.changes.length).toBeGreaterThan(5);
    expectSound(reference);
    expect(reference.blocks).toBe(1);
  });

  it.each(deaths.map((death) => [nameOf(death)] as const))('%s', { timeout: 3_600_000 }, async (name) => {
    const life = await lives.get(name);
    if (life === undefined) throw new Error('no such life');
    expectSound(life);
  });
});

function expectSound(life: KilledLife): void {
  expect(life).toMatchObject({
    ...{ launchedTwice: [], orphans: [], killedJobs: 0, aliveAtTheEnd: [], nodesAtTheEnd: 0, jobsDone: 2 },
  });
}
