import { type Room, room } from '../room.ts';

/** What people run and read. */
export const EDGES: readonly Room[] = [
  room('fakes/aws', 'EC2, Auto Scaling and SQS in their protocols', 'src/domain', 'node:crypto node:http'),
  room('fakes/kubernetes', 'an API server in its protocol', 'src/domain', 'node:crypto node:http node:net yaml'),
  room(
    'fakes',
    'a simulated world behind both',
    'src/domain src/world sim/scenario/scenario.ts sim/cluster sim/world fakes/**',
    'node:crypto',
  ),
  room('report', 'text from results', 'src/domain sim/scenario/scenario.ts sim/outcome.ts sim/result sim/advise'),
  room(
    'report/html',
    'pages and charts from results',
    'src/domain sim/outcome.ts sim/result sim/advise report',
    'd3-scale d3-shape node:crypto',
  ),
  room(
    'check',
    'random worlds, promises, and the search for a counterexample',
    'src/domain src/policy src/policy/laws src/config/pools.ts src/block/rules.ts src/pool src/keeper policies data/records sim/**',
    'fast-check node:fs/promises node:path temporal-polyfill yaml',
  ),
  room('cli/output', 'what the command prints', 'src/domain src/policy src/look/** data/records report', 'node:util'),
  room(
    'cli',
    'what subcommands share: files, flags, threads, how parts are wired',
    'src/** policies policies/operating-hours/calendar data/records sim/** fakes check cli/output',
    '@kubernetes/client-node commander node:child_process node:crypto node:fs node:fs/promises node:module node:os node:path node:url node:worker_threads node:zlib yaml zod',
  ),
  room(
    'cli/estimate',
    'an estimate: searched within its time, told and written',
    'src/domain src/policy src/userPolicies data/import report report/html sim/advise sim/grid sim/scenario cli cli/output',
    'node:path',
  ),
  room(
    'cli/commands',
    'one file a subcommand: where parts are wired together',
    'src/** policies policies/operating-hours/calendar data/** sim/** report/** check cli cli/output cli/estimate',
    'commander node:fs node:fs/promises node:os node:path node:url node:util',
  ),
  room('cli/subcommands.ts', 'the subcommands: an entry each', 'cli/commands', 'commander'),
  room('cli/program.ts', 'the command line', 'src/config cli cli/subcommands.ts', 'commander'),
  room('cli/main.ts', 'the command', 'cli cli/program.ts sim/heap.ts'),
  room(
    'bench/live',
    'what the live keeper costs',
    'src/domain src/live/ports policies sim/scenario fakes/**',
    'node:child_process node:events node:fs/promises node:os node:path node:readline node:timers/promises node:util',
  ),
  room(
    'bench/hand',
    'weeks and lives written by hand: what the core is measured against',
    'src/domain src/block src/policy sim/scenario/scenario.ts sim/chance sim/cluster/boot.ts sim/market sim/outcome.ts',
    'node:crypto',
  ),
  room(
    'bench',
    'what things cost, beside floors of the same run',
    'src/pool policies sim/scenario sim/scenario/scenario.ts',
    'node:child_process node:events node:fs/promises node:os node:path node:timers/promises node:util node:worker_threads',
  ),
  room(
    'bench/parts',
    'what is measured: a file a group of figures',
    'src/domain src/block src/pool src/keeper policies sim/** check cli bench bench/hand',
    'node:child_process node:path node:util node:v8 xstate',
  ),
  room('bench/bench.ts', 'the bench', 'bench bench/parts bench/live sim/heap.ts', 'node:util'),
  room('bench/contestThread.ts', 'a thread that runs one contender', 'bench bench/parts', 'node:worker_threads'),
];
