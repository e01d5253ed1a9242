import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import type { Alert } from '../../src/install/alerts.ts';

/** A series by its name and labels, with values a minute apart in promtool's own writing: `0+60x120`. */
export type Series = Readonly<Record<string, string>>;

/** Whether there is a promtool to ask. */
export const hasPromtool = (): boolean => spawnSync('promtool', ['--version']).status === 0;

/** What Prometheus' own checker says of a rule file; throws what it says where it is wrong. */
export const promtoolCheck = (file: string): string => execFileSync('promtool', ['check', 'rules', file]).toString();

/** Minutes after which it is looked which alerts fire: longer than any of them waits. */
const LOOKED_AT = 60;

/** What an alert is expected to say; none, if it must be silent. */
export type Expected = Readonly<Record<string, readonly Readonly<Record<string, string>>[]>>;

/** Lets promtool evaluate alerts over series for an hour; returns what it has to say, which is nothing where all is as expected. */
export function promtoolTest(alerts: readonly Alert[], rulesText: string, series: Series, expected: Expected): string {
  const folder = mkdtempSync(join(tmpdir(), 'spot-keeper-rules-'));
  try {
    writeFileSync(join(folder, 'rules.yaml'), rulesText);
    const test = {
      interval: '1m',
      input_series: Object.entries(series).map(([name, values]) => ({ series: name, values })),
      alert_rule_test: Object.entries(expected).map(([alertname, firing]) => ({
        ...{ eval_time: `${LOOKED_AT}m`, alertname },
        exp_alerts: firing.map((labels) =>
          saidBy(
            alerts.find(({ alert }) => alert === alertname),
            labels,
          ),
        ),
      })),
    };
    writeFileSync(
      join(folder, 'test.yaml'),
      stringify({ rule_files: ['rules.yaml'], evaluation_interval: '1m', tests: [test] }, { lineWidth: 0 }),
    );
    const { status, stdout, stderr } = spawnSync('promtool', ['test', 'rules', join(folder, 'test.yaml')]);
    return status === 0 ? '' : `${String(stdout)}${String(stderr)}`;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function saidBy(alert: Alert | undefined, labels: Readonly<Record<string, string>>) {
  if (alert === undefined) throw new Error('there is no such alert');
  const summary = alert.annotations.summary.replaceAll(
    /\{\{ \$labels\.(\w+) \}\}/g,
    (_, label: string) => labels[label] ?? '',
  );
  return { exp_labels: { ...labels, ...alert.labels }, exp_annotations: { summary } };
}
