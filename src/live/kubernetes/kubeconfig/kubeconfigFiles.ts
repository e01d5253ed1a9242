import { readFileSync } from 'node:fs';
import path from 'node:path';
import { BadInput, type Mistake } from '../../../config/mistakes.ts';
import {
  type ClusterFields,
  type ContextFields,
  type Entry,
  type KubeconfigFile,
  readKubeconfig,
  type UserFields,
} from './kubeconfigFile.ts';

/** Several kubeconfig files as one. */
export interface Merged {
  /** Which context is current, and the file that says so; undefined where none does. */
  readonly current: { readonly name: string; readonly file: KubeconfigFile } | undefined;
  readonly clusters: ReadonlyMap<string, Entry<ClusterFields>>;
  readonly contexts: ReadonlyMap<string, Entry<ContextFields>>;
  readonly users: ReadonlyMap<string, Entry<UserFields>>;
  /** The files that were named and are not there. */
  readonly missing: readonly string[];
}

/**
 * Reads and merges kubeconfig files by the rules of kubectl (Kubernetes documentation, "Organizing Cluster Access Using
 * kubeconfig Files"): the first file that has an entry of a name wins, whole; the first that sets a current context wins; files
 * that are not there are skipped.
 *
 * @throws BadInput with the mistakes of all files
 */
export function mergeFiles(files: readonly string[]): Merged {
  const mistakes: Mistake[] = [];
  const missing: string[] = [];
  const read = [...new Set(files)].flatMap((file): readonly KubeconfigFile[] => {
    try {
      return [readKubeconfig(readFileSync(file, 'utf8'), path.resolve(file))];
    } catch (error) {
      if (error instanceof BadInput) mistakes.push(...error.mistakes);
      else if (isMissing(error)) missing.push(file);
      else
        mistakes.push({ file, message: `cannot be read: ${error instanceof Error ? error.message : String(error)}` });
      return [];
    }
  });
  if (mistakes.length > 0) throw new BadInput(mistakes);
  const current = read.find(({ currentContext }) => currentContext !== '');
  return {
    current: current === undefined ? undefined : { name: current.currentContext, file: current },
    clusters: firstOfEach(read.map(({ clusters }) => clusters)),
    contexts: firstOfEach(read.map(({ contexts }) => contexts)),
    users: firstOfEach(read.map(({ users }) => users)),
    missing,
  };
}

// A map made of pairs keeps the last of a key.
const firstOfEach = <Fields>(maps: readonly ReadonlyMap<string, Entry<Fields>>[]): ReadonlyMap<string, Entry<Fields>> =>
  new Map(maps.toReversed().flatMap((map) => [...map]));

const isMissing = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'ENOENT';
