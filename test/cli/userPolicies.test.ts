import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { CompareJson, SimulateJson } from '../../sim/result/json.ts';
import { aFolder, scenarioFolder, spotKeeper } from '../support/command.ts';
import { fileOf, filesOf } from '../userPolicies/hostile/hostile.ts';
import { immoderate } from '../userPolicies/hostile/immoderate.ts';
import { nonsense } from '../userPolicies/hostile/nonsense.ts';
import { silent } from '../userPolicies/hostile/silent.ts';
import { throwing } from '../userPolicies/hostile/throwing.ts';

const gallery = { ...nonsense, ...throwing, ...silent, ...immoderate };

const LATE = `import { definePolicy, length, z } from 'spot-keeper/policy';

export default definePolicy({
  slot: 'renewal',
  name: 'late',
  about: 'Drains as late as it is told to.',
  options: z.strictObject({ lead: length().prefault('20m') }),
  create: ({ lead }) => ({
    timesFor: ({ lease: { expiresAt } }) => ({ relieveAt: expiresAt - lead, drainAt: expiresAt - lead, endBy: expiresAt }),
  }),
});
`;

/** A working folder with a scenario, cut to a day, whose pools may be changed, and files beside or in it. */
function aWorkingFolder(
  files: Readonly<Record<string, string>>,
  pools: (text: string) => string = (text) => text,
): string {
  const folder = aFolder();
  cpSync(scenarioFolder('clock-change'), join(folder, 'week'), { recursive: true });
  const edit = (name: string, change: (text: string) => string): void => {
    const path = join(folder, 'week', name);
    writeFileSync(path, change(readFileSync(path, 'utf8')));
  };
  edit('pools.yaml', pools);
  edit('scenario.yaml', (text) => text.replace(/^until: .*$/m, 'until: 2026-03-29T00:00:00Z'));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}

const withRenewal = (choice: string) => (text: string) => text.replace('{ policy: surge }', choice);

describe('A policy in a file', () => {
  it('is named in pools.yaml by its path, and gets its options', () => {
    const folder = aWorkingFolder({ 'week/late.ts': LATE }, withRenewal('{ policy: ./late.ts, lead: 30m }'));
    const { code, stdout, stderr } = spotKeeper(['simulate', 'week', '--quick', '--json'], folder);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect((JSON.parse(stdout) as SimulateJson).policies).toBe('weekly, ./late.ts, spreadZones');
  });

  it('is named by an absolute path in pools.yaml, on the command line and to check', () => {
    const away = join(aWorkingFolder({ 'late.ts': LATE }), 'late.ts');
    const folder = aWorkingFolder({ 'week/late.ts': LATE });
    const pools = join(folder, 'week/pools.yaml');
    const naming = (path: string): void => {
      writeFileSync(
        pools,
        readFileSync(pools, 'utf8').replace(/renewal: .*/, `renewal: { policy: ${path}, lead: 30m }`),
      );
    };
    naming(join(folder, 'week/late.ts'));
    const { code, stderr } = spotKeeper(['simulate', 'week', '--quick'], folder);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    // A scenario's folder may come from anyone, and reads nothing outside itself.
    naming(away);
    const outside = spotKeeper(['simulate', 'week', '--quick'], folder);
    expect(outside).toMatchObject({ code: 2 });
    expect(outside.stderr).toContain(`expected a path inside the scenario's folder, found ${away}`);
    naming('./late.ts');
    expect(spotKeeper(['compare', 'week', '--renewal', `${away},drainFirst`], folder)).toMatchObject({ code: 0 });
    const checked = spotKeeper(['check', away, '--runs', '3', '--seed', '1'], folder);
    expect(checked.stderr).not.toMatch(/expected|ended its thread/);
    expect(checked.stdout).toContain(away);
  });

  it('is named on the command line by its path from the working folder, beside others', () => {
    const folder = aWorkingFolder({ 'late.ts': LATE });
    const { stdout } = spotKeeper(['compare', 'week', '--renewal', './late.ts,drainFirst', '--json'], folder);
    const [own, shipped] = (JSON.parse(stdout) as CompareJson).variants;
    expect(own?.policies).toBe('weekly, ../late.ts, spreadZones');
    expect(own?.digest).not.toBe(shipped?.digest);
  });

  it('is found again by a replay: beside the recording, or where it is told to look', () => {
    const folder = aWorkingFolder({ 'week/late.ts': LATE }, withRenewal('{ policy: ./late.ts }'));
    const record = (file: string) => spotKeeper(['simulate', 'week', '--quick', '--record', file], folder);
    record('week/week.jsonl');
    record('elsewhere.jsonl');
    expect(spotKeeper(['replay', 'week/week.jsonl'], folder)).toMatchObject({ code: 0, stderr: '' });
    expect(spotKeeper(['replay', 'elsewhere.jsonl'], folder).stderr).toContain('found nothing at ./late.ts');
    expect(spotKeeper(['replay', 'elsewhere.jsonl', '--policies', 'week'], folder)).toMatchObject({
      code: 0,
      stderr: '',
    });
    writeFileSync(join(folder, 'week/late.ts'), LATE.replace("'20m'", "'90m'"));
    expect(spotKeeper(['replay', 'week/week.jsonl'], folder).stdout).toMatch(/week\.jsonl:\d+: departs at/);
  });

  it('that a recording names outside its folder is only loaded when people say where', () => {
    const folder = aWorkingFolder({ 'late.ts': LATE });
    spotKeeper(['simulate', 'week', '--quick', '--renewal', './late.ts', '--record', 'week/week.jsonl'], folder);
    const { code, stderr } = spotKeeper(['replay', 'week/week.jsonl'], folder);
    expect(code).toBe(2);
    expect(stderr).toContain(
      "expected a path inside the recording's folder (--policies DIR names another), found ../late.ts",
    );
    expect(spotKeeper(['replay', 'week/week.jsonl', '--policies', 'week'], folder)).toMatchObject({ code: 0 });
  });

  it('has all that is wrong with it told with place, at once with the rest', () => {
    const folder = aWorkingFolder(
      { 'week/late.ts': LATE, 'week/typo.ts': 'export default {\n  slot: = 1,\n};\n' },
      (text) =>
        withRenewal('{ policy: ./late.ts, laed: 30m }')(text)
          .replace('{ policy: spreadZones }', '{ policy: ./typo.ts }')
          .replace('surge: 2', 'surge: -2'),
    );
    const { code, stdout, stderr } = spotKeeper(['simulate', 'week'], folder);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr.split('\n').slice(0, 3)).toEqual([
      'week/pools.yaml:16:35: pools[0].renewal.laed: unknown key "laed" (did you mean "lead"?)',
      'week/pools.yaml:18:12: pools[0].surge: expected a number of at least 0, found -2',
      'week/typo.ts:2:9: syntax error: unexpected token',
    ]);
  });

  it('may not lie outside a scenario that names it', () => {
    const folder = aWorkingFolder({ 'late.ts': LATE }, withRenewal('{ policy: ../late.ts }'));
    const { code, stderr } = spotKeeper(['simulate', 'week'], folder);
    expect(code).toBe(2);
    expect(stderr).toContain("pools[0].renewal.policy: expected a path inside the scenario's folder, found ../late.ts");
  });

  it.each([
    [['--renewal', './nowhere.ts'], '--renewal: expected a file, found nothing at ../nowhere.ts'],
    [['--purchase', './late.ts'], '--purchase: expected a policy for purchase, found one for renewal in ../late.ts'],
    [['--renewal', 'late.ts'], 'found "late.ts"; a path begins with ./, ../ or /'],
    [
      ['--operating-hours', 'always'],
      '--operating-hours: always needs options (blocks: expected a whole number, found nothing)',
    ],
  ])('that cannot be used is refused on the command line: %j', (flags, message) => {
    const { code, stderr } = spotKeeper(['simulate', 'week', ...flags], aWorkingFolder({ 'late.ts': LATE }));
    expect(code).toBe(2);
    expect(stderr).toContain(message);
  });
});

describe('Hostile policies', () => {
  it.each([
    ['operatingHours', '--operating-hours'],
    ['renewal', '--renewal'],
    ['purchase', '--purchase'],
  ] as const)('for %s are told of once each, and the comparison goes on', (slot, flag) => {
    const names = Object.keys(gallery).filter((name) => gallery[name]!.slot === slot);
    const folder = aWorkingFolder(filesOf(gallery));
    const args = ['compare', 'week', flag, names.map((name) => `./${fileOf(name)}`).join(','), '--json'];
    const { code, stdout, stderr } = spotKeeper(args, folder);
    expect(code).toBe(0);
    const { variants } = JSON.parse(stdout) as CompareJson;
    expect(variants).toHaveLength(names.length);
    for (const { blocks } of variants) expect(blocks.peak).toBeLessThanOrEqual(100);

    const told = stderr.trimEnd().split('\n');
    const expected = names.filter((name) => gallery[name]!.told !== undefined);
    expect(told).toHaveLength(expected.length);
    for (const [index, name] of expected.entries()) {
      expect(told[index]).toMatch(gallery[name]!.told!.what);
      expect(told[index]).toMatch(/; the fallback decided (?:once|\d+ times)$/);
    }
  });

  it('leave it to the expectations how a simulation ends', () => {
    const folder = aWorkingFolder(filesOf(gallery));
    const flags = ['--quick', '--renewal', './times-that-loop.ts'];
    expect(spotKeeper(['simulate', 'week', ...flags], folder)).toMatchObject({
      code: 0,
      stderr: expect.stringMatching(
        /^renewal policy \.\.\/times-that-loop\.ts did not come back .*; the fallback decided \d+ times\n$/,
      ) as string,
    });
    const scenario = join(folder, 'week/scenario.yaml');
    writeFileSync(
      scenario,
      `${readFileSync(scenario, 'utf8').replace(/^expect:[^]*/m, '')}\nexpect: { costAtMost: 0 }\n`,
    );
    const missed = spotKeeper(['simulate', 'week', ...flags], folder);
    expect(missed.code).toBe(1);
    expect(missed.stderr).toMatch(/the fallback decided \d+ times\ncostAtMost missed\n/);
  });
});
