import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { edit } from '../../../data/import/edit.ts';
import { STARTER } from '../../../sim/scenario/starter.ts';

const starter = STARTER['scenario.yaml'] ?? '';

it('a text that is edited keeps its comments, its order and everything that was not touched', () => {
  const editing = edit(starter);
  editing.set(['market', 'prices'], 'data/prices.csv');
  editing.set(['from'], '2016-03-14T00:00:00Z');
  editing.sentences(['composed'], ['jobs recorded 2020-05-18 to 2020-05-25 were moved by -218 weeks']);
  const text = editing.text();

  const comments = (of: string): readonly string[] => of.match(/# .*/g) ?? [];
  expect(comments(text)).toEqual(comments(starter));
  // Known: the starter is a mapping.
  const before = parse(starter) as Record<string, object>;
  expect(parse(text)).toEqual({
    ...before,
    from: '2016-03-14T00:00:00Z',
    composed: ['jobs recorded 2020-05-18 to 2020-05-25 were moved by -218 weeks'],
    market: { ...before['market'], prices: 'data/prices.csv' },
  });
});

it('a text that is not edited stays as it is to the letter', () => {
  expect(edit(starter).text()).toBe(starter);
});

it('a text that is edited in one place stays as it is elsewhere, but for the blanks before comments', () => {
  const editing = edit(starter);
  editing.set(['seed'], 8);
  const tight = (text: string): string => text.replaceAll(/ +#/g, ' #');
  expect(tight(editing.text())).toBe(tight(starter).replace('seed: 7', 'seed: 8'));
});

it('a short list stands in one line, and sentences in one each, however long', () => {
  const editing = edit('zones: [us-east-1a]\ncomposed: []\n');
  editing.set(['zones'], ['us-east-1b', 'us-east-1c']);
  editing.sentences(['composed'], ['a '.repeat(100).trim(), 'b']);
  expect(editing.text()).toBe(`zones: [ us-east-1b, us-east-1c ]\ncomposed:\n  - ${'a '.repeat(100).trim()}\n  - b\n`);
});
