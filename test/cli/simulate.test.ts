import { cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { QuickJson, SimulateJson } from '../../sim/result/json.ts';
import { aFolder, scenarioFolder, spotKeeper } from '../support/command.ts';

const CLOCK_CHANGE = scenarioFolder('clock-change');

describe('simulate', () => {
  it('prints one JSON value with everything that is promised', () => {
    const { code, stdout, stderr } = spotKeeper(['simulate', CLOCK_CHANGE, '--json']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout.trimEnd().split('\n')).toHaveLength(1);
    const result = JSON.parse(stdout) as SimulateJson;
    expect(Object.keys(result)).toEqual(
      expect.arrayContaining([
        ...['scenario', 'seed', 'from', 'until', 'turns', 'digest', 'cost', 'baselines', 'jobs', 'blocks'],
        ...['uncoveredBlockHours', 'expectations'],
      ]),
    );
    expect(result).toMatchObject({
      scenario: 'clock-change',
      seed: 3,
      from: '2026-03-28T00:00:00.000Z',
      until: '2026-03-31T00:00:00.000Z',
      digest: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
    });
    const { cost, jobs, blocks, baselines } = result;
    expect(cost.total).toBeCloseTo(cost.leases + cost.overflow, 6);
    expect(cost.idle).toBeLessThanOrEqual(cost.total);
    expect(jobs.onBlocks + jobs.onOverflow + jobs.waiting).toBe(jobs.total);
    expect(Object.keys(jobs.waitMs)).toEqual(['p50', 'p95', 'max']);
    expect(blocks.launched).toBeGreaterThanOrEqual(Object.values(blocks.ended).reduce((sum, count) => sum + count, 0));
    const figures = ['about', 'total', 'killed', 'queuedMs', 'together'];
    for (const key of ['onDemandOnly', 'onDemandTuned', 'spotGroup', 'spotGroupTuned', 'spotGroupBuffer'] as const)
      expect(Object.keys(baselines[key])).toEqual(figures);
    expect(Object.keys(baselines.original)).toEqual([...figures, 'jobsKilled']);
    expect(Object.keys(baselines.bestFixed)).toEqual(['blocks', ...figures, 'cheapest']);
    expect(Object.keys(baselines.bestFixed.cheapest)).toEqual(['blocks', ...figures]);
    expect(Object.keys(baselines.spotGroup.queuedMs)).toEqual(['mean', 'p50', 'p95', 'p99', 'max']);
    for (const key of ['bound', 'foresight'] as const) expect(Object.keys(baselines[key])).toEqual(['total', 'exact']);
    expect(cost.together).toBeCloseTo(cost.total + cost.service, 6);
    for (const expectation of result.expectations)
      expect(Object.keys(expectation)).toEqual(['name', 'limit', 'found', 'holds']);
  });

  it('prints no colours into a pipe, and no line wider than a page', () => {
    const { stdout } = spotKeeper(['simulate', CLOCK_CHANGE]);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences are what must not be there
    expect(stdout).not.toMatch(/\u001B/);
    expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(100);
  });

  it('runs only on-demand beside it when asked to be quick', () => {
    const { code, stdout } = spotKeeper(['simulate', CLOCK_CHANGE, '--quick', '--json']);
    expect(code).toBe(0);
    expect(Object.keys((JSON.parse(stdout) as QuickJson).baselines)).toEqual(['onDemandOnly']);
    expect(spotKeeper(['simulate', CLOCK_CHANGE, '--quick']).stdout).toContain('on-demand only');
  });

  it('lives another life with another seed, and the same with the same', () => {
    const digest = (...more: string[]): string =>
      (JSON.parse(spotKeeper(['simulate', CLOCK_CHANGE, '--quick', '--json', ...more]).stdout) as SimulateJson).digest;
    expect(digest('--seed', '4')).not.toBe(digest());
    expect(digest('--seed', '3')).toBe(digest());
  });

  it('exits with 1 when an expectation is missed, and says which and how to repeat it', () => {
    const folder = aFolder();
    cpSync(CLOCK_CHANGE, folder, { recursive: true });
    const file = join(folder, 'scenario.yaml');
    writeFileSync(file, readFileSync(file, 'utf8').replace(/expect:[\s\S]*/, 'expect: { costAtMost: 1 }\n'));
    const { code, stdout, stderr } = spotKeeper(['simulate', folder, '--quick']);
    expect(code).toBe(1);
    expect(stdout).toContain('MISSED');
    expect(stderr).toBe(`costAtMost missed\nagain: spot-keeper simulate ${folder} --quick\n`);
  });

  it('writes a report, whole and by itself', () => {
    const folder = aFolder();
    const { code, stdout } = spotKeeper(['simulate', CLOCK_CHANGE, '--report', 'deep/report.html'], folder);
    expect(code).toBe(0);
    expect(stdout).toContain('wrote deep/report.html');
    const html = readFileSync(join(folder, 'deep/report.html'), 'utf8');
    expect(html).toMatch(/^<!doctype html>/i);
    expect(html.trimEnd()).toMatch(/<\/html>$/);
    expect(html).not.toMatch(/(?:src|href)="https?:/);
    expect(readdirSync(join(folder, 'deep'))).toEqual(['report.html']);
  });

  it('lists every mistake of both files with its place, and writes nothing', () => {
    const folder = aFolder();
    cpSync(CLOCK_CHANGE, folder, { recursive: true });
    const scenario = join(folder, 'scenario.yaml');
    writeFileSync(scenario, readFileSync(scenario, 'utf8').replace('seed: 3', 'sed: 3'));
    const pools = join(folder, 'pools.yaml');
    writeFileSync(pools, readFileSync(pools, 'utf8').replace('zone: Europe/Berlin', 'zone: Europe/Berlim'));
    const { code, stdout, stderr } = spotKeeper(['simulate', folder, '--report', 'r.html'], folder);
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toMatch(/scenario\.yaml:\d+:\d+: .*sed/);
    expect(stderr).toMatch(/pools\.yaml:\d+:\d+: .*Europe\/Berlim/);
    expect(stderr.trimEnd().split('\n').at(-1)).toBe(`again: spot-keeper simulate ${folder} --report r.html`);
    expect(existsSync(join(folder, 'r.html'))).toBe(false);
  });

  it.each([
    [['simulate'], /missing required argument/],
    [['simulate', CLOCK_CHANGE, '--renewall', 'surge'], /unknown option.*\n.*--renewal/],
    [
      ['simulate', CLOCK_CHANGE, '--renewal', 'surgee'],
      /expected one of .*surge.*found "surgee" \(did you mean "surge"\?\)/,
    ],
    [
      ['simulate', CLOCK_CHANGE, '--renewal', 'surge,drainFirst'],
      /one alternative for each flag, found 2 variants; compare takes several/,
    ],
    [['simulate', '/nowhere'], /\/nowhere/],
    [['simulat', CLOCK_CHANGE], /unknown command.*\n.*simulate/],
  ])('answers wrong usage with exit code 2: %j', (args, message) => {
    const { code, stdout, stderr } = spotKeeper(args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(message);
    expect(stderr.trimEnd().split('\n').at(-1)).toBe(`again: spot-keeper ${args.join(' ')}`);
  });
});

describe('a recording', () => {
  const record = (folder: string, name: string): string => {
    const file = join(folder, name);
    expect(spotKeeper(['simulate', CLOCK_CHANGE, '--quick', '--record', file]).code).toBe(0);
    return file;
  };

  it('replays without departure, packed or not', () => {
    const folder = aFolder();
    for (const name of ['week.jsonl', 'week.jsonl.gz']) {
      const { code, stdout } = spotKeeper(['replay', record(folder, name)]);
      expect(stdout).toMatch(/turns replayed, no departure/);
      expect(code).toBe(0);
    }
    const text = gunzipSync(readFileSync(join(folder, 'week.jsonl.gz'))).toString();
    expect(text).toBe(readFileSync(join(folder, 'week.jsonl'), 'utf8'));
    // What the world was like whatever anybody did is in it, too.
    for (const condition of ['job.queued', 'price.changed', 'capacity.changed']) expect(text).toContain(condition);
  });

  it('departs under another policy, and names the line', () => {
    const file = record(aFolder(), 'week.jsonl');
    const { code, stdout } = spotKeeper(['replay', file, '--renewal', 'drainFirst']);
    expect(code).toBe(1);
    const line = Number(/week\.jsonl:(\d+): departs at/.exec(stdout)?.[1]);
    expect(readFileSync(file, 'utf8').split('\n')[line - 1]).toContain('"fact"');
  });

  it('departs where one recorded effect was edited', () => {
    const file = record(aFolder(), 'week.jsonl');
    const lines = readFileSync(file, 'utf8').split('\n');
    const index = lines.findIndex((line) => line.includes('"type":"cordonNode"'));
    lines[index] = lines[index]!.replace('cordonNode', 'uncordonNode');
    writeFileSync(file, lines.join('\n'));
    const { code, stdout } = spotKeeper(['replay', file]);
    expect(code).toBe(1);
    expect(stdout).toContain(`week.jsonl:${index + 1}: departs at`);
  });

  it.each([
    ['', /expected a recording, found an empty file/],
    ['{"format":"something"}\n', /:1: expected the header of a recording/],
    ['{"format":"spot-keeper/recording","version":9,"pools":{}}\n', /expected version 1 or 2, found 9/],
    ['{"format":"spot-keeper/recording","version":1,"pools":{"fleet":"x"}}\n', /pools/],
  ])('that is none is refused: %j', (text, message) => {
    const file = join(aFolder(), 'not-one.jsonl');
    writeFileSync(file, text);
    const { code, stderr } = spotKeeper(['replay', file]);
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
  });

  it('that is cut short is refused at the line where it ends', () => {
    const file = record(aFolder(), 'week.jsonl');
    const text = readFileSync(file, 'utf8');
    writeFileSync(file, text.slice(0, Math.floor(text.length / 2)));
    const { code, stderr } = spotKeeper(['replay', file]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/week\.jsonl:\d+: expected a turn or a condition/);
  });
});

describe('a file that cannot be written', () => {
  it.each([
    ['--report', 'scenario.yaml/r.html', 'scenario.yaml is no folder'],
    ['--report', '/proc/nowhere/r.html', 'there is no such file'],
    ['--record', '.', 'expected the name of a file, found a folder'],
    ['--report', '', 'expected the name of a file, found nothing'],
  ])('%s %s is told in one message', (flag, path, message) => {
    const folder = aFolder();
    cpSync(CLOCK_CHANGE, folder, { recursive: true });
    const { code, stdout, stderr } = spotKeeper(['simulate', '.', '--quick', flag, path], folder);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(message);
    expect(stderr.trimEnd().split('\n').at(-1)).toMatch(/^again: spot-keeper simulate/);
    expect(stderr).not.toMatch(/node:internal|\n {4}at /);
  });
});
