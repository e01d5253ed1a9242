import { describe, expect, it } from 'vitest';
import { ALERTS, alertsText } from '../../../src/install/alerts.ts';
import { type Expected, hasPromtool, promtoolCheck, promtoolTest, type Series } from '../../support/promtool.ts';
import { type Scraped, scraped } from '../../support/scraped.ts';

/** Scraped once: two real keepers, before and after one takes over from the other. */
const { before, after }: Scraped = await scraped();

/** The series of a text as a pod's, each standing still, but for the time of the last turn, which goes with the clock. */
function seriesOf(text: string, pod: string): Series {
  const lines = text.split('\n').filter((line) => line.startsWith('spotkeeper_') && !line.includes('_bucket'));
  return Object.fromEntries(
    lines.map((line) => {
      const [, name = '', labels = '', value = ''] = /^(\w+)(?:\{(.*)\})? (\S+)$/.exec(line) ?? [];
      const values = name === 'spotkeeper_last_turn_timestamp_seconds' ? '0+60x120' : `${value}+0x120`;
      return [`${name}{${labels === '' ? '' : `${labels},`}pod="${pod}"}`, values];
    }),
  );
}

const healthy = { ...seriesOf(before.leader, 'a'), ...seriesOf(before.standby, 'b') };
/** The one that led before is still scraped. */
const handedOver = { ...seriesOf(after.former, 'a'), ...seriesOf(after.leader, 'b') };

/** The same series with other values where the name begins so and has these texts in it; at least one must be there. */
function changed(series: Series, values: string | undefined, name: string, ...holding: readonly string[]): Series {
  const hits = Object.keys(series).filter(
    (one) => one.startsWith(`${name}{`) && holding.every((text) => one.includes(text)),
  );
  if (hits.length === 0) throw new Error(`no keeper tells ${name} with ${holding.join()}`);
  const left = Object.entries(series).filter(([one]) => !hits.includes(one));
  return {
    ...Object.fromEntries(left),
    ...Object.fromEntries(values === undefined ? [] : hits.map((one) => [one, values])),
  };
}

const CI = { pool: 'ci' };
const SILENT: Expected = Object.fromEntries(ALERTS.map(({ alert }) => [alert, []]));
const [LEADER, TURN, AGE] = [
  'spotkeeper_leader',
  'spotkeeper_last_turn_timestamp_seconds',
  'spotkeeper_inventory_age_seconds',
];
const refused = 'spotkeeper_launch_attempts_total{pool="ci",result="quota",zone="z",instance_type="t",pod="a"}';
const held = (result: string): string => `spotkeeper_holds_total{pool="ci",result="${result}",pod="a"}`;
const failing = 'spotkeeper_api_calls_total{api="ec2",action="DescribeInstances",outcome="throttle",pod="a"}';

/** What is wrong, the series that show it, and every alert that tells of it. */
const CASES: Readonly<Record<string, readonly [Series, Expected]>> = {
  'a healthy leader and a standby': [healthy, {}],
  'a leader that took over from one that is still there': [handedOver, {}],
  'a new leader whose blocks do not serve, beside the former one': [
    changed(handedOver, '0x120', 'spotkeeper_blocks', 'state="serving"'),
    { SpotKeeperShort: [CI] },
  ],
  'a new leader whose blocks do not serve, beside one whose last word still stands': [
    {
      ...seriesOf(before.leader, 'a'),
      ...changed(seriesOf(after.leader, 'b'), '0x120', 'spotkeeper_blocks', 'state="serving"'),
      ...changed(seriesOf(before.leader, 'a'), '0x120', LEADER),
    },
    { SpotKeeperShort: [CI] },
  ],
  'no keeper at all': [{}, { SpotKeeperAbsent: [{}] }],
  'two that wait': [changed(handedOver, '0x120', LEADER), { SpotKeeperNoLeader: [{}] }],
  'two that cannot read the Lease': [
    {
      ...changed(seriesOf(before.standby, 'a'), undefined, LEADER),
      ...changed(seriesOf(before.standby, 'b'), undefined, LEADER),
    },
    { SpotKeeperNoLeader: [{}] },
  ],
  'two that lead': [
    { ...seriesOf(before.leader, 'a'), ...changed(seriesOf(before.standby, 'b'), '1x120', LEADER) },
    { SpotKeeperTwoLeaders: [{}] },
  ],
  'a loop that stands still': [changed(healthy, '60x120', TURN), { SpotKeeperStalled: [{}] }],
  'a loop that never began': [changed(healthy, undefined, TURN), { SpotKeeperStalled: [{}] }],
  'an old inventory': [changed(healthy, '0+60x120', AGE), { SpotKeeperInventoryStale: [{}] }],
  'an inventory that never came': [changed(healthy, undefined, AGE), { SpotKeeperInventoryStale: [{}] }],
  'a template that cannot be copied': [
    changed(healthy, '0x120', 'spotkeeper_pool_condition', 'condition="TemplateSupported"'),
    { SpotKeeperPoolCondition: [{ ...CI, condition: 'TemplateSupported' }] },
  ],
  'a pool of which everything is refused': [
    changed(healthy, '0x120', 'spotkeeper_pool_condition', 'condition="Buying"'),
    { SpotKeeperPoolCondition: [{ ...CI, condition: 'Buying' }] },
  ],
  'an instance of a pool that the file does not name': [
    changed(healthy, '1x120', 'spotkeeper_unclaimed_instances'),
    { SpotKeeperUnclaimed: [{}] },
  ],
  'the first job that is killed': [
    changed(healthy, '0x40 1x80', 'spotkeeper_jobs_killed_total'),
    { SpotKeeperJobsKilled: [CI] },
  ],
  'three blocks that were taken in an hour': [
    changed(healthy, '0x40 3x80', 'spotkeeper_interruptions_total', 'kind="reclaim"'),
    { SpotKeeperInterruptedOften: [CI] },
  ],
  'three recommendations, and nothing taken': [
    changed(healthy, '0x40 3x80', 'spotkeeper_interruptions_total', 'kind="risk"'),
    {},
  ],
  'the first fault of a policy': [
    changed(healthy, '0x40 1x80', 'spotkeeper_policy_faults_total', 'slot="renewal"'),
    { SpotKeeperPolicyFaults: [{ ...CI, slot: 'renewal' }] },
  ],
  'a quota that is reached again and again': [
    { ...healthy, [refused]: '0+1x120' },
    { SpotKeeperLaunchesRefused: [{ ...CI, result: 'quota' }] },
  ],
  'one hold in a hundred that comes too late': [
    { ...healthy, [held('held')]: '0+99x120', [held('lost')]: '0+1x120' },
    { SpotKeeperHoldsLost: [CI] },
  ],
  'one hold in a thousand that comes too late': [
    { ...healthy, [held('held')]: '0+999x120', [held('lost')]: '0+1x120' },
    {},
  ],
  'two holds that come too late in a quiet hour': [
    { ...healthy, [held('held')]: '0x40 9x80', [held('lost')]: '0x40 2x80' },
    {},
  ],
  'holds that end before blocks come': [
    { ...healthy, [held('held')]: '0+5x120', [held('expired')]: '0+1x120' },
    { SpotKeeperHoldsExpire: [CI] },
  ],
  'an API that fails': [{ ...healthy, [failing]: '0+9x120' }, { SpotKeeperCallsFail: [{ api: 'ec2' }] }],
};

describe.skipIf(!hasPromtool())('The alerts, as Prometheus evaluates them', () => {
  it('can be read', () => {
    expect(promtoolCheck('charts/spot-keeper/files/alerts.yaml')).toContain(`${ALERTS.length} rules found`);
  });

  it.each(Object.entries(CASES))('tell of %s, and of nothing else', (_, [series, expected]) => {
    expect(promtoolTest(ALERTS, alertsText(), series, { ...SILENT, ...expected })).toBe('');
  });

  it('are all seen to fire', () => {
    const fired = Object.values(CASES).flatMap(([, expected]) => Object.keys(expected));
    expect(ALERTS.map(({ alert }) => alert).filter((alert) => !fired.includes(alert))).toEqual([]);
  });
});

describe('A keeper that does not lead', () => {
  const gauges =
    /^spotkeeper_(?:blocks|blocks_wanted|window_open|next_expiry|pool_condition|last_turn|inventory_age)\b/m;
  it('tells nothing of the pools, whether it led before or not', () => {
    expect(before.leader).toMatch(gauges);
    expect(before.standby).not.toMatch(gauges);
    expect(after.leader).toMatch(gauges);
    expect(after.former).not.toMatch(gauges);
    expect(after.former).toContain('spotkeeper_blocks_gone_total{');
  });
});

it('every metric that an alert asks for is one that a keeper tells', () => {
  const told = new Set([...before.leader.matchAll(/^# TYPE (\w+) /gm)].map(([, name]) => name));
  for (const { alert, expr } of ALERTS)
    for (const metric of expr.match(/\bspotkeeper_\w+/g) ?? []) expect(told, alert).toContain(metric);
});
