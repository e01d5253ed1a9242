import { looksAtJobs, type PoolsFile } from '../../config/pools.ts';
import { checking, type Finding } from './finding.ts';

/** Settings that say less than people may think. */
export const settingFindings = ({ pools }: PoolsFile): readonly Finding[] =>
  pools
    .filter((pool) => pool.surplus === 'keep' && looksAtJobs(pool))
    .map(({ name, policies: { scaling } }) =>
      checking('surplus', name).warn(
        `keep says nothing of idle blocks here: ${scaling.policy} gives back what no job needs, and keep only lets busy blocks go on taking jobs when the hours allow fewer`,
        'leave surplus out, or hold blocks with atLeast',
      ),
    );
