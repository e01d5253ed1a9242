import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkWorlds } from '../../check/arbitrary.ts';
import { checkPolicy } from '../../check/checkPolicy.ts';
import { judgeScenario } from '../../check/judge.ts';
import { scenarioOf } from '../../check/scenarioOf.ts';
import { choicesIn, type Subject } from '../../check/subject.ts';
import { writeCounterexample } from '../../check/writeCounterexample.ts';
import { catalogue } from '../../policies/catalogue.ts';
import { readScenario } from '../../sim/scenario/readScenario.ts';
import { simulate } from '../../sim/simulate.ts';
import { poolsOf } from '../../src/pool/assemble.ts';
import { aFolder } from '../support/command.ts';

const surge: Subject = { slot: 'renewal', name: 'surge', options: {}, catalogue };

describe('a counterexample', () => {
  it('is read back from its folder as the very world it was found in', async () => {
    await fc.assert(
      fc.asyncProperty(checkWorlds(), async (world) => {
        const scenario = scenarioOf(world, choicesIn(surge, world), ['renewal']);
        const dir = join(aFolder(), 'counterexample');
        await writeCounterexample(
          dir,
          scenario,
          { promise: 'cover', at: scenario.from, sentence: 'for a test' },
          undefined,
        );
        const read = await readScenario(dir, catalogue);
        const digest = async (one: typeof scenario) => (await simulate(one, poolsOf(one.pools, catalogue), 'x')).digest;
        expect(await digest(read)).toBe(await digest(scenario));
        expect(read).toMatchObject({
          seed: scenario.seed,
          from: scenario.from,
          until: scenario.until,
          jobs: scenario.jobs,
        });
      }),
      { numRuns: 25 },
    );
  });

  it('breaks the same promise ten times out of ten from its folder alone', async () => {
    const subject: Subject = { slot: 'renewal', name: 'letExpire', options: {}, catalogue: promisingJobs() };
    const { counterexample } = await checkPolicy(subject, { runs: 100, seed: 1 });
    expect(counterexample?.broken.promise).toBe('jobs');
    const dir = join(aFolder(), 'counterexample');
    await writeCounterexample(dir, counterexample!.scenario, counterexample!.broken, undefined);
    for (let time = 0; time < 10; time += 1)
      expect(await judgeScenario(await readScenario(dir, catalogue), 'renewal', promisingJobs())).toEqual(
        counterexample!.broken,
      );
  });

  it('is the same for the same seed, and is had at once by its path', async () => {
    const subject: Subject = { slot: 'renewal', name: 'letExpire', options: {}, catalogue: promisingJobs() };
    const first = await checkPolicy(subject, { runs: 100, seed: 7 });
    const again = await checkPolicy(subject, { runs: 100, seed: 7 });
    expect(again).toEqual(first);
    const { path, world, broken } = first.counterexample!;
    const direct = await checkPolicy(subject, { runs: 100, seed: 7, path });
    expect(direct.counterexample).toMatchObject({ world, broken });
    expect(direct.runs).toBe(1);
  });
});

describe('a policy that does not promise everything', () => {
  it('is not held to what it waives, and to the rest all the same', async () => {
    const letExpire: Subject = { slot: 'renewal', name: 'letExpire', options: {}, catalogue };
    expect((await checkPolicy(letExpire, { runs: 100, seed: 1 })).counterexample).toBeUndefined();
  });
});

/** A counterexample's folder must not depend on where it lies. */
it('writes its folder whole, and in the place of one that was there', async () => {
  const dir = join(aFolder(), 'counterexample');
  mkdirSync(dir);
  writeFileSync(join(dir, 'left-over.txt'), 'from before');
  const [world] = fc.sample(checkWorlds(), { numRuns: 1, seed: 3 });
  const scenario = scenarioOf(world!, choicesIn(surge, world!), ['renewal']);
  await writeCounterexample(dir, scenario, { promise: 'cover', at: 0, sentence: 'for a test' }, undefined);
  expect(() => readFileSync(join(dir, 'left-over.txt'))).toThrow();
  expect(readFileSync(join(dir, 'scenario.yaml'), 'utf8')).toMatch(/^# cover, at /);
});

/** The shelf with a policy that cuts jobs short where AWS imposes the end, and does not say so. */
function promisingJobs(): Subject['catalogue'] {
  const { letExpire, ...others } = catalogue.renewal;
  return { ...catalogue, renewal: { ...others, letExpire: { ...letExpire!, waives: ['cover', 'cost'] } } };
}
