import { type Room, room } from '../room.ts';

/** The world as it is, and what people look at and install of it. */
export const LIVE: readonly Room[] = [
  room('src/live/ports', 'clock, telemetry, and what our tags mean', 'src/domain', 'node:crypto'),
  room(
    'src/live/aws/calls',
    'one door to AWS: rates, repeats, failures sorted',
    'src/domain src/live/ports',
    '@aws-sdk node:stream node:stream/consumers',
  ),
  room(
    'src/live/aws/inventory',
    'everything of ours: all pages or nothing',
    'src/domain src/config/pools.ts src/live/ports src/live/aws/calls',
    '@aws-sdk',
  ),
  room(
    'src/live/aws/template',
    'what instances are launched from',
    'src/domain src/live/ports src/live/aws/calls',
    '@aws-sdk node:crypto node:util',
  ),
  room(
    'src/live/aws/launch',
    'one launch, until it is known what came of it',
    'src/domain src/live/ports src/live/aws/calls src/live/aws/inventory src/live/aws/template',
    '@aws-sdk',
  ),
  room(
    'src/live/aws/notices',
    'the interruption queue',
    'src/domain src/live/ports src/live/aws/calls src/live/aws/inventory',
    '@aws-sdk zod',
  ),
  room(
    'src/live/aws',
    'quotes and terminations',
    'src/domain src/live/ports src/live/aws/calls src/live/aws/inventory',
    '@aws-sdk',
  ),
  room(
    'src/live/kubernetes',
    'the client; what a node and a pod are to the keeper; cordon and evict',
    'src/domain src/config/pools.ts src/live/ports',
    '@kubernetes/client-node node:async_hooks node:perf_hooks zod',
  ),
  room(
    'src/live/kubernetes/kubeconfig',
    'the cluster and the user that kubectl would take',
    'src/config',
    '@kubernetes/client-node node:child_process node:fs node:fs/promises node:net node:path yaml zod',
  ),
  room(
    'src/live/kubernetes/watch',
    'list and watch, without end',
    'src/domain src/live/ports src/live/kubernetes',
    '@kubernetes/client-node node:http node:https node:perf_hooks node:stream node:zlib zod',
  ),
  room(
    'src/live/kubernetes/workload',
    'jobs by pool: what a pod needs, what nodes have, which fit, how many',
    'src/domain src/live/kubernetes',
    'zod',
  ),
  room(
    'src/live/kubernetes/cluster.ts',
    'the cluster as the keeper has it: nodes and pods, and what is done to them',
    'src/domain src/config/pools.ts src/live/ports src/live/kubernetes src/live/kubernetes/watch src/live/kubernetes/workload',
  ),
  room(
    'src/live/kubernetes/election',
    'leadership',
    'src/domain src/live/ports src/live/kubernetes',
    '@kubernetes/client-node node:perf_hooks node:timers/promises zod',
  ),
  room(
    'src/live/kubernetes/ledger',
    'the intents, and the fence',
    'src/domain src/live/ports src/live/kubernetes src/live/kubernetes/election',
    '@kubernetes/client-node node:crypto node:util zod',
  ),
  room(
    'src/live/observers',
    'log, metrics, history, recordings, Kubernetes Events: they only watch',
    'src/domain src/policy src/config/pools.ts src/block/block.ts src/pool src/world src/keeper src/live/ports src/live/kubernetes/**',
    '@kubernetes/client-node node:crypto node:fs node:fs/promises node:os node:path node:stream/promises node:zlib pino prom-client',
  ),
  room(
    'src/live/control',
    'a life: facts in, effects out to the world',
    'src/domain src/config/pools.ts src/block/block.ts src/block/rules.ts src/pool src/world src/keeper src/live/ports src/live/aws/** src/live/kubernetes/** src/live/observers',
    'node:events',
  ),
  room(
    'src/live/http',
    'the API, health and metrics over HTTP',
    'src/domain src/block/block.ts src/pool src/keeper src/live/ports src/live/observers',
    '@hono/node-server hono node:events node:http node:net zod',
  ),
  room(
    'src/live/webhook',
    'the short delay of new job pods, for clusters before Kubernetes 1.36',
    'src/domain src/live/ports src/live/kubernetes',
    'node:fs/promises node:http node:https node:net node:path zod',
  ),
  room(
    'src/live/record',
    'a cluster recorded without a keeper',
    'src/domain src/config/pools.ts src/world src/live/ports src/live/aws/** src/live/kubernetes/** src/live/observers',
    '@aws-sdk node:fs node:fs/promises node:path node:zlib zod',
  ),
  room(
    'src/install',
    'manifests, IAM, RBAC, chart values',
    'src/domain src/config src/config/pools.ts src/live/ports src/live/kubernetes',
    'node:crypto yaml',
  ),
  room(
    'src/look',
    'what `plan` and `explain` show of the live world',
    'src/domain src/policy src/config/pools.ts src/block/block.ts src/pool src/keeper src/live/**',
    'zod',
  ),
  room(
    'src/look/doctor',
    'what `doctor` looks at',
    'src/domain src/config src/config/pools.ts src/install src/live/** src/look',
    '@aws-sdk @kubernetes/client-node zod',
  ),
];
