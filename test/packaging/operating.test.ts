import { copyFileSync, existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { parse } from 'yaml';
import { command } from '../../cli/commands/manifests.ts';
import { catalogue } from '../../policies/catalogue.ts';
import { readPools } from '../../src/config/readPools.ts';
import { OBJECT_PARTS } from '../../src/install/manifests.ts';
import { outputOf } from '../cli/outputOf.ts';
import { fileOf } from '../support/chart.ts';
import { aFolder, spotKeeper } from '../support/command.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const OPERATING = fileOf('docs/operating.md');

/** The commands of ours in the shell snippets, continued lines joined, without what the shell does to their output. */
const commands = [...OPERATING.matchAll(/```sh\n([^]*?)```/g)]
  .flatMap(([, text = '']) => text.replaceAll(/\\\n\s*/g, '').split('\n'))
  .filter((line) => line.startsWith('spot-keeper '))
  .map((line) => line.replace(/ +[>|#].*$/, ''));

/** Those that need no cluster and no account; the others are run over the wire by tests of their own. */
const printing = commands.filter((line) => line.startsWith('spot-keeper manifests '));

// Known: a rule file of Prometheus.
const alerts = (
  parse(fileOf('charts/spot-keeper/files/alerts.yaml')) as {
    readonly groups: readonly {
      readonly rules: readonly {
        readonly alert: string;
        readonly expr: string;
        readonly labels: { readonly severity: string };
        readonly annotations: { readonly summary: string };
      }[];
    }[];
  }
).groups.flatMap(({ rules }) => rules);

describe('docs/operating.md', () => {
  it('shows commands', () => {
    expect(commands.length).toBeGreaterThanOrEqual(3);
  });

  it.each(commands.filter((line) => !printing.includes(line)))('shows a command that there is: %s', (line) => {
    const [name = '', ...args] = line.split(' ').slice(1);
    const { code, stdout } = spotKeeper([name, '--help']);
    expect(code).toBe(0);
    for (const flag of args.filter((arg) => arg.startsWith('--'))) expect(stdout).toContain(flag);
  });

  it.each(printing)('shows a command that works: %s', async (line) => {
    const folder = aFolder();
    copyFileSync(join(ROOT, 'docs/examples/pools.yaml'), join(folder, 'pools.yaml'));
    vi.spyOn(process.stderr, 'write').mockImplementation(() => true);
    onTestFinished(() => {
      vi.restoreAllMocks();
    });
    const [, ...args] = line.split(' ').slice(1);
    const printed = await outputOf(command(), ...args.map((arg) => (arg === 'pools.yaml' ? join(folder, arg) : arg)));
    expect(printed).not.toMatch(/<[A-Z-]+>/);
    expect(printed.length).toBeGreaterThan(100);
  });

  it('shows pools files that can be used as they stand', () => {
    const texts = [...OPERATING.matchAll(/```yaml pools\n([^]*?)```/g)].map(([, text = '']) => text);
    expect(texts).toHaveLength(1);
    for (const text of texts) expect(readPools(text, 'operating.md', catalogue).live).toBeDefined();
  });

  it('names every part that can be printed', () => {
    for (const part of OBJECT_PARTS) expect(OPERATING).toContain(`\`${part}\``);
  });

  it.each(['docs/operating.md', 'SECURITY.md'])('%s links to what exists', (path) => {
    for (const [, target = ''] of fileOf(path).matchAll(/\]\(((?!https?:)[^)#]+)/g))
      expect(existsSync(resolve(ROOT, dirname(path), target)), target).toBe(true);
  });

  it('has a runbook for every alert, and no other', () => {
    const headings = [...OPERATING.matchAll(/^### (SpotKeeper\w+)$/gm)].map(([, name]) => name);
    expect(headings).toEqual(alerts.map(({ alert }) => alert));
  });
});

describe('The alerts', () => {
  it('ask only for metrics that are documented', () => {
    const documented = new Set(fileOf('docs/metrics.md').match(/\bspotkeeper_\w+/g));
    for (const { alert, expr } of alerts) {
      const asked = expr.match(/\bspotkeeper_\w+/g) ?? [];
      expect(asked.length, alert).toBeGreaterThan(0);
      for (const metric of asked) expect(documented, alert).toContain(metric);
    }
  });

  it('say what is the matter, and how bad it is', () => {
    for (const { alert, labels, annotations } of alerts) {
      expect(['warning', 'critical'], alert).toContain(labels.severity);
      expect(annotations.summary.length, alert).toBeGreaterThan(20);
    }
  });
});
