import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { describesAMinute, lineOf } from '../../bench/live/budget.ts';
import {
  beyondRest,
  countOf,
  isAws,
  isChange,
  isDescribe,
  isKubernetes,
  since,
  tally,
} from '../../bench/live/calls.ts';
import { usageOf } from '../../bench/live/keeperProcess.ts';

describe('A line of the bench', () => {
  it('shows what was found beside its limit and its floor', () => {
    const line = lineOf({ name: 'memory at rest', found: 92.13, unit: 'MB', limit: 120, floor: 46 });
    expect(line.split(/\s{2,}/)).toEqual(['memory at rest', '92.1 MB', 'at most 120', '2.00 × floor']);
  });

  it('says so where a limit is missed, and only there', () => {
    const found = { name: 'changes', unit: 'calls', limit: 0 };
    expect(lineOf({ ...found, found: 0.1 })).toMatch(/MISSED$/);
    expect(lineOf({ ...found, found: 0 })).not.toContain('MISSED');
    expect(lineOf({ name: 'lag', unit: 'ms', found: 1e6 })).not.toContain('MISSED');
  });

  it('takes what could not be measured for a miss', () => {
    expect(lineOf({ name: 'lag', unit: 'ms', limit: 1, found: Number.NaN })).toMatch(/MISSED$/);
  });

  it('allows two describes a minute for every thousand blocks, beside four', () => {
    expect([1, 15, 1_000, 1_001].map(describesAMinute)).toEqual([6, 6, 6, 8]);
  });
});

describe('Counted calls', () => {
  const aws = new Map([
    ['DescribeInstances', 7],
    ['RunInstances', 2],
  ]);
  const kubernetes = new Map([
    ['list pods', 3],
    ['watch pods', 90],
    ['update leases', 60],
    ['patch nodes', 2],
  ]);
  const all = tally(aws, kubernetes);

  it('are told apart by service, and elections and watches are in no budget', () => {
    expect(countOf(all, isAws)).toBe(9);
    expect(countOf(all, isDescribe)).toBe(7);
    expect(countOf(all, isKubernetes)).toBe(5);
    expect(countOf(all, isChange)).toBe(4);
  });

  it('of a replacement are those beyond what rest costs in the same time', () => {
    const atRest = new Map([['DescribeInstances', 20]]);
    expect(beyondRest(all, 2, atRest, 10).get('DescribeInstances')).toBe(3);
    expect(beyondRest(all, 2, atRest, 10).get('RunInstances')).toBe(2);
    expect(beyondRest(all, 60, atRest, 10).get('DescribeInstances')).toBe(0);
  });

  it('since an earlier tally are those that were made since', () => {
    const counts = fc.dictionary(fc.constantFrom('list pods', 'RunInstances', 'get nodes'), fc.nat(1_000));
    fc.assert(
      fc.property(counts, counts, (before, made) => {
        const names = new Set([...Object.keys(before), ...Object.keys(made)]);
        const now = new Map([...names].map((name) => [name, (before[name] ?? 0) + (made[name] ?? 0)]));
        const found = since(new Map(Object.entries(before)), now);
        for (const name of names) expect(found.get(name)).toBe(made[name] ?? 0);
      }),
    );
  });
});

describe.runIf(process.platform === 'linux')('The usage of a process', () => {
  it('is what the process itself knows of it', async () => {
    const { rssMb, peakMb, cpuSeconds } = await usageOf(process.pid);
    expect(rssMb / (process.memoryUsage().rss / 1e6)).toBeCloseTo(1, 0);
    expect(peakMb).toBeGreaterThanOrEqual(rssMb);
    const { user, system } = process.cpuUsage();
    expect(cpuSeconds / ((user + system) / 1e6)).toBeCloseTo(1, 0);
  });
});
