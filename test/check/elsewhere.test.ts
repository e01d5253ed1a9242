import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkPolicy } from '../../check/checkPolicy.ts';
import { ELSEWHERE, type Outside, runElsewhere } from '../../check/elsewhere.ts';
import { judge } from '../../check/judge.ts';
import { subjectOf } from '../../check/subject.ts';
import { catalogue } from '../../policies/catalogue.ts';
import { definePolicy, neededBlocks, z } from '../../src/policy/index.ts';
import { aLoader, loadPolicy } from '../../src/userPolicies/loadPolicy.ts';
import { aFolder } from '../support/command.ts';
import { warmGroup } from './worlds/warmGroup.ts';

const instants = fc.integer({ min: Date.UTC(2020, 0), max: Date.UTC(2030, 0) });
const there = ELSEWHERE.map((elsewhere) => [elsewhere.zone.name, elsewhere] as const);
const only = (...differs: readonly Outside[]): ReadonlySet<Outside> => new Set(differs);

describe('another machine', () => {
  it.each(there)('has the wall clock of its zone, %s', (timeZone, elsewhere) => {
    const format = new Intl.DateTimeFormat('en-GB', { timeZone, dateStyle: 'short', timeStyle: 'medium' });
    fc.assert(
      fc.property(instants, (at) => {
        const expected = format.format(at);
        const said = runElsewhere(elsewhere, only('zone'), () => {
          const date = new Date(at);
          const parts = [date.getFullYear(), date.getMonth(), date.getDate(), date.getHours(), date.getMinutes()];
          const [year = 0, month = 0, ...rest] = parts;
          const again = new Date(year, month, ...rest, date.getUTCSeconds(), date.getUTCMilliseconds());
          const midnight = new Date(at);
          midnight.setHours(0, 0);
          return {
            ...{ again: again.getTime(), midnight: midnight.getHours() * 60 + midnight.getMinutes() },
            ...{ text: Date.parse(date.toString()), day: midnight.getDate() === date.getDate() },
            formats: [
              new Intl.DateTimeFormat('en-GB', { dateStyle: 'short', timeStyle: 'medium' }).format(at),
              date.toLocaleString('en-GB', { dateStyle: 'short', timeStyle: 'medium' }),
            ],
          };
        });
        const text = Math.floor(at / 1_000) * 1_000;
        expect(said).toEqual({ again: at, midnight: 0, text, day: true, formats: [expected, expected] });
      }),
      { numRuns: 100 },
    );
  });

  it('leaves everything as it was, also where what runs there throws', () => {
    const machine = (): readonly unknown[] => [
      ...[Date, Math.random, Intl.DateTimeFormat],
      Reflect.get(Date.prototype, 'getHours'),
    ];
    const before = machine();
    const [elsewhere] = ELSEWHERE;
    expect(() =>
      runElsewhere(elsewhere!, only('clock', 'zone', 'chance'), () => {
        for (const one of before) expect(machine()).not.toContain(one);
        expect(new Date(0) instanceof Date).toBe(true);
        throw new Error('there');
      }),
    ).toThrow('there');
    expect(machine()).toEqual(before);
  });
});

/** Parts of a clock that a policy may go by. */
const PARTS: Readonly<Record<string, (date: Date) => number | boolean>> = {
  'an even second': (date) => date.getUTCSeconds() % 2,
  'an even minute': (date) => date.getUTCMinutes() % 2,
  'an even hour': (date) => date.getUTCHours() % 2,
  'the night': (date) => date.getUTCHours() < 6,
  'the afternoon': (date) => date.getUTCHours() >= 12,
  'an even day of the week': (date) => date.getUTCDay() % 2,
  'the weekend': (date) => date.getUTCDay() % 6 === 0,
  'an even date': (date) => date.getUTCDate() % 2,
  'the second half of the month': (date) => date.getUTCDate() > 15,
  'an even month': (date) => date.getUTCMonth() % 2,
  'an even year': (date) => date.getUTCFullYear() % 2,
};

it.each(Object.entries(PARTS))(
  'Whenever a policy is checked that goes by %s, a machine elsewhere shows another',
  (_, partOf) => {
    let [asked, alike] = [0, 0];
    // Every six hours and some of five years.
    for (let at = Date.UTC(2026, 0, 1); at < Date.UTC(2031, 0, 1); at += 6 * 3_671_017) {
      asked += 1;
      const here = partOf(new Date(at));
      if (ELSEWHERE.every(({ clockMs }) => partOf(new Date(at + clockMs)) === here)) alike += 1;
    }
    expect(alike / asked).toBeLessThan(0.002);
  },
);

describe('a policy that goes by what is no part of its question', () => {
  const wanting = (name: string, spare: () => number) =>
    subjectOf(
      definePolicy({
        slot: 'scaling',
        name,
        about: 'For a test.',
        options: z.strictObject({}),
        create: () => ({
          wantedNow: (question) => ({ blocks: Math.min(question.allowance.blocks, neededBlocks(question) + spare()) }),
        }),
      }),
      catalogue,
    );

  it.each([
    ['the clock', () => new Date().getUTCMonth() % 3, 'while the clock of the machine shows another time'],
    ['the zone', () => Math.abs(new Date(0).getTimezoneOffset()) % 7, 'on a machine in another time zone'],
  ])('is told that it goes by %s', async (name, spare, when) => {
    const broken = await judge(wanting(name, spare), warmGroup);
    expect(broken?.promise).toBe('sameAnswer');
    expect(broken?.sentence).toContain(when);
  });

  it('is found where its module remembers the most that it ever wanted', async () => {
    const file = join(aFolder(), 'holdsThePeak.ts');
    writeFileSync(
      file,
      `import { definePolicy, neededBlocks, z } from 'spot-keeper/policy';
let peak = 0;
export default definePolicy({
  slot: 'scaling', name: 'holdsThePeak', about: 'For a test.', options: z.strictObject({}),
  create: () => ({
    wantedNow(question) {
      peak = Math.max(peak, neededBlocks(question));
      return { blocks: Math.min(question.allowance.blocks, peak) };
    },
  }),
});
`,
    );
    const [once, again] = [await loadPolicy(file), await loadPolicy(file, aLoader())];
    if (!('definition' in once && 'definition' in again)) throw new Error('expected it to load');
    const { catalogue: apart } = subjectOf(again.definition, catalogue);
    const subject = { ...subjectOf(once.definition, catalogue), apart };
    expect(await judge(subject, warmGroup)).toMatchObject({ promise: 'sameAnswer' });
  });

  it('is a counterexample though it breaks nothing when it is asked once more', async () => {
    let asked = 0;
    const spare = (): number => {
      asked += 1;
      if (asked === 100) throw new Error('only now');
      return 0;
    };
    const { counterexample } = await checkPolicy(wanting('once', spare), { runs: 1, seed: 1, path: '0' });
    expect(counterexample?.broken).toMatchObject({ promise: 'answers', sentence: 'the policy threw only now' });
  });
});
