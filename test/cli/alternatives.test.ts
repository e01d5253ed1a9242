import { describe, expect, it } from 'vitest';
import { readAlternatives } from '../../cli/alternatives.ts';
import type { AlternativeTexts } from '../../cli/options.ts';
import type { Mistake } from '../../src/config/mistakes.ts';

function read(texts: AlternativeTexts) {
  const mistakes: Mistake[] = [];
  const { terms } = readAlternatives(texts, mistakes);
  return { terms, said: mistakes.map(({ file, message }) => `${file}: ${message}`) };
}

describe('Alternatives of the command line', () => {
  it('of terms may be lists, between which the purchase policy chooses', () => {
    expect(read({ term: ['spot,[spot, on-demand]', '[on-demand]'] })).toEqual({
      terms: ['spot', ['spot', 'on-demand'], ['on-demand']],
      said: [],
    });
  });

  it.each([
    ['[spot, ondemand]', /found "ondemand" \(did you mean "on-demand"\?\)$/],
    ['[spot, spot]', /^--term: "spot" stands in the list twice$/],
    ['[]', /^--term: expected a list such as \[spot, on-demand\], found \[\]$/],
    ['[spot', /^--term: expected a list such as \[spot, on-demand\], found \[spot$/],
  ])('of terms are refused as %s', (text, message) => {
    expect(read({ term: [text] }).said).toEqual([expect.stringMatching(message)]);
  });

  it.each(['scaling', 'lease', 'term', 'pools'] as const)('of %s are not empty', (flag) => {
    expect(read({ [flag]: [''] }).said).toEqual([
      `--${flag}: expected a value, or several separated by commas, found an empty text`,
    ]);
  });
});
