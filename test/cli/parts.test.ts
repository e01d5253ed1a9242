import { describe, expect, it } from 'vitest';
import { parts } from '../../cli/parts.ts';

const textsOf = (text: string): readonly string[] => parts(text).map((part) => part.text);

describe('the parts of a flag', () => {
  it('are parted by commas, but not by those within a mapping, a list or quotes', () => {
    expect(textsOf('a, b ,c')).toEqual(['a', 'b', 'c']);
    expect(textsOf('a,{ policy: b, of: [1, 2], text: "x, y }" },c')).toEqual([
      'a',
      '{ policy: b, of: [1, 2], text: "x, y }" }',
      'c',
    ]);
    expect(textsOf(`{ text: 'it''s, so' },{ text: "\\", {" }`)).toEqual([
      `{ text: 'it''s, so' }`,
      '{ text: "\\", {" }',
    ]);
  });

  it('are as many as there are commas, empty or not, closed or not', () => {
    expect(textsOf('')).toEqual(['']);
    expect(textsOf('a,,')).toEqual(['a', '', '']);
    expect(textsOf('{ a, b')).toEqual(['{ a, b']);
    expect(textsOf('a }, b')).toEqual(['a }', 'b']);
  });

  it('know where they stand', () => {
    expect(parts('ab,  { c: 1 }').map(({ column }) => column)).toEqual([0, 5]);
  });
});
