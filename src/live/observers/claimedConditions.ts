import type { Keeper } from '../../keeper/keeper.ts';
import type { PoolCondition } from './present.ts';

/** Whether the pools file names the pool of instances that are there. Only said where it does not. */
export const CLAIMED = 'Claimed';

/** Pools that no file names, and of which blocks are there: people renamed them, removed them, or run another file. */
export const claimedConditions = (keeper: Keeper | undefined): readonly PoolCondition[] =>
  (keeper?.pools ?? []).flatMap(({ spec: { name }, isLeftover }): readonly PoolCondition[] => {
    const there = [...(keeper?.blocks.values() ?? [])].filter(
      ({ state, context }) => context.pool === name && state !== 'gone',
    );
    if (isLeftover !== true || there.length === 0) return [];
    const ids = there.map(({ context }) => context.lease?.instanceId ?? context.id).join(', ');
    return [
      {
        ...{ pool: name, condition: CLAIMED, status: 'false', reason: 'NotInFile' },
        message: `the pools file names no pool ${name}, and these are its: ${ids}; they drain when their leases end`,
      },
    ];
  });
