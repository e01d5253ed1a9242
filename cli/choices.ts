import type { Beside } from '../src/config/beside.ts';
import { mistakesOf } from '../src/config/explain.ts';
import type { Mistake } from '../src/config/mistakes.ts';
import { readChoice } from '../src/config/policyChoices.ts';
import type { PolicyChoice, PoolConfig, PoolsFile } from '../src/config/pools.ts';
import type { Millis } from '../src/domain/time.ts';
import type { Term } from '../src/domain/words.ts';
import type { Catalogue, PolicySlot } from '../src/policy/definePolicy.ts';
import { lengthOf } from '../src/policy/options.ts';
import type { PolicyAlternative } from './alternatives.ts';
import { flowOf, optionsText } from './flow.ts';
import { SLOT_FLAGS } from './options.ts';
import { countedFrom } from './userPolicies.ts';

/** One alternative of one flag, ready to be put into a pools file. */
export interface Choice {
  /** `always blocks: 4`, `lease 1h`. */
  readonly name: string;
  /** As it stands in `pools.yaml`: `lease: { duration: 1h }`. */
  readonly written: string;
  readonly put: (file: PoolsFile) => PoolsFile;
}

/** Pools, and the folder that paths in them are counted from. */
export interface Base {
  readonly file: PoolsFile;
  readonly folder: string;
  readonly beside: Beside;
}

/** A policy as a choice for the pools of a file; what is wrong with it is put to the mistakes. */
export function policyChoice(
  slot: PolicySlot,
  alternative: PolicyAlternative,
  { file, folder, beside }: Base,
  catalogue: Catalogue,
  mistakes: Mistake[],
): Choice {
  const { isBare, source } = alternative;
  const name = countedFrom(folder, alternative.name);
  const written = moved(alternative.options, folder);
  const isOwnOf = (pool: PoolConfig): boolean => isBare && pool.policies[slot].policy === name;
  let options = written;
  if (!file.pools.every(isOwnOf)) {
    const known = { catalogue, beside, embeds: true };
    const read = readChoice({ slot, name, options: written, namePath: ['policy'], path: [] }, known);
    const found = mistakesOf(read.findings, source);
    const lacks = isBare && read.findings.some(({ path }) => path.length > 0 && path[0] !== 'policy');
    mistakes.push(...(lacks ? [lacksOptions(slot, alternative.name, found)] : found.map(withoutPath)));
    ({ options } = read);
  }
  return {
    name: optionsText(alternative.name, alternative.options),
    written: `${slot}: ${flowOf({ policy: name, ...written })}`,
    put: inEach((pool) => {
      const choice: PolicyChoice = isOwnOf(pool) ? pool.policies[slot] : { policy: name, options };
      return { ...pool, policies: { ...pool.policies, [slot]: choice } };
    }),
  };
}

export const leaseChoice = (durationMs: Millis): Choice => ({
  name: `lease ${lengthOf(durationMs)}`,
  written: `lease: { duration: ${lengthOf(durationMs)} }`,
  put: inEach((pool) => ({ ...pool, lease: { ...pool.lease, durationMs } })),
});

export const termChoice = (term: Term): Choice => ({
  name: term,
  written: `lease: { term: ${term} }`,
  put: inEach((pool) => ({ ...pool, lease: { ...pool.lease, term } })),
});

const inEach =
  (change: (pool: PoolConfig) => PoolConfig) =>
  (file: PoolsFile): PoolsFile => ({ ...file, pools: file.pools.map(change) });

/** A name alone says nothing of options that nobody can guess: how to write them is what people need to hear. */
function lacksOptions(slot: PolicySlot, name: string, found: readonly Mistake[]): Mistake {
  const keys = [...new Set(found.flatMap(({ path }) => /^[^.[]+/.exec(path ?? '') ?? []))];
  const reasons = found.map(({ path = '', message }) => `${path}: ${message}`).join('; ');
  const example = `{ policy: ${name}, ${keys.map((key) => `${key}: …`).join(', ')} }`;
  const flag = SLOT_FLAGS[slot];
  return {
    file: flag,
    message: `${name} needs options (${reasons}): write them beside its name, as in ${flag} '${example}'`,
  };
}

/** `policy` is where every name stands: it tells nothing. */
const withoutPath = ({ path, ...mistake }: Mistake): Mistake =>
  path === undefined || path === 'policy' ? mistake : { ...mistake, path };

/** Paths anywhere in options that begin with a dot are those of files, counted from the working folder. */
function moved(options: Readonly<Record<string, unknown>>, folder: string): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(options).map(([key, value]) => [key, movedValue(value, folder)]));
}

function movedValue(value: unknown, folder: string): unknown {
  if (typeof value === 'string') return countedFrom(folder, value);
  if (Array.isArray(value)) return value.map((entry: unknown) => movedValue(entry, folder));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, movedValue(entry, folder)]));
}
