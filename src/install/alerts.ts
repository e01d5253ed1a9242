import { stringify } from 'yaml';
import { MOST_EXPIRED_SHARE, MOST_LOST_SHARE } from '../live/kubernetes/holdShares.ts';

/** An alert, as Prometheus and the Prometheus operator read it. */
export interface Alert {
  readonly alert: string;
  readonly expr: string;
  readonly for?: string;
  readonly labels: { readonly severity: 'warning' | 'critical' };
  readonly annotations: { readonly summary: string };
}

const alert = (
  name: string,
  severity: 'warning' | 'critical',
  lasts: string | undefined,
  expr: string,
  summary: string,
): Alert => ({
  alert: name,
  expr,
  ...(lasts === undefined ? {} : { for: lasts }),
  labels: { severity },
  annotations: { summary },
});

const TAKEN = 'sum by (pool) (increase(spotkeeper_interruptions_total{kind!="risk"}[1h]))';
const REFUSED = 'quota|bad-template|forbidden|unsupported-term';
/** Holds of a pool's jobs in six hours: time enough for a share to mean something. */
const holds = (results: string): string => `sum by (pool) (increase(spotkeeper_holds_total{result=~"${results}"}[6h]))`;
/** Some keeper leads, but what only a leader tells is not there. */
const leaderWithout = (metric: string): string => `max(spotkeeper_leader) == 1 unless on () max(${metric})`;

/**
 * Every alert that is shipped: the chart's rules and the table in `docs/metrics.md` are made from them. Gauges of pools come
 * from the leader alone, so a sum over all pods counts nothing twice.
 */
export const ALERTS: readonly Alert[] = [
  alert(
    'SpotKeeperAbsent',
    'warning',
    '10m',
    'absent(spotkeeper_build_info)',
    'No keeper can be heard; blocks run on, and none is renewed',
  ),
  alert(
    'SpotKeeperNoLeader',
    'warning',
    '5m',
    // Who cannot read the Lease says nothing about who leads.
    'count(spotkeeper_build_info) unless on () sum(spotkeeper_leader) >= 1',
    'No keeper leads; nothing is bought, drained or ended',
  ),
  alert(
    'SpotKeeperTwoLeaders',
    'critical',
    '2m',
    'sum(spotkeeper_leader) > 1',
    'More than one keeper believes that it leads',
  ),
  alert(
    'SpotKeeperStalled',
    'critical',
    '5m',
    `time() - max(spotkeeper_last_turn_timestamp_seconds) > 300 or ${leaderWithout('spotkeeper_last_turn_timestamp_seconds')}`,
    'The keeper has not taken a turn for five minutes',
  ),
  alert(
    'SpotKeeperInventoryStale',
    'warning',
    '5m',
    `max(spotkeeper_inventory_age_seconds) > 600 or ${leaderWithout('spotkeeper_inventory_age_seconds')}`,
    'EC2 has not been listed completely for ten minutes',
  ),
  alert(
    'SpotKeeperShort',
    'warning',
    '30m',
    // By scraped keeper: what one that led before may still say must not make up for what its successor lacks.
    'max by (pool) (sum without (state, term) (spotkeeper_blocks{state="serving"}) < 0.5 * spotkeeper_blocks_wanted)',
    'Pool {{ $labels.pool }} has had less than half of its blocks for half an hour; jobs run on-demand',
  ),
  alert(
    'SpotKeeperLaunchesRefused',
    'warning',
    '5m',
    `sum by (pool, result) (increase(spotkeeper_launch_attempts_total{result=~"${REFUSED}"}[15m])) > 0`,
    'EC2 refuses launches of pool {{ $labels.pool }} for a reason that does not pass by itself, {{ $labels.result }}',
  ),
  alert(
    'SpotKeeperPoolCondition',
    'warning',
    '15m',
    // A condition that holds is well. Warnings are told in the log and the API, and may stay for ever.
    'min by (pool, condition) (spotkeeper_pool_condition{condition!="TemplateWarning"}) == 0',
    'Pool {{ $labels.pool }} lacks the condition {{ $labels.condition }}',
  ),
  alert(
    'SpotKeeperUnclaimed',
    'warning',
    '15m',
    'max(spotkeeper_unclaimed_instances) > 0',
    'Instances of the fleet are of a pool that the pools file does not name',
  ),
  alert(
    'SpotKeeperJobsKilled',
    'warning',
    undefined,
    'sum by (pool) (increase(spotkeeper_jobs_killed_total[1h])) > 0',
    'Jobs of pool {{ $labels.pool }} lost their node in the last hour',
  ),
  alert(
    'SpotKeeperInterruptedOften',
    'warning',
    undefined,
    `${TAKEN} > 0.25 * max by (pool) (max_over_time(spotkeeper_blocks_wanted[1h])) and ${TAKEN} > 2`,
    'EC2 took more than a quarter of the blocks of pool {{ $labels.pool }} in an hour',
  ),
  alert(
    'SpotKeeperPolicyFaults',
    'warning',
    undefined,
    'sum by (pool, slot) (increase(spotkeeper_policy_faults_total[30m])) > 0',
    'A policy of pool {{ $labels.pool }} fails, and its fallback decides ({{ $labels.slot }})',
  ),
  alert(
    'SpotKeeperHoldsLost',
    'warning',
    undefined,
    // One or two of a quiet day are no share.
    `${holds('lost')} > ${MOST_LOST_SHARE} * ${holds('held|lost')} and ${holds('lost')} > 2`,
    'Holds of jobs of pool {{ $labels.pool }} come too late, and Cluster Autoscaler buys nodes for jobs that blocks will take',
  ),
  alert(
    'SpotKeeperHoldsExpire',
    'warning',
    undefined,
    `${holds('expired')} > ${MOST_EXPIRED_SHARE} * ${holds('held')} and ${holds('expired')} > 2`,
    'More than a tenth of the holds of pool {{ $labels.pool }} ended before a block had come',
  ),
  alert(
    'SpotKeeperCallsFail',
    'warning',
    '15m',
    'sum by (api) (rate(spotkeeper_api_calls_total{outcome!="ok"}[10m])) > 0.5 * sum by (api) (rate(spotkeeper_api_calls_total[10m]))',
    'More than half of the calls to {{ $labels.api }} fail',
  ),
];

/** The alerts as a rule file of Prometheus. */
export const alertsText = (): string =>
  '# Made from src/install/alerts.ts by `npm run golden`. What to do about each is in docs/operating.md, under its name.\n' +
  stringify({ groups: [{ name: 'spot-keeper', rules: ALERTS }] }, { lineWidth: 0, aliasDuplicateObjects: false });

/** The alerts as a table for `docs/metrics.md`. */
export const alertsTable = (): string =>
  [
    '| alert | severity | for | when |',
    '| --- | --- | --- | --- |',
    ...ALERTS.map(
      ({ alert: name, labels, expr, for: lasts = 'at once' }) =>
        `| [${name}](operating.md#${name.toLowerCase()}) | ${labels.severity} | ${lasts} | \`${expr.replaceAll('|', '\\|')}\` |`,
    ),
  ].join('\n');
