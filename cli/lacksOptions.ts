import type { Mistake } from '../src/config/mistakes.ts';
import { flowOf } from './flow.ts';

/** A policy that was named without the options that it needs. */
export interface Lacking {
  /** The flag in which options are written. */
  readonly file: string;
  readonly name: string;
  /** Its author's own example. */
  readonly example: Readonly<Record<string, unknown>> | undefined;
}

/**
 * A name alone says nothing of options that have no default: how to write them is what people need to hear. `found`: what is wrong
 * without them; `written`: a policy's name and options, `a: 1, b: 2`, as that flag takes them.
 */
export function lacksOptions(
  { file, name, example }: Lacking,
  found: readonly Mistake[],
  written: (name: string, options: string) => string,
): Mistake {
  const keys = [...new Set(found.flatMap(({ path }) => /^[^.[]+/.exec(path ?? '') ?? []))];
  const reasons = found.map(({ path = '', message }) => (path === '' ? message : `${path}: ${message}`)).join('; ');
  const options = example === undefined ? keys.map((key) => `${key}: …`).join(', ') : flowOf(example).slice(2, -2);
  return { file, message: `${name} needs options (${reasons}): write them as in ${file} '${written(name, options)}'` };
}
