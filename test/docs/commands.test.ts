import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { hours, isoOf, minutes } from '../../src/domain/time.ts';
import { aJob, aPart, held } from '../data/distil/aRecording.ts';
import { MONDAY } from '../support/aScenario.ts';
import { aFolder, spotKeeper } from '../support/command.ts';

const PAGES = ['docs/data.md', 'docs/estimate.md', 'docs/sweep.md'];

/** Commands that need a cluster or an account, and why no small file does in their place. */
const NEEDS_A_CLUSTER = /^spot-keeper record /;

/** The blocks of shell on these pages that have a command of ours, each with its lines. */
const blocks = PAGES.flatMap((page) =>
  [...readFileSync(page, 'utf8').matchAll(/^```sh\n([\s\S]*?)^```$/gm)].flatMap(([, text = '']) => {
    const lines = text.replaceAll('\\\n', ' ').split('\n');
    const commands = lines.map((line) => line.replace(/\s+#.*$/, '')).filter((line) => line.startsWith('spot-keeper '));
    return commands.length === 0 ? [] : [{ page, commands }];
  }),
);

const at = (day: number, hour: number, minute = 0): number => MONDAY + hours(24 * day + hour) + minutes(minute);
const price = (instant: number, zone: string, type = 'm5.2xlarge', usd = '0.1500') => ({
  ...{ Timestamp: isoOf(instant), AvailabilityZone: zone, InstanceType: type },
  ...{ ProductDescription: 'Linux/UNIX', SpotPrice: usd },
});
const week = (from: number, type: string) =>
  JSON.stringify({
    SpotPriceHistory: Array.from({ length: 8 }, (_, day) => price(from + hours(24 * day - 1), 'us-east-1a', type)),
  });
const trace = JSON.stringify({ metadata: { gap_seconds: 600 }, data: [0, 1, 1, 0, 1, 1], prices: [1, 1, 1, 1, 1, 1] });

/** Small files of ours, by the names that the pages use. */
const FILES: Readonly<Record<string, string>> = {
  'week.json': week(Date.UTC(2016, 2, 14), 'm4.10xlarge'),
  'prices.json': week(MONDAY, 'm5.2xlarge'),
  'us-east-1b.json': trace,
  'us-east-1c.json': trace,
  'jobs.csv': `queued,duration_s\n${isoOf(at(0, 8))},600\n`,
  'builds.csv': 'asked,begun,over,what\n2026-03-02 09:00:00,2026-03-02 09:01:00,2026-03-02 09:09:00,build\n',
  'jobs.json': JSON.stringify({
    total_count: 20,
    jobs: Array.from({ length: 20 }, (_, n) => ({
      ...{ id: n, run_id: n, workflow_name: 'CI', name: 'test', status: 'completed', conclusion: 'success' },
      ...{ created_at: isoOf(at(0, 8, n)), started_at: isoOf(at(0, 8, n)), completed_at: isoOf(at(0, 8, n + 5)) },
      labels: ['self-hosted'],
    })),
  }),
  'on-demand.json': JSON.stringify({
    PriceList: [
      JSON.stringify({
        product: {
          sku: 'A',
          attributes: { instanceType: 'm5.2xlarge', regionCode: 'us-east-1', operatingSystem: 'Linux' },
        },
        terms: {
          OnDemand: { A: { sku: 'A', priceDimensions: { B: { unit: 'Hrs', pricePerUnit: { USD: '0.384' } } } } },
        },
      }),
    ],
  }),
  'grid.yaml': /^```yaml grid\n([\s\S]*?)^```$/m.exec(readFileSync('docs/sweep.md', 'utf8'))?.[1] ?? '',
};

/** A folder with all of them; `my-week` is there already where a command puts something into it, or runs it, and none before makes it. */
function prepared(commands: readonly string[]): string {
  const folder = aFolder();
  for (const [name, text] of Object.entries(FILES)) writeFileSync(join(folder, name), text);
  mkdirSync(join(folder, 'recorded'));
  const part = aPart([held(at(0, 8), at(0, 12)), aJob('a', at(0, 9), minutes(10))]);
  writeFileSync(join(folder, 'recorded', 'recording-1.jsonl'), part);
  const isMade = commands.some((command) => /^spot-keeper (?:distil|estimate) /.test(command));
  if (isMade || !commands.some((command) => command.includes('my-week'))) return folder;
  expect(spotKeeper(['init', 'my-week'], folder).code).toBe(0);
  if (commands.some((command) => command.startsWith('spot-keeper sweep ')))
    expect(spotKeeper(['import', 'jobs', 'jobs.csv', '--into', 'my-week'], folder).code).toBe(0);
  return folder;
}

describe('the commands on the pages of recorded data', () => {
  it('are there', () => {
    expect(new Set(blocks.map(({ page }) => page))).toEqual(new Set(PAGES));
    expect(blocks.flatMap(({ commands }) => commands).length).toBeGreaterThan(9);
  });

  it.each(blocks)('run as they stand on $page: $commands', ({ commands }) => {
    const folder = prepared(commands);
    for (const command of commands) {
      if (NEEDS_A_CLUSTER.test(command)) continue;
      const { code, stderr } = spotKeeper(command.split(/\s+/).slice(1), folder);
      expect({ command, code, stderr }).toEqual({ command, code: 0, stderr: '' });
    }
  });
});
