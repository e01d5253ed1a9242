import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { countedInput, lossIn } from './counted.ts';
import { COUNTED, type CountedShape } from './countedShapes.ts';
import { chanceOf } from './mutate.ts';
import { watched } from './watched.ts';

/** `npm run fuzz` tries 100,000; by hand FUZZ_SEED and FUZZ_FROM go straight to one. */
const INPUTS = Number(process.env['FUZZ_INPUTS'] ?? 1_200);
const FROM = Number(process.env['FUZZ_FROM'] ?? 0);
const SEED = Number(process.env['FUZZ_SEED'] ?? 1);

/** No input may take more of a processor. */
const MOST_CPU_SECONDS = 5;

/** Where a finding is written down. */
const OUT = resolve(import.meta.dirname, '../../out/fuzz');

/** A text as a file, and the line with which it is had again. */
function writtenDown(index: number, text: string): string {
  mkdirSync(OUT, { recursive: true });
  const file = join(OUT, `counted-${SEED}-${index}.txt`);
  writeFileSync(file, text);
  return `${file}; again: FUZZ_SEED=${SEED} FUZZ_FROM=${index} FUZZ_INPUTS=1 npx vitest run test/fuzz/counted.test.ts`;
}

describe('the rows of a file', () => {
  it.each(COUNTED)('are all used, or told of besides: $name', async ({ write, read }) => {
    const { read: found, used, setAside } = await read(write(7, chanceOf(1)));
    expect(used + setAside).toBe(found);
    expect(found).toBeGreaterThanOrEqual(7);
    expect(used).toBeLessThanOrEqual(7);
  });

  it(`are used, set aside or mistakes in ${INPUTS} changed inputs, each read within ${MOST_CPU_SECONDS} s`, async () => {
    const child = join(import.meta.dirname, 'countedChild.ts');
    const { found, ended } = await watched(SEED, FROM, FROM + INPUTS, child, MOST_CPU_SECONDS);
    const told = [
      ...found.map((one) => `${one.reader}: ${one.trouble}\n${writtenDown(one.index, one.text)}`),
      ...ended.map(({ index, why }) => {
        const { shape, text } = countedInput(SEED, index);
        return `${shape.name}: ${why}\n${writtenDown(index, text)}`;
      }),
    ];
    expect(told).toEqual([]);
  });
});

describe('the count itself', () => {
  const shape = (read: CountedShape['read']): CountedShape => ({
    name: 'lines.csv',
    write: (rows) => `a,b\n${'1,2\n'.repeat(rows)}`,
    read,
  });
  const inputs = (one: CountedShape) => Array.from({ length: 200 }, (_, index) => countedInput(1, index, [one]));
  const linesOf = (text: string): number => text.split('\n').filter((line) => line.trim() !== '').length - 1;

  it('notices a reader that passes over a row', async () => {
    const passesOver = shape((text) => {
      const read = Math.max(0, linesOf(text) - (text.includes('skipped') ? 1 : 0));
      return Promise.resolve({ read, used: read, setAside: 0 });
    });
    const troubles = await Promise.all(inputs(passesOver).map(lossIn));
    expect(troubles.some((trouble) => trouble !== undefined && /^read \d+ rows of \d+$/.test(trouble))).toBe(true);
  });

  it('notices a reader that counts a row and drops it', async () => {
    const drops = shape((text) => Promise.resolve({ read: linesOf(text), used: linesOf(text) - 1, setAside: 0 }));
    const troubles = await Promise.all(inputs(drops).map(lossIn));
    expect(troubles.every((trouble) => trouble !== undefined && /and set aside 0$/.test(trouble))).toBe(true);
  });

  it('makes the same input of the same seed and number', () => {
    expect(countedInput(3, 11).text).toBe(countedInput(3, 11).text);
    expect(new Set(Array.from({ length: 40 }, (_, index) => countedInput(3, index).text)).size).toBe(40);
  });
});
