import { readFile } from 'node:fs/promises';
import { dirname, extname, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DEFAULT_POOLS, SCENARIO_FILE } from '../sim/scenario/paths.ts';
import { tryScenarioText } from '../sim/scenario/readScenario.ts';
import { type Beside, isPolicyPath } from '../src/config/beside.ts';
import { seconds } from '../src/domain/time.ts';
import { POLICY_SLOTS } from '../src/policy/definePolicy.ts';
import { besideFolder } from '../src/userPolicies/besideFolder.ts';
import { type FaultCount, type UserPolicies, userPolicies } from '../src/userPolicies/userPolicies.ts';
import type { NamedPolicies } from './policySets.ts';

/** Nobody waits for a turn of a simulation. */
const QUESTION_MS = seconds(1);

/** Does a command's work with the policies that its users bring as files; their thread ends with it. */
export const withUserPolicies = (work: (policies: UserPolicies) => Promise<void>): Promise<void> =>
  withThread(userPolicies({ catalogue: CATALOGUE, questionMs: QUESTION_MS }), work);

/** As `withUserPolicies`, where jobs wait for the answers: a policy has a tenth of a second for each. */
export const withLivePolicies = (work: (policies: UserPolicies) => Promise<void>): Promise<void> =>
  withThread(userPolicies({ catalogue: CATALOGUE }), work);

async function withThread(policies: UserPolicies, work: (policies: UserPolicies) => Promise<void>): Promise<void> {
  try {
    await work(policies);
  } finally {
    policies.close();
  }
}

/** The shipped policies as a module that the thread can load: beside this one, in the sources and when built. */
const CATALOGUE = new URL(`../policies/catalogue${extname(fileURLToPath(import.meta.url))}`, import.meta.url).href;

/** The folder of a scenario's pools file, from which the paths in it are counted. */
export async function poolsFolderOf(dir: string): Promise<string> {
  const text = await readFile(join(dir, SCENARIO_FILE), 'utf8');
  return dirname(join(dir, tryScenarioText(text, SCENARIO_FILE).value?.pools ?? DEFAULT_POOLS));
}

/**
 * What the command line names: policies of the catalogue, and files by their paths from the working folder. These are counted
 * from the pools file from here on, like those in it, so that a recording holds paths of one kind.
 */
export function namedFrom(
  folder: string,
  named: NamedPolicies,
  policies: UserPolicies,
): { readonly named: NamedPolicies; readonly beside: Beside } {
  const moved = POLICY_SLOTS.flatMap((slot) => {
    const names = named[slot];
    return names === undefined ? [] : [[slot, names.map((name) => fromFolder(folder, name))] as const];
  });
  return { named: Object.fromEntries(moved), beside: besideFolder({ folder, policies }) };
}

function fromFolder(folder: string, name: string): string {
  if (!isPolicyPath(name)) return name;
  const path = relative(resolve(folder), resolve(name)).split(sep).join('/');
  return path.startsWith('../') ? path : `./${path}`;
}

/** What people are told at the end of a run: each fault of a policy once, and how often a fallback decided. */
export const faultLines = (faults: readonly FaultCount[]): string =>
  faults
    .map(
      ({ slot, name, what, times }) =>
        `${slot} policy ${name} ${what}; the fallback decided ${times === 1 ? 'once' : `${times} times`}\n`,
    )
    .join('');
