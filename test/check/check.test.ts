import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { checkWorlds } from '../../check/arbitrary.ts';
import { checkPolicy } from '../../check/checkPolicy.ts';
import { judgeScenario } from '../../check/judge.ts';
import { scenarioOf } from '../../check/scenarioOf.ts';
import { choicesIn, type Subject, subjectOf } from '../../check/subject.ts';
import { writeCounterexample } from '../../check/writeCounterexample.ts';
import { catalogue } from '../../policies/catalogue.ts';
import { readScenario } from '../../sim/scenario/readScenario.ts';
import { simulate } from '../../sim/simulate.ts';
import { definePolicy, POLICY_SLOTS } from '../../src/policy/definePolicy.ts';
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

it('has worlds in which many jobs come at once where a scaling policy is checked, and there alone', () => {
  const most = (severalJobs: boolean): number =>
    Math.max(
      ...fc.sample(checkWorlds({ severalJobs }), { numRuns: 60, seed: 1 }).map(({ jobs }) => {
        const minutes = jobs.map(({ at }) => at);
        return Math.max(0, ...minutes.map((minute) => minutes.filter((at) => at === minute).length));
      }),
    );
  expect(most(true)).toBeGreaterThan(8);
  expect(most(false)).toBeLessThan(8);
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

describe('a policy that gives no answer', () => {
  const asked = { operatingHours: 'allowedAt', scaling: 'wantedNow', renewal: 'timesFor', purchase: 'rank' } as const;
  const silly: readonly (readonly [string, () => unknown, string])[] = [
    [
      'throws',
      () => {
        throw new Error('no forecast');
      },
      'the policy threw no forecast',
    ],
    ['returns nothing', () => undefined, 'the policy returned nothing; expected an answer'],
    ['returns a text', () => 'three', 'the policy returned "three"; expected an answer'],
  ];

  it.each(POLICY_SLOTS.flatMap((slot) => silly.map(([how, method, said]) => [slot, how, method, said] as const)))(
    'is told so, and of no other promise: %s that %s',
    async (slot, _how, method, sentence) => {
      // Known: this is no policy, which is what is tried.
      const create = () => ({ [asked[slot]]: method }) as never;
      const wrong = definePolicy({ slot, name: 'wrong', about: 'Gives no answer.', options: z.object({}), create });
      const { counterexample } = await checkPolicy(subjectOf(wrong, catalogue), { runs: 20, seed: 1 });
      expect(counterexample?.broken).toMatchObject({ promise: 'answers', sentence });
    },
  );
});

it('carries the files that options name into its folder, each under a name of its own', async () => {
  const here = aFolder();
  mkdirSync(join(here, 'other'));
  const source = (blocks: number): string =>
    `import { definePolicy, z } from 'spot-keeper/policy';
export default definePolicy({ slot: 'scaling', name: 'some', about: 'Some.', options: z.strictObject({}),
  create: () => ({ wantedNow: () => ({ blocks: ${blocks} }) }) });
`;
  const files = new Map([
    ['./some.ts', join(here, 'some.ts')],
    ['./other/some.ts', join(here, 'other/some.ts')],
  ]);
  for (const [blocks, file] of [...files.values()].entries()) writeFileSync(file, source(blocks));
  const [world] = fc.sample(checkWorlds(), { numRuns: 1, seed: 3 });
  const options = {
    perDay: 3,
    inner: { policy: './other/some.ts', seed: { file: '../weeks/all.jsonl', text: 'a week' } },
  };
  const choices = { ...choicesIn(surge, world!), scaling: { policy: './some.ts', options } };
  const dir = join(here, 'counterexample');
  const broken = { promise: 'served', at: 0, sentence: 'for a test' };
  await writeCounterexample(dir, scenarioOf(world!, choices, ['scaling']), broken, files);
  expect(parse(readFileSync(join(dir, 'pools.yaml'), 'utf8'))).toMatchObject({
    pools: [{ scaling: { policy: './some.ts', perDay: 3, inner: { policy: './2-some.ts', seed: 'all.jsonl' } } }],
  });
  expect(readFileSync(join(dir, '2-some.ts'), 'utf8')).toBe(source(1));
  expect(readFileSync(join(dir, 'all.jsonl'), 'utf8')).toBe('a week');
});

/** The shelf with a policy that cuts jobs short where AWS imposes the end, and does not say so. */
function promisingJobs(): Subject['catalogue'] {
  const { letExpire, ...others } = catalogue.renewal;
  return { ...catalogue, renewal: { ...others, letExpire: { ...letExpire!, waives: ['cover', 'cost'] } } };
}
