import { extname, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isPolicyPath } from '../src/config/beside.ts';
import { seconds } from '../src/domain/time.ts';
import { type FaultCount, type UserPolicies, userPolicies } from '../src/userPolicies/userPolicies.ts';

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

/**
 * A file's path from the working folder as the pools file counts it: from its own folder, so that a recording holds paths of
 * one kind. Anything but a path stays as it is.
 */
export function countedFrom(folder: string, name: string): string {
  if (!isPolicyPath(name)) return name;
  const path = relative(resolve(folder), resolve(name)).split(sep).join('/');
  return path.startsWith('../') ? path : `./${path}`;
}

/**
 * The policies of several pools files in one run: a path means one file, since it is what the file's policy is called by.
 * The same path from another folder is refused.
 */
export function fromSeveralFolders(policies: UserPolicies): UserPolicies {
  const files = new Map<string, string>();
  return {
    ...policies,
    load: (name, file) => {
      const known = files.get(name) ?? file;
      files.set(name, known);
      if (known === file) return policies.load(name, file);
      return { message: `expected another name: ${name} is ${known} already, found ${file}` };
    },
  };
}

/** What people are told at the end of a run: each fault of a policy once, and how often a fallback decided. */
export const faultLines = (faults: readonly FaultCount[]): string =>
  faults
    .map(
      ({ slot, name, what, times }) =>
        `${slot} policy ${name} ${what}; the fallback decided ${times === 1 ? 'once' : `${times} times`}\n`,
    )
    .join('');
