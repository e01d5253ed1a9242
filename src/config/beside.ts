import type { Catalogue, PolicyDefinition, PolicySlot } from '../policy/definePolicy.ts';
import type { Finding } from './explain.ts';

/** What stands beside a pools file: the policies and the texts that it names by their paths. */
export interface Beside {
  /** The policy in a file, or what is wrong with it. */
  policy(path: string): BesidePolicy;
  /** The text of a file, or what stands in the way of reading it. */
  text(path: string): { readonly text: string } | { readonly obstacle: string };
  /** The catalogue with the policies that were loaded from files, by their paths. */
  extend(catalogue: Catalogue): Catalogue;
}

/** A policy of a slot that the file itself names, or what is wrong: a message for where it is named, or places in the file. */
export type BesidePolicy =
  | { readonly definition: PolicyDefinition; readonly slot: PolicySlot }
  | { readonly mistakes: readonly Pick<Finding, 'message' | 'elsewhere'>[] };

/** A policy's name that is the path of its file: it begins with `./`, `../` or `/`, as no name in the catalogue does. */
export const isPolicyPath = (name: string): boolean => /^(?:\.\.?)?\//.test(name);

/** A path with one of the endings that are loaded. */
export const POLICY_PATH = /^(?:\.\.?)?\/.*\.(?:ts|mts|js|mjs)$/;

/** For documents that come without a folder. */
export const nothingBeside: Beside = {
  policy: () => ({
    mistakes: [{ message: 'expected the name of a policy, found a path: there is no folder to look in' }],
  }),
  text: () => ({ obstacle: 'expected no file: there is no folder to look in' }),
  extend: (catalogue) => catalogue,
};
