import { type Room, room } from '../room.ts';

/** The world as it might be, and what was recorded of the one that is. */
export const SIMULATION: readonly Room[] = [
  room(
    'data/records',
    'recorded files: readers and writers',
    'src/domain src/config',
    '@streamparser/json node:fs node:fs/promises node:string_decoder node:zlib yaml',
  ),
  room('sim/heap.ts', 'where V8 puts what a simulation makes', '', 'node:v8'),
  room('sim/chance', 'draws by seed, stream, subject and count'),
  room('sim/kernel', 'the queue and the clock of a simulated world', 'src/domain'),
  room(
    'sim/scenario/scenario.ts',
    'the shape of a scenario that was read',
    'src/domain src/policy src/config/pools.ts data/records sim/chance',
  ),
  room('sim/outcome.ts', 'the shape of what a simulation comes to', 'src/domain sim/scenario/scenario.ts'),
  room(
    'sim/market',
    'prices, capacity, interruptions, bills',
    'src/domain src/config data/records sim/chance sim/scenario/scenario.ts sim/outcome.ts',
  ),
  room(
    'sim/cloud',
    'EC2, as far as the keeper sees it',
    'src/domain sim/chance sim/kernel sim/scenario/scenario.ts sim/market',
    'node:crypto',
  ),
  room(
    'sim/cluster',
    'nodes, jobs, scheduler, autoscalers',
    'src/domain data/records sim/chance sim/kernel sim/scenario/scenario.ts sim/market sim/cloud',
  ),
  room('sim/demand', 'generated jobs', 'src/domain src/config data/records sim/chance', 'temporal-polyfill zod'),
  room(
    'sim/world',
    'all of it as one world',
    'src/domain src/world data/records sim/chance sim/kernel sim/scenario/scenario.ts sim/market sim/cloud sim/cluster',
  ),
  room(
    'sim/scenario',
    '`scenario.yaml` to a scenario, every mistake with its place',
    'src/domain src/policy src/config src/config/pools.ts src/userPolicies data/records sim/chance sim/scenario/scenario.ts sim/market sim/cluster sim/demand',
    'node:fs/promises node:path zod',
  ),
  room(
    'sim/result',
    'what a simulation came to: bill, jobs, lives, verdicts',
    'src/domain src/policy src/pool src/world data/records sim/scenario/scenario.ts sim/outcome.ts sim/market sim/cluster sim/world',
    'node:crypto',
  ),
  room(
    'sim/baselines/originalScripts.ts',
    'the scripts of 2021, in the keeper’s place',
    'src/domain src/policy src/pool src/keeper sim/chance sim/scenario/scenario.ts',
  ),
  room(
    'sim/begunAnew.ts',
    'a keeper that is stopped or killed, and the next one',
    'src/domain src/keeper sim/scenario/scenario.ts',
  ),
  room(
    'sim/simulate.ts',
    'one run: a scenario to its outcome',
    'src/domain src/pool src/keeper sim/scenario/scenario.ts sim/outcome.ts sim/world sim/result sim/begunAnew.ts sim/baselines/originalScripts.ts',
  ),
  room('sim/baselines/bound', 'what no schedule without waiting goes below', 'src/domain sim/market'),
  room('sim/baselines/foresight', 'a schedule by one who knows what comes', 'src/domain sim/baselines/bound'),
  room('sim/baselines', 'what a team would do instead', 'src/domain src/config/pools.ts src/pool data/records sim/**'),
  room(
    'sim/grid',
    'a grid of settings, and weeks under them',
    'src/policy src/config sim/demand sim/scenario sim/scenario/scenario.ts',
    'zod',
  ),
  room(
    'sim/advise',
    'the search for settings, and the judgement of what it found',
    'src/domain src/policy data/records sim/chance sim/demand sim/scenario/scenario.ts sim/outcome.ts sim/result sim/baselines',
  ),
  room('sim/index.ts', 'what a program may import of the simulation', 'sim/**'),
  room(
    'data/import',
    '`import`: files of others to a scenario',
    'src/domain src/policy src/config src/config/pools.ts src/userPolicies data/records sim/scenario sim/market',
    'node:fs/promises node:path yaml',
  ),
  room(
    'data/distil',
    '`distil`: a recording to a scenario',
    'src/domain src/policy src/config src/config/pools.ts src/world data/records data/import sim/scenario sim/scenario/scenario.ts',
    'node:fs node:fs/promises node:path node:zlib yaml',
  ),
];
