import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { inputOf } from './inputs.ts';
import { chanceOf, mutated, shrunk } from './mutate.ts';
import { READERS, troubleOf } from './readers.ts';
import { watched } from './watched.ts';

/** `npm run fuzz` tries 100,000; by hand FUZZ_SEED and FUZZ_FROM go straight to one. */
const INPUTS = Number(process.env['FUZZ_INPUTS'] ?? 900);
const FROM = Number(process.env['FUZZ_FROM'] ?? 0);
const SEED = Number(process.env['FUZZ_SEED'] ?? 1);

/** Objects that hide what every object has: code that turns one into text, a number or JSON would throw. */
const OBJECTS = [
  ...['{"toString":1}', '{"valueOf":1,"toString":{}}', '{"__proto__":{"a":1}}', '{"toJSON":1,"length":-1}'],
  '{"constructor":null,"hasOwnProperty":1}',
];

/** Where a finding is written down. */
const OUT = resolve(import.meta.dirname, '../../out/fuzz');

/** A text as a file, and the line with which it is had again. */
function writtenDown(index: number, text: string): string {
  mkdirSync(OUT, { recursive: true });
  const file = join(OUT, `${SEED}-${index}.txt`);
  writeFileSync(file, text);
  return `${file}; again: FUZZ_SEED=${SEED} FUZZ_FROM=${index} FUZZ_INPUTS=1 npx vitest run test/fuzz`;
}

describe('every reader', () => {
  it.each(READERS)('takes its own examples: $name', async (reader) => {
    for (const example of reader.examples) {
      expect(await troubleOf(reader, example)).toBeUndefined();
      await reader.read(example);
    }
  });

  it.each(READERS.filter(({ name }) => /^(?:pools|scenario|learned|recording|notice|observations|flag)/.test(name)))(
    'takes an object with keys of every object for a value like any other: $name',
    async (reader) => {
      const troubles: string[] = [];
      for (const example of reader.examples)
        for (const { index, 0: whole, 1: before = '' } of example.matchAll(
          /([:,[]\s*)(?:"[^"\n]*"|[^\s:=,{}[\];#"]+)/g,
        ))
          for (const object of OBJECTS) {
            const text = `${example.slice(0, index)}${before}${object}${example.slice(index + whole.length)}`;
            const trouble = await troubleOf(reader, text);
            if (trouble !== undefined) troubles.push(`${trouble}\n${text}`);
          }
      expect(troubles.slice(0, 3)).toEqual([]);
    },
  );

  it(`gives a value or mistakes for ${INPUTS} changed inputs, and always returns`, async () => {
    const { found, ended } = await watched(SEED, FROM, FROM + INPUTS);
    const told = [
      ...found.map((one) => `${one.reader}: ${one.trouble}\n${writtenDown(one.index, one.text)}`),
      ...ended.map(({ index, why }) => {
        const { reader, text } = inputOf(READERS, SEED, index);
        return `${reader.name}: ${why}\n${writtenDown(index, text)}`;
      }),
    ];
    expect(told).toEqual([]);
  });
});

describe('the fuzz itself', () => {
  it('makes the same input of the same seed and number, and others of others', () => {
    expect(inputOf(READERS, 1, 7)).toEqual(inputOf(READERS, 1, 7));
    const texts = new Set(Array.from({ length: 50 }, (_, index) => mutated('a: 1\nb: [2, 3]\n', chanceOf(index))));
    expect(texts.size).toBeGreaterThan(30);
  });

  it('changes one long line as it changes a short one', () => {
    const line = `{${'"a":1,'.repeat(80_000)}"b":2}`;
    for (let index = 0; index < 300; index += 1)
      expect(mutated(line, chanceOf(index)).length).toBeLessThanOrEqual(512 * 1024);
  });

  it('shrinks an input to what matters of it', async () => {
    const text = `${'x'.repeat(1_000)}NaN${'y'.repeat(1_000)}`;
    expect(await shrunk(text, (less) => Promise.resolve(less.includes('NaN')))).toBe('NaN');
  });

  const planted = join(import.meta.dirname, 'plantedChild.ts');

  it('ends an input that never returns, and goes on with the next', async () => {
    const { found, ended } = await watched(1, 0, 1, planted, 2);
    expect(ended).toEqual([{ index: 0, why: 'did not return within 2 s of a processor' }]);
    expect(found).toEqual([]);
  });

  it('ends an input that takes all memory, and goes on with the next, which throws', async () => {
    const { found, ended } = await watched(1, 1, 4, planted);
    expect(ended).toEqual([{ index: 1, why: 'took more than 512 MB' }]);
    expect(found.map(({ index }) => index)).toEqual([2]);
  });
});
