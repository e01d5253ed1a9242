import { expect, it } from 'vitest';
import { frozen } from './frozen.ts';

it.each<readonly [string, () => object, (held: never) => unknown]>([
  ['a field', () => ({ a: { b: 1 } }), (held: { a: { b: number } }) => void (held.a.b = 2)],
  ['a new field', () => ({ a: {} }), (held: { a: { b?: number } }) => void (held.a.b = 2)],
  ['a field taken away', () => ({ a: { b: 1 } }), (held: { a: { b?: number } }) => delete held.a.b],
  ['a list', () => [[1]], (held: number[][]) => void held[0]?.push(2)],
  ['a list put in order', () => [[2, 1]], (held: number[][]) => void held[0]?.sort()],
  ['a map', () => new Map([['a', 1]]), (held: Map<string, number>) => void held.set('a', 2)],
  [
    'what a map holds',
    () => new Map([['a', { b: 1 }]]),
    (held: Map<string, { b: number }>) => void (held.get('a')!.b = 2),
  ],
  ['a set', () => ({ a: new Set([1]) }), (held: { a: Set<number> }) => void held.a.delete(1)],
])('%s cannot be written to', (_, make, write) => {
  const value = make();
  frozen(value);
  expect(() => {
    write(value as never);
  }).toThrow(TypeError);
});

it('a typed array that was written to is told of', () => {
  const value = { counts: Float64Array.of(1, NaN) };
  const check = frozen(value);
  expect(check).not.toThrow();
  value.counts[0] = 2;
  expect(check).toThrow('written to');
});

it('copies are free', () => {
  const held = { map: new Map([['a', [1]]]), list: [2, 1] };
  frozen(held);
  expect(new Map(held.map).set('b', []).size).toBe(2);
  expect([...held.list].sort()).toEqual([1, 2]);
});
