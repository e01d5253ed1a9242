import { chanceOf, mutated } from './mutate.ts';
import type { Reader } from './reader.ts';

/** An input that is a finding, made small. */
export interface Found {
  readonly index: number;
  readonly reader: string;
  readonly trouble: string;
  readonly text: string;
}

/** What the process that tries says: the input that it begins, or a finding. */
export type Said = { readonly index: number } | { readonly found: Found };

/** The input of a seed with a number: the readers take turns, and each starts from one of its examples. */
export function inputOf(
  readers: readonly Reader[],
  seed: number,
  index: number,
): { readonly reader: Reader; readonly text: string } {
  const reader = readers[index % readers.length];
  if (reader === undefined) throw new RangeError('no reader to try');
  const chance = chanceOf(Math.imul(seed, 0x9e3779b1) ^ index);
  const example = reader.examples[Math.floor(chance() * reader.examples.length)] ?? '';
  return { reader, text: mutated(example, chance) };
}
