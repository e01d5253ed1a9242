import type { PoolsFile } from '../../../config/pools.ts';
import type { AdoptingPool } from './ownInstance.ts';

/** Groups of the original scripts whose instances the pools take over, by name. */
export const adoptingGroups = (file: PoolsFile): ReadonlyMap<string, AdoptingPool> =>
  new Map(
    file.pools.map(({ name, template, lease }) => [
      template.autoScalingGroup,
      { pool: name, durationMs: lease.durationMs },
    ]),
  );
