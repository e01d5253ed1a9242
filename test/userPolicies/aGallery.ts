import { join } from 'node:path';
import { afterAll } from 'vitest';
import { catalogue } from '../../policies/catalogue.ts';
import type { PolicySlots } from '../../src/policy/definePolicy.ts';
import { shelfOf } from '../../src/policy/shelf.ts';
import { type UserPolicies, type UserPolicyOptions, userPolicies } from '../../src/userPolicies/userPolicies.ts';
import { aFolder } from '../support/aFile.ts';
import { fileOf, filesOf, type Hostile } from './hostile/hostile.ts';

export const CATALOGUE = new URL('../../policies/catalogue.ts', import.meta.url).href;

/** User policies for the tests of one file. Loading may take long: it is a busy machine, and not what is tested. */
export function someUserPolicies(options: Partial<UserPolicyOptions> = {}): UserPolicies {
  const policies = userPolicies({ catalogue: CATALOGUE, questionMs: 1_000, loadingMs: 60_000, ...options });
  afterAll(() => {
    policies.close();
  });
  return policies;
}

/** A gallery on disk: makes a policy of it by name, in place of the one that a pool would have. */
export function aGallery(gallery: Readonly<Record<string, Hostile>>, policies: UserPolicies) {
  const folder = aFolder();
  for (const [name, text] of Object.entries(filesOf(gallery))) folder.file(name, text);
  return (name: string): Partial<PolicySlots> => {
    const { slot } = gallery[name]!;
    const path = `./${fileOf(name)}`;
    const loaded = policies.load(path, join(folder.path, fileOf(name)));
    if (!('definition' in loaded)) throw new Error(loaded.message);
    return { [slot]: shelfOf(policies.extend(catalogue)).policy(slot, { policy: path }) };
  };
}
