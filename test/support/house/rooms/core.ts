import { type Room, room } from '../room.ts';

/** Facts in, effects out; what people write, read and checked. */
export const CORE: readonly Room[] = [
  room('src/domain', 'time, words, facts, effects: the language everything speaks'),
  room('src/policy', 'the questions that policies answer, and `definePolicy`', 'src/domain', 'zod'),
  room('src/policy/laws', 'what every policy keeps, shipped or your own', 'src/domain src/policy'),
  room('src/config/pools.ts', 'the shape of a pools file that was read', 'src/domain src/policy'),
  room('src/block', 'the life of one block; `block.ts` is its door', 'src/domain', 'xstate'),
  room(
    'src/pool',
    'wanted against had, and the orders that close the difference',
    'src/domain src/policy src/config/pools.ts src/block/block.ts',
  ),
  room('src/world', 'the port, and the lines of a recording', 'src/domain', 'zod'),
  room(
    'src/keeper',
    '`step.ts` one turn, `run.ts` the loop, `replay.ts` recorded facts through today’s code',
    'src/domain src/block/block.ts src/pool src/world',
  ),
  room('src/index.ts', 'what a program may import of the core', 'src/domain src/pool src/world src/keeper'),
  room(
    'src/config',
    '`pools.yaml` to pools, every mistake with its place',
    'src/domain src/policy src/config/pools.ts',
    'yaml zod',
  ),
  room(
    'src/userPolicies',
    'policies in files of their users, in a thread of their own',
    'src/domain src/policy src/pool src/config',
    'jiti node:fs node:module node:path node:worker_threads zod',
  ),
];
