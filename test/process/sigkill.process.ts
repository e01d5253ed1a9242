import { describe, expect, it } from 'vitest';
import type { Phase } from '../support/door.ts';
import { type KilledLife, killedLife } from './aKilledLife.ts';

/** Every how many of the deaths are died; `npm run sigkill` dies them all. */
const EVERY = Number(process.env['SIGKILL_EVERY'] ?? 5);

const PHASES: readonly Phase[] = ['before', 'after', 'answered'];

describe('the real process, sent SIGKILL at a change and started again', async () => {
  const reference = await killedLife();
  const deaths = reference.changes
    .flatMap((what, index) => PHASES.map((phase) => [phase, what, index + 1] as const))
    .filter((_, index) => index % EVERY === 0);

  it('lives a day with some changes in it', () => {
    expect(reference.changes.length).toBeGreaterThan(5);
    expectSound(reference);
    expect(reference.blocks).toBe(1);
  });

  it.concurrent.each(deaths)('%s %s, number %i', async (phase, _, at) => {
    expectSound(await killedLife({ at, phase }));
  });
});

function expectSound(life: KilledLife): void {
  expect(life).toMatchObject({
    ...{ launchedTwice: [], orphans: [], killedJobs: 0, aliveAtTheEnd: [], nodesAtTheEnd: 0, jobsStarted: 2 },
  });
}
