import type { Beside } from '../src/config/beside.ts';
import { type Finding, mistakesOf } from '../src/config/explain.ts';
import type { Mistake } from '../src/config/mistakes.ts';
import { beyondMaxBlocks, policiesFor, readChoice } from '../src/config/policyChoices.ts';
import type { PolicyChoice, PoolConfig, PoolsFile } from '../src/config/pools.ts';
import type { Millis } from '../src/domain/time.ts';
import { type Terms, termsOf } from '../src/domain/words.ts';
import type { Catalogue, PolicySlot } from '../src/policy/definePolicy.ts';
import { lengthOf } from '../src/policy/options.ts';
import type { PolicyAlternative } from './alternatives.ts';
import { flowOf, optionsText } from './flow.ts';
import { lacksOptions } from './lacksOptions.ts';
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
    const least = Math.min(...file.pools.map(({ maxBlocks }) => maxBlocks));
    const findings = read.findings.length > 0 ? read.findings : beyondMaxBlocks(read.counts, least);
    const found = mistakesOf(findings, source);
    const { example } = policiesFor(catalogue, slot)[name] ?? {};
    const isOfOptions = ({ path }: Finding): boolean => path.length > 0 || example !== undefined;
    const lacks = isBare && findings.some((one) => one.path[0] !== 'policy' && isOfOptions(one));
    const lacking = { file: SLOT_FLAGS[slot], name: alternative.name, example };
    mistakes.push(...(lacks ? [lacksOptions(lacking, found, flowInFlag)] : found.map(withoutPath)));
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

export const termChoice = (term: Terms): Choice => ({
  name: termsOf(term).join(' or '),
  written: `lease: { term: ${flowOf(term)} }`,
  put: inEach((pool) => ({ ...pool, lease: { ...pool.lease, term } })),
});

const inEach =
  (change: (pool: PoolConfig) => PoolConfig) =>
  (file: PoolsFile): PoolsFile => ({ ...file, pools: file.pools.map(change) });

/** As the flags of slots take it. */
const flowInFlag = (name: string, options: string): string => `{ policy: ${name}, ${options} }`;

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
