import type { Draws } from '../chance/draw.ts';

/** Settings of pools that differ from those of the file: by path from a pool, as they would be written; none: the file as it is. */
export type Choices = Readonly<Record<string, unknown>>;

/** A policy and the values that its options are tried with; undefined leaves an option out. */
export interface Family {
  readonly policy: string;
  readonly options: Readonly<Record<string, readonly unknown[]>>;
}

/** What one setting is tried with: policies with options, or values in their order. */
export type Tried = { readonly families: readonly Family[] } | { readonly values: readonly unknown[] };

/** All settings that are searched, by path from a pool. */
export type Space = Readonly<Record<string, Tried>>;

/** Values of a setting at random. */
export function drawnValue(tried: Tried, draws: Draws, subject: string): unknown {
  if ('values' in tried) return draws.pick('advise.value', subject, 0, tried.values);
  const { policy, options } = draws.pick('advise.family', subject, 0, tried.families);
  const drawn = Object.entries(options).map(
    ([name, values]) => [name, draws.pick('advise.option', `${subject} ${name}`, 0, values)] as const,
  );
  return written(policy, drawn);
}

/** A value beside this one: one step of one option, or a policy at random where it is none of those that are tried. */
export function nextValue(tried: Tried, value: unknown, draws: Draws, subject: string): unknown {
  if ('values' in tried) return stepped(tried.values, value, draws, subject);
  const own = tried.families.find(({ policy }) => policy === nameOf(value));
  const names = Object.keys(own?.options ?? {});
  if (own === undefined || names.length === 0 || draws.uniform('advise.redraw', subject, 0) < 0.2)
    return drawnValue(tried, draws, subject);
  const changed = draws.pick('advise.changed', subject, 0, names);
  // Known: it has a policy's name, so it is a mapping.
  const options = value as Readonly<Record<string, unknown>>;
  return written(
    own.policy,
    Object.entries(own.options).map(([name, values]) => [
      name,
      name === changed ? stepped(values, options[name], draws, subject) : options[name],
    ]),
  );
}

function stepped(values: readonly unknown[], value: unknown, draws: Draws, subject: string): unknown {
  const text = JSON.stringify(value);
  const at = values.findIndex((one) => JSON.stringify(one) === text);
  if (at < 0) return draws.pick('advise.step', subject, 0, values);
  const way = draws.uniform('advise.way', subject, 0) < 0.5 ? -1 : 1;
  return values[at + way] ?? values[at - way] ?? values[at];
}

/** The policy that a choice names. */
const nameOf = (value: unknown): unknown =>
  typeof value === 'object' && value !== null && 'policy' in value ? value.policy : undefined;

const written = (policy: string, options: readonly (readonly [string, unknown])[]): unknown => ({
  policy,
  ...Object.fromEntries(options.filter(([, value]) => value !== undefined)),
});

/** What tells choices apart. */
export const keyOf = (choices: Choices): string =>
  JSON.stringify(Object.entries(choices).toSorted(([a], [b]) => (a < b ? -1 : 1)));
