import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { SUBCOMMANDS } from '../../cli/subcommands.ts';
import { catalogue } from '../../policies/catalogue.ts';
import { readScenario } from '../../sim/scenario/readScenario.ts';
import { simulate, simulateOnDemandOnly } from '../../sim/simulate.ts';
import { readPools } from '../../src/config/readPools.ts';
import { poolsOf } from '../../src/pool/assemble.ts';
import { expectWrittenPart } from '../support/writtenPart.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const WEEK = resolve(ROOT, 'scenarios/ci-week');
const README = readFileSync(resolve(ROOT, 'README.md'), 'utf8');

describe('the README', () => {
  it('shows a pools file that can be used as it stands', () => {
    const [, text = ''] = /```yaml pools\n([\s\S]*?)```/.exec(README) ?? [];
    expect(readPools(text, 'README.md', catalogue).pools).toHaveLength(1);
  });

  it('lists the commands', async () => {
    const rows = Object.values(SUBCOMMANDS).map(
      ({ usage, about }) => `| \`${usage.replaceAll('|', '\\|')}\` | ${about} |`,
    );
    await expectWrittenPart(resolve(ROOT, 'README.md'), 'commands', [
      '| command | what for |',
      '| --- | --- |',
      ...rows,
    ]);
  });

  it('says what a week would have cost, as a run of today says', async () => {
    const scenario = await readScenario(WEEK, catalogue);
    const pools = poolsOf(scenario.pools, catalogue);
    const { cost, jobs } = await simulate(scenario, pools, 'README', { digest: false });
    const { cost: alone } = await simulateOnDemandOnly(scenario, pools);
    const saving = Math.floor((1 - cost.total / alone.total) * 100);
    const count = jobs.total.toLocaleString('en-US');
    await expectWrittenPart(resolve(ROOT, 'README.md'), 'saving', [
      `**${saving} % less.** A week of ${count} jobs (\`scenarios/ci-week\`, generated) costs ${cost.total.toFixed(0)} USD with what`,
      `\`spot-keeper init\` writes, and ${alone.total.toFixed(0)} USD on on-demand nodes alone; the keeper ended ${jobs.killedByKeeper} builds. \`npx spot-keeper simulate`,
      'scenarios/ci-week` says so, and what a spot group under Cluster Autoscaler would have cost.',
    ]);
  });

  it('shows a picture of that run', () => {
    const [, digest] = /digest +(\w+)/.exec(readFileSync(join(WEEK, 'expected.txt'), 'utf8')) ?? [];
    const [, pictured] = /<!-- pictured: (\w+) -->/.exec(README) ?? [];
    expect(pictured, 'make the picture anew: docs/hacking.md says how').toBe(digest);
  });

  it('names no command that there is not', () => {
    const named = [...README.matchAll(/spot-keeper (\w+)/g)].map(([, name = '']) => name);
    expect(named.length).toBeGreaterThan(3);
    for (const name of named) expect(Object.keys(SUBCOMMANDS)).toContain(name);
  });

  it('links to what exists', () => {
    for (const [, target = ''] of README.matchAll(/\]\(((?!https?:)[^)#]+)\)/g))
      expect(existsSync(resolve(ROOT, target)), target).toBe(true);
  });
});
