import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { CompareJson } from '../../sim/result/json.ts';
import { aFolder, scenarioFolder, spotKeeper } from '../support/command.ts';

/** A working folder with a scenario of one day in `week`. */
function aWorkingFolder(): string {
  const folder = aFolder();
  cpSync(scenarioFolder('clock-change'), join(folder, 'week'), { recursive: true });
  edit(folder, 'week/scenario.yaml', (text) => text.replace(/^until: .*$/m, 'until: 2026-03-29T00:00:00Z'));
  return folder;
}

function edit(folder: string, name: string, change: (text: string) => string, into = name): void {
  writeFileSync(join(folder, into), change(readFileSync(join(folder, name), 'utf8')));
}

const compared = (folder: string, ...args: string[]): CompareJson => {
  const { code, stdout, stderr } = spotKeeper(['compare', 'week', '--json', ...args], folder);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  return JSON.parse(stdout) as CompareJson;
};

describe('compare', () => {
  it('puts every combination of alternatives beside all rivals, and names the best', () => {
    const folder = aWorkingFolder();
    const { variants, baselines, best } = compared(
      folder,
      ...['--renewal', 'surge,drainFirst', '--purchase', 'cheapest', '--purchase', 'spreadZones'],
    );
    expect(variants.map(({ policies }) => policies)).toEqual([
      'weekly, surge, cheapest',
      'weekly, surge, spreadZones',
      'weekly, drainFirst, cheapest',
      'weekly, drainFirst, spreadZones',
    ]);
    expect(variants[2]).toMatchObject({
      name: 'drainFirst, cheapest',
      chosenBy: 'write renewal: { policy: drainFirst } and purchase: { policy: cheapest } in the pools file',
    });
    expect(variants[1]?.chosenBy).toBe('');
    for (const { saving, cost } of variants)
      expect(saving).toBeCloseTo(1 - cost.total / baselines.onDemandOnly.total, 10);
    const { bestFixed, bound, foresight, ...others } = baselines;
    expect([bound.total, foresight.total]).toEqual([expect.any(Number), expect.any(Number)]);
    const rows = [
      ...variants.map(({ name, cost }) => [name, cost.together] as const),
      ...Object.entries({ ...others, bestFixed, cheapestFixed: bestFixed.cheapest }).map(
        ([name, { together }]) => [name, together] as const,
      ),
    ];
    const least = Math.min(...rows.map(([, together]) => together));
    expect(rows.filter(([, together]) => together === least).map(([name]) => name)).toContain(best);
  });

  it('varies options, leases and terms; names say what differs', () => {
    const { variants } = compared(
      aWorkingFolder(),
      ...['--operating-hours', 'weekly, { policy: always, blocks: 2 }', '--lease', '1h,4h', '--term', 'on-demand'],
    );
    expect(variants.map(({ name }) => name)).toEqual([
      'weekly, lease 1h',
      'weekly, lease 4h',
      'always blocks: 2, lease 1h',
      'always blocks: 2, lease 4h',
    ]);
    expect(variants[2]?.chosenBy).toBe(
      'write operatingHours: { policy: always, blocks: 2 } and lease: { duration: 1h } and lease: { term: on-demand } in the pools file',
    );
    expect(new Set(variants.map(({ digest }) => digest)).size).toBe(4);
    expect(variants[2]?.blocks.launched).toBeGreaterThan(variants[3]?.blocks.launched ?? 0);
  });

  it('takes whole pools files in place of the scenario’s own', () => {
    const folder = aWorkingFolder();
    for (const blocks of [3, 5])
      edit(folder, 'week/pools.yaml', (text) => text.replace(/blocks: \d+/g, `blocks: ${blocks}`), `${blocks}.yaml`);
    const { variants } = compared(folder, '--pools', '3.yaml,./5.yaml', '--renewal', 'surge,drainFirst');
    expect(variants.map(({ name }) => name)).toEqual([
      '3.yaml, surge',
      '3.yaml, drainFirst',
      './5.yaml, surge',
      './5.yaml, drainFirst',
    ]);
    expect(variants.map(({ chosenBy }) => chosenBy)).toEqual([
      'take 3.yaml',
      'take 3.yaml and write renewal: { policy: drainFirst }',
      'take ./5.yaml',
      'take ./5.yaml and write renewal: { policy: drainFirst }',
    ]);
    expect(variants[0]?.blocks.peak).toBeLessThan(variants[2]?.blocks.peak ?? 0);
  });

  it.each([80, 120])('shows a verdict, a table and notes within %i columns, in a pipe', (width) => {
    const { code, stdout } = spotKeeper(
      ['compare', 'week', '--operating-hours', 'weekly,{ policy: always, blocks: 2 }', '--renewal', 'surge,letExpire'],
      aWorkingFolder(),
      { ...process.env, COLUMNS: String(width) },
    );
    expect(code).toBe(0);
    expect(stdout).toMatch(/^(?:Worth it|Hardly|Do not install|It makes no difference)/);
    for (const row of ['weekly, surge', 'always blocks: 2, letExpire', 'spot group tuned', 'original scripts'])
      expect(stdout).toContain(row);
    expect(stdout.match(/^\* .*\d\.\d\d /gm)).toHaveLength(1);
    expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(width);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences are what must not be there
    expect(stdout).not.toMatch(/\u001B/);
  });

  it('says how to write the options of a policy that cannot do without', () => {
    const { code, stderr } = spotKeeper(['compare', 'week', '--operating-hours', 'weekly,always'], aWorkingFolder());
    expect(code).toBe(2);
    expect(stderr).toContain(
      "--operating-hours: always needs options (blocks: expected a whole number, found nothing): write them as in --operating-hours '{ policy: always, blocks: 2 }'",
    );
    expect(stderr.trimEnd().split('\n').at(-1)).toBe('again: spot-keeper compare week --operating-hours weekly,always');
  });

  it('tells every mistake in flags and files at once, each with its place', () => {
    const folder = aWorkingFolder();
    edit(folder, 'week/scenario.yaml', (text) => text.replace('seed: 3', 'sed: 3'));
    edit(folder, 'week/pools.yaml', (text) => text.replace('zone: Europe/Berlin', 'zone: Europe/Berlim'), 'b.yaml');
    const { code, stdout, stderr } = spotKeeper(
      [
        ...['compare', 'week', '--pools', 'b.yaml,c.yaml', '--renewal', 'surge,{ polcy: surge },lead: 5m'],
        ...['--lease', '4', '--term', 'spott', '--purchase', 'cheapest,,steady'],
      ],
      folder,
    );
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    for (const line of [
      /^week\/scenario\.yaml:\d+:\d+: .*sed/m,
      /^b\.yaml:\d+:\d+: .*Europe\/Berlim/m,
      /^c\.yaml: cannot be read/m,
      /^--renewal:1:7: expected \{ policy: NAME, OPTION: VALUE \}, found \{ polcy: surge \}/m,
      /^--renewal: expected a name, or \{ policy: NAME, OPTION: VALUE \}, found "lead: 5m"/m,
      /^--lease: expected a length from 1m to 30d such as 4h, found "4"/m,
      /^--term: expected one of spot-block, spot, on-demand, or a list of them such as \[spot, on-demand\], found "spott" \(did you mean "spot"\?\)/m,
      /^--purchase: expected values separated by commas, found nothing before or after one in /m,
    ])
      expect(stderr).toMatch(line);
    // Once, though the scenario was read with each of the pools files.
    expect(stderr.match(/unknown key "sed"/g)).toHaveLength(1);
    expect(stderr.trimEnd().split('\n').at(-1)).toMatch(/^again: spot-keeper compare week --pools/);
  });

  it.each([
    [
      ['--operating-hours', '{ policy: always, blocks: many }'],
      /--operating-hours:1:27: blocks: expected a whole number, found "many"/,
    ],
    [
      ['--operating-hours', 'weekly, { policy: alway, blocks: 1 }'],
      /--operating-hours:1:19: expected one of .* found "alway" \(did you mean "always"\?\)/,
    ],
    [['--operating-hours', '{ policy: always, blocks: 1'], /--operating-hours:1:\d+: /],
    [
      ['--term', 'spot-block', '--lease', '90m'],
      /--lease: expected one of 1h, .* for a spot block, found 1h30m for pool ci/,
    ],
    [
      ['--lease', Array.from({ length: 201 }, (_, n) => `${n + 1}h`).join()],
      /compare: expected at most 200 variants, found 201: every combination of the alternatives is one; name fewer/,
    ],
  ])('refuses what it cannot use: %j', (args, message) => {
    const { code, stderr } = spotKeeper(['compare', 'week', ...args], aWorkingFolder());
    expect(stderr).toMatch(message);
    expect(code).toBe(2);
  });
});

describe('simulate', () => {
  it('takes one alternative of each flag', () => {
    const folder = aWorkingFolder();
    edit(folder, 'week/pools.yaml', (text) => text, 'other.yaml');
    const { code, stdout } = spotKeeper(
      [
        'simulate',
        'week',
        '--pools',
        'other.yaml',
        '--operating-hours',
        '{ policy: always, blocks: 2 }',
        '--lease',
        '1h',
      ],
      folder,
    );
    expect(stdout).toMatch(/^policies {2}always, /m);
    expect(code).toBeLessThanOrEqual(1);
  });
});
