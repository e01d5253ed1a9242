import { Readable } from 'node:stream';
import { array, assert, asyncProperty, constantFrom, integer } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LineTooLong, textLines } from '../../src/domain/textLines.ts';

const inParts = (text: string, size: number): AsyncIterable<string> =>
  Readable.from(
    Array.from({ length: Math.ceil(text.length / size) }, (_, part) => text.slice(part * size, (part + 1) * size)),
  );

const linesOf = async (text: string, size: number, most = 100): Promise<readonly string[]> => {
  const lines: string[] = [];
  for await (const line of textLines(inParts(text, size), most)) lines.push(`${line.text}${line.isWhole ? '' : '…'}`);
  return lines;
};

describe('the lines of a text', () => {
  it('are the same however it is parted', async () => {
    const anyText = array(constantFrom('a', 'é', '\n', '\r', '\u2028'), { maxLength: 40 }).map((all) => all.join(''));
    await assert(
      asyncProperty(anyText, integer({ min: 1, max: 5 }), async (text, size) => {
        const expected = text.split('\n').map((line, index, all) => (index < all.length - 1 ? line : `${line}…`));
        if (expected.at(-1) === '…') expected.pop();
        expect(await linesOf(text, size)).toEqual(expected);
      }),
    );
  });

  it('may be so long, and no longer; the one that is too long is named', async () => {
    expect(await linesOf(`a\n${'b'.repeat(100)}\n`, 7)).toHaveLength(2);
    await expect(linesOf(`a\n${'b'.repeat(101)}`, 7)).rejects.toEqual(new LineTooLong(2, 100));
  });

  it('cost each character once: a part is searched by itself, however long its line is', async () => {
    let [searched, length] = [0, 0];
    // A text that counts how much of it is searched for line feeds.
    const counted = (text: string): string =>
      Object.assign(new String(text), {
        indexOf: (what: string, from = 0) => {
          searched += text.length - from;
          return text.indexOf(what, from);
        },
      }) as unknown as string;
    const parts = Readable.from(Array.from({ length: 1_000 }, () => counted('a'.repeat(100))));
    for await (const { text } of textLines(parts, 1_000_000)) length += text.length;
    expect({ searched, length }).toEqual({ searched: 100_000, length: 100_000 });
  });
});
