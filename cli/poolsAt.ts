import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { catalogue } from '../policies/catalogue.ts';
import { BadInput } from '../src/config/mistakes.ts';
import type { PoolsFile } from '../src/config/pools.ts';
import { readPools } from '../src/config/readPools.ts';
import { poolsOf } from '../src/pool/assemble.ts';
import type { Pool } from '../src/pool/pool.ts';
import { besideFolder } from '../src/userPolicies/besideFolder.ts';
import type { UserPolicies } from '../src/userPolicies/userPolicies.ts';
import { reasonOf } from './files.ts';

/** A pools file and what its pools are kept by. */
export interface ReadPools {
  readonly file: PoolsFile;
  readonly pools: readonly Pool[];
}

/**
 * Reads a pools file from disk, with the files that its policies name beside it.
 *
 * @throws BadInput with every mistake.
 */
export async function poolsAt(path: string, policies: UserPolicies): Promise<ReadPools> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw new BadInput([{ file: path, message: `cannot be read: ${reasonOf(error)}` }]);
  });
  const file = readPools(text, path, catalogue, besideFolder({ folder: dirname(path), policies }));
  return { file, pools: poolsOf(file, policies.extend(catalogue)) };
}
