import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

const MINUTE_S = 60;
const HOUR_S = 3_600;

/** Every metric by its purpose. `docs/metrics.md` lists them; a test holds the two together. */
export function instruments(registry: Registry) {
  const registers = [registry];
  const gauge = <Label extends string>(name: string, help: string, labelNames: readonly Label[] = []): Gauge<Label> =>
    new Gauge({ name: `spotkeeper_${name}`, help, labelNames: [...labelNames], registers });
  const counter = <Label extends string>(
    name: string,
    help: string,
    labelNames: readonly Label[] = [],
  ): Counter<Label> => new Counter({ name: `spotkeeper_${name}`, help, labelNames: [...labelNames], registers });
  const histogram = <Label extends string>(
    name: string,
    help: string,
    buckets: readonly number[],
    labelNames: readonly Label[] = [],
  ): Histogram<Label> =>
    new Histogram({
      name: `spotkeeper_${name}`,
      help,
      labelNames: [...labelNames],
      buckets: [...buckets],
      registers,
    });

  return {
    blocks: gauge('blocks', 'Living blocks.', ['pool', 'state', 'term']),
    wanted: gauge('blocks_wanted', 'Blocks that are wanted now, by the hours or by the jobs, maxBlocks applied.', [
      'pool',
    ]),
    advised: gauge('blocks_advised', 'Blocks that the scaling policy learned would want now, where another decides.', [
      'pool',
    ]),
    windowOpen: gauge('window_open', 'Whether the operating hours allow any block now.', ['pool']),
    jobs: gauge('jobs', 'Jobs of a pool that follows them, by where they are; absent while unknown.', [
      'pool',
      'where',
    ]),
    launches: counter('launch_attempts_total', 'Tries to buy an instance, by what came of them.', [
      'pool',
      'result',
      'zone',
      'instance_type',
    ]),
    renewals: counter('renewals_total', 'Serving blocks that left of our own will, by whether enough others served.', [
      'pool',
      'result',
    ]),
    interruptions: counter('interruptions_total', 'Blocks that AWS took, or said it might, before their time.', [
      'pool',
      'kind',
    ]),
    gone: counter('blocks_gone_total', 'Blocks whose life is over, by how it ended.', ['pool', 'ending']),
    drains: histogram(
      'drain_duration_seconds',
      'From the cordon being asked for to the end of the drain.',
      [10, MINUTE_S, 2 * MINUTE_S, 5 * MINUTE_S, 10 * MINUTE_S, 20 * MINUTE_S, 30 * MINUTE_S, HOUR_S, 2 * HOUR_S],
      ['pool', 'outcome'],
    ),
    killed: counter('jobs_killed_total', 'Jobs that were not heard to finish before their block was gone.', ['pool']),
    lifetimes: histogram(
      'block_lifetime_seconds',
      'From the start of the lease to the end of the instance.',
      [MINUTE_S, 10 * MINUTE_S, 30 * MINUTE_S, ...[1, 2, 3, 4, 5, 6, 12, 24].map((hours) => hours * HOUR_S)],
      ['pool'],
    ),
    nextExpiry: gauge('next_expiry_seconds', 'Until the first lease of a living block ends.', ['pool']),
    cost: counter('estimated_cost_usd_total', 'Time of leases in use, at the price quoted when they were bought.', [
      'pool',
      'term',
    ]),
    spent: gauge('spent_usd', 'What a pool has spent in this UTC day or month, by quoted prices.', ['pool', 'period']),
    spendingLimit: gauge('spending_limit_usd', 'What a pool may spend in a UTC day or month; absent without a limit.', [
      'pool',
      'period',
    ]),
    turns: histogram('turn_duration_seconds', 'Real time that one turn took.', [1e-4, 1e-3, 0.01, 0.05, 0.1, 0.5, 1]),
    lastTurn: gauge('last_turn_timestamp_seconds', 'When the loop last made a turn.'),
    inventoryAge: gauge('inventory_age_seconds', 'Since the last complete inventory was taken.'),
    leader: gauge('leader', 'Whether this process leads.'),
    calls: counter('api_calls_total', 'Calls to APIs as they came out.', ['api', 'action', 'outcome']),
    callDurations: histogram(
      'api_duration_seconds',
      'Real time that a call took.',
      [0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
      ['api'],
    ),
    messages: counter('queue_messages_total', 'Messages of the interruption queue, by what became of them.', [
      'outcome',
    ]),
    held: gauge('jobs_held', 'Waiting jobs that are held for blocks on their way.', ['pool']),
    holds: counter('holds_total', 'Holds of jobs, by what became of them.', ['pool', 'result']),
    unheld: counter('jobs_unheld_total', 'Times that waiting jobs could not be held as was asked.', ['pool']),
    faults: counter('policy_faults_total', 'Kinds of fault that a policy was found to have.', ['pool', 'slot']),
    unclaimed: gauge('unclaimed_instances', 'Instances of the fleet whose pool the pools file does not name.'),
    conditions: gauge('pool_condition', 'Whether a condition of a pool holds; absent while unknown.', [
      'pool',
      'condition',
    ]),
    build: gauge('build_info', 'Always 1; what runs is in the labels.', ['version', 'node']),
  } as const;
}

export type Instruments = ReturnType<typeof instruments>;
