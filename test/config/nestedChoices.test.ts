import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Beside } from '../../src/config/beside.ts';
import { poolsJsonSchema } from '../../src/config/jsonSchema.ts';
import { BadInput } from '../../src/config/mistakes.ts';
import { poolsFileOf, readPools } from '../../src/config/readPools.ts';
import { type Catalogue, definePolicy } from '../../src/policy/definePolicy.ts';
import { choiceOf, textFile } from '../../src/policy/options.ts';
import { poolsOf } from '../../src/pool/assemble.ts';
import { aCatalogue, aPoolsText } from './aCatalogue.ts';

/** Hours composed of others, to any depth, and hours that a text of a file says. */
const composed: Catalogue = {
  ...aCatalogue,
  operatingHours: {
    ...aCatalogue.operatingHours,
    most: definePolicy({
      slot: 'operatingHours',
      name: 'most',
      about: 'As many as the one of others that wants the most.',
      options: z.strictObject({ of: z.array(choiceOf('operatingHours')).min(1).describe('The others') }),
      create: ({ of }, shelf) => {
        const others = of.map((choice) => shelf.policy('operatingHours', choice));
        return {
          allowedAt: (now) =>
            others.map((one) => one.allowedAt(now)).reduce((most, one) => (one.blocks > most.blocks ? one : most)),
        };
      },
    }),
    counted: definePolicy({
      slot: 'operatingHours',
      name: 'counted',
      about: 'As many as a file has lines.',
      options: z.strictObject({ lines: textFile().describe('The file') }),
      create: ({ lines }) => ({ allowedAt: () => ({ blocks: lines.text.split('\n').length, until: Infinity }) }),
    }),
  },
};

const ownHours = definePolicy({
  slot: 'operatingHours',
  name: 'own',
  about: 'From a file.',
  options: z.strictObject({ twice: z.int() }),
  create: ({ twice }) => ({ allowedAt: () => ({ blocks: 2 * twice, until: Infinity }) }),
});

const beside: Beside = {
  policy: (path) =>
    path === './own.ts'
      ? { slot: 'operatingHours', definition: ownHours }
      : { mistakes: [{ message: 'syntax error', elsewhere: { file: 'dir/broken.ts', line: 3, column: 7 } }] },
  text: (path) =>
    path === 'three.txt' ? { text: 'a\nb\nc' } : { obstacle: `expected a file, found nothing at ${path}` },
  extend: (catalogue) => ({
    ...catalogue,
    operatingHours: { ...catalogue.operatingHours, './own.ts': ownHours },
  }),
};

const withHours = (hours: string): string => aPoolsText.replace('{ policy: always, blocks: 3 }', hours);
const read = (hours: string) => readPools(withHours(hours), 'pools.yaml', composed, beside);

/** What a person sees of the hours, without the part that all lines begin with. */
function complaints(hours: string): readonly string[] {
  try {
    read(hours);
    return [];
  } catch (error) {
    if (!(error instanceof BadInput)) throw error;
    return error.message.split('\n').map((line) => line.replace('pools[0].operatingHours', 'hours'));
  }
}

/** `always` within so many others. */
const within = (count: number): string =>
  count === 0 ? '{ policy: always, blocks: 1 }' : `{ policy: most, of: [${within(count - 1)}] }`;

describe('A policy that is composed of others', () => {
  it('is made with the options that each of them has', () => {
    const file = read('{ policy: most, of: [{ policy: always, blocks: 2 }, { policy: ./own.ts, twice: 3 }] }');
    const [pool] = poolsOf(file, beside.extend(composed));
    expect(pool?.policies.operatingHours.allowedAt(0).blocks).toBe(6);
  });

  it('has its parts checked by their own schemas, at their place', () => {
    expect(complaints('{ policy: most, of: [{ policy: always, blocks: two }, { policy: alway, blocks: 2 }] }')).toEqual(
      [
        'pools.yaml:9:68: hours.of[0].blocks: expected a whole number, found "two"',
        'pools.yaml:9:85: hours.of[1].policy: expected one of always, picky, most, counted, found "alway" (did you mean "always"?)',
      ],
    );
  });

  it('has keys checked, and what a part says when it is made', () => {
    expect(complaints('{ policy: most, of: [{ policy: always, block: 2 }], off: [] }')).toEqual([
      'pools.yaml:9:42: hours.of[0].blocks: expected a whole number, found nothing',
      'pools.yaml:9:60: hours.of[0].block: unknown key "block" (did you mean "blocks"?)',
      'pools.yaml:9:73: hours.off: unknown key "off" (did you mean "of"?)',
    ]);
    expect(complaints('{ policy: most, of: [{ policy: picky }] }')).toEqual([
      'pools.yaml:9:42: hours.of[0]: the policy picky says: no windows on a Sunday',
    ]);
  });

  it('says what is wrong with a part once, also where its schema would say it again', () => {
    expect(complaints('{ policy: most, of: [{ blocks: 2 }] }')).toEqual([
      'pools.yaml:9:42: hours.of[0].policy: expected text, found nothing',
    ]);
  });

  it('may be eight deep and no deeper', () => {
    expect(complaints(within(7))).toEqual([]);
    expect(complaints(within(8))).toEqual([
      expect.stringMatching(/expected at most 8 policies within one another/) as string,
    ]);
  });
});

describe('A text file', () => {
  it('is read beside the pools file, and is in the options from then on', () => {
    const file = read('{ policy: counted, lines: three.txt }');
    expect(file.pools[0]?.policies.operatingHours.options).toEqual({ lines: { file: 'three.txt', text: 'a\nb\nc' } });
    // A recording is read where the file may not be.
    const again = poolsFileOf(JSON.parse(JSON.stringify(file)), 'week.jsonl', composed);
    expect(again).toEqual(file);
    expect(poolsOf(again, composed)[0]?.policies.operatingHours.allowedAt(0).blocks).toBe(3);
  });

  it('is read for a part of a composed policy, too', () => {
    const file = read('{ policy: most, of: [{ policy: always, blocks: 1 }, { policy: counted, lines: three.txt }] }');
    expect(poolsOf(file, composed)[0]?.policies.operatingHours.allowedAt(0).blocks).toBe(3);
  });

  it('that is not there is a mistake where it is named', () => {
    expect(complaints('{ policy: counted, lines: four.txt }')).toEqual([
      'pools.yaml:9:47: hours.lines: expected a file, found nothing at four.txt',
    ]);
    expect(complaints('{ policy: counted, lines: { file: a, text: b } }')).toEqual([
      'pools.yaml:9:47: hours.lines: expected the path of a text file beside the pools file, found a mapping',
    ]);
  });
});

describe('A policy in a file', () => {
  it('has its options checked like any other', () => {
    expect(complaints('{ policy: ./own.ts, twice: 1.5 }')).toEqual([
      'pools.yaml:9:48: hours.twice: expected a whole number, found 1.5',
    ]);
  });

  it('that is broken is a mistake in that file, said once however often it is named', () => {
    expect(complaints('{ policy: most, of: [{ policy: ./broken.ts }, { policy: ./broken.ts }] }')).toEqual([
      'dir/broken.ts:3:7: syntax error',
    ]);
  });

  it('cannot fill another slot', () => {
    const text = `${aPoolsText}    renewal: { policy: ./own.ts }\n`;
    expect(() => readPools(text, 'pools.yaml', composed, beside)).toThrow(
      'pools.yaml:10:24: pools[0].renewal.policy: expected a policy for renewal, found one for operatingHours in ./own.ts',
    );
  });

  it('is meant by a path, which begins with a dot or a slash', () => {
    expect(complaints('{ policy: own.ts }')).toEqual([
      'pools.yaml:9:31: hours.policy: expected one of always, picky, most, counted, found "own.ts"; a path begins with ./, ../ or /',
    ]);
  });

  it('is refused where there is no folder to look in', () => {
    expect(() => readPools(withHours('{ policy: ./own.ts }'), 'pools.yaml', composed)).toThrow(
      'expected the name of a policy, found a path: there is no folder to look in',
    );
  });
});

describe('The JSON schema', () => {
  const text = JSON.stringify(poolsJsonSchema(composed));

  it('shows a text file as the path that people write', () => {
    expect(text).toContain('"lines":{"description":"The file","type":"string"}');
  });

  it('shows a part as a choice like the pool has one', () => {
    expect(text).toContain('"allOf":[{"$ref":"#/definitions/operatingHours"}]');
    expect(Object.keys(Object(poolsJsonSchema(composed)['definitions']) as object)).toEqual(['operatingHours']);
  });
});
