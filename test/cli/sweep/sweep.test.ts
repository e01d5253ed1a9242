import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { aSmallWeek } from '../../support/aSmallWeek.ts';
import { aFolder, COMMAND, spotKeeper } from '../../support/command.ts';

const GRID = `version: 1
seeds: [1, 2]
pools:
  lease.duration: [4h, 24h]
  scaling.giveBackIdleAfter: { from: 1m, to: 3m, step: 2m }
scenario:
  onDemandGroup.idle: [5m, 10m]
`;
const RUNS = 16;

/** A folder with a week and a grid over it. */
function aSweep(grid = GRID) {
  const folder = aFolder();
  aSmallWeek(join(folder, 'week'));
  writeFileSync(join(folder, 'grid.yaml'), grid);
  const sweep = (...args: readonly string[]) => spotKeeper(['sweep', 'week', '--grid', 'grid.yaml', ...args], folder);
  return {
    folder,
    sweep,
    at: (name: string) => join(folder, name),
    read: (name: string) => readFileSync(join(folder, name), 'utf8'),
  };
}

/** Starts a sweep and kills it as soon as it has written so many lines. */
async function killedAfter(lines: number, folder: string, out: string): Promise<void> {
  const child = spawn(
    process.execPath,
    [COMMAND, 'sweep', 'week', '--grid', 'grid.yaml', '--workers', '1', '--out', out],
    {
      cwd: folder,
      stdio: 'ignore',
    },
  );
  const gone = once(child, 'exit');
  const path = join(folder, out);
  const written = (): number => (existsSync(path) ? readFileSync(path, 'utf8').split('\n').length - 1 : 0);
  while (child.exitCode === null && written() < lines) await new Promise((resolve) => setImmediate(resolve));
  child.kill('SIGKILL');
  await gone;
}

describe('sweep', { timeout: 600_000 }, () => {
  it('writes the same bytes for any number of threads, in shards that are merged, and after it was killed', async () => {
    const { folder, sweep, at, read } = aSweep();
    expect(sweep('--workers', '1', '--out', 'whole.jsonl')).toMatchObject({ code: 0 });
    const whole = read('whole.jsonl');
    const lines = whole
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { readonly run?: number; readonly settings?: unknown });
    expect(lines).toHaveLength(RUNS + 1);
    expect(lines[0]).toMatchObject({ format: 'spot-keeper-sweep', runs: RUNS, shard: { index: 0, of: 1 } });
    expect(lines.slice(1).map(({ run }) => run)).toEqual(Array.from({ length: RUNS }, (_, run) => run));
    expect(lines[3]!.settings).toEqual({
      'lease.duration': '4h',
      'scaling.giveBackIdleAfter': '1m',
      'scenario onDemandGroup.idle': '10m',
    });

    expect(sweep('--workers', '3').stdout).toBe(whole);

    for (const shard of ['1/2', '0/2']) sweep('--shard', shard, '--out', `${shard.charAt(0)}.jsonl`);
    expect(read('1.jsonl').split('\n')[1]).toBe(whole.split('\n')[2]);
    expect(spotKeeper(['sweep', 'merge', '1.jsonl', '0.jsonl'], folder).stdout).toBe(whole);

    for (const count of [1, 9]) {
      await killedAfter(count, folder, 'killed.jsonl');
      expect(whole.startsWith(read('killed.jsonl'))).toBe(true);
    }
    // The last line as a crash of the machine may leave it.
    writeFileSync(at('killed.jsonl'), read('killed.jsonl') + whole.slice(read('killed.jsonl').length).slice(0, 40));
    expect(sweep('--out', 'killed.jsonl').stdout).toContain(`${RUNS} runs`);
    expect(read('killed.jsonl')).toBe(whole);
  });

  it('leaves the results of another sweep as they are', () => {
    const { sweep, at, read } = aSweep('version: 1\npools: { surge: [1, 2] }\n');
    sweep('--out', 'out.jsonl', '--workers', '1');
    const before = read('out.jsonl');
    writeFileSync(at('grid.yaml'), 'version: 1\npools: { surge: [1, 3] }\n');
    const again = sweep('--out', 'out.jsonl');
    expect(again.code).toBe(2);
    expect(again.stderr).toContain(
      'out.jsonl:1: expected results of this sweep, found those of another grid or other folders',
    );
    expect(read('out.jsonl')).toBe(before);
    expect(sweep('--out', 'week/pools.yaml').stderr).toContain('found another file');
  });

  it('tells every mistake of a grid at its place, and writes nothing', () => {
    const { sweep, at } = aSweep(`version: 1
pools:
  lease.duraton: [4h]
  lease.term: [spot-block, spot]
  lease.duration: [4h, 7h]
  purchase: [{ policy: cheapst }, { policy: weighed, usdPerKil: 4 }]
  pools[1].surge: [1]
scenario:
  cluster.boot.median: [70s, x]
`);
    const { code, stderr } = sweep('--out', 'out.jsonl');
    expect(code).toBe(2);
    expect(stderr.split('\n').map((line) => line.split(' ').slice(0, 4).join(' '))).toEqual([
      'grid.yaml:3:3: pools[0].lease.duraton: unknown key',
      'grid.yaml:5:24: pools[0].lease.duration: expected one',
      'grid.yaml:6:24: pools[0].purchase.policy: expected one',
      'grid.yaml:6:65: pools[0].purchase.usdPerKil: unknown key',
      'grid.yaml:7:3: expected a pool',
      'grid.yaml:9:3: cluster.boot.p95: expected a',
      'grid.yaml:9:30: cluster.boot.median: expected a',
      'again: spot-keeper sweep week',
      '',
    ]);
    expect(existsSync(at('out.jsonl'))).toBe(false);
  });

  it('refuses shards that are none, empty ranges, and settings that undo one another', () => {
    const { sweep } = aSweep(`version: 1
seeds: [1, 1.5]
pools:
  surge: { from: 5, to: 1 }
  lease.duration: [4h]
  lease: [{ duration: 4h }]
  maxBlocks: []
`);
    const { code, stderr } = sweep('--shard', '5/4');
    expect(code).toBe(2);
    expect(stderr).toContain('--shard: expected a shard i/n with i below n: of 4 there are 0/4 to 3/4, found "5/4"');
    expect(stderr).toContain('grid.yaml:2:12: seeds[1]: expected a whole number from 0 to 4294967295, found 1.5');
    expect(stderr).toContain('grid.yaml:4:25: pools.surge.to: expected at least "from": the range is empty, found 1');
    expect(stderr).toContain('grid.yaml:6:3: pools.lease: expected settings that change different things');
    expect(stderr).toContain('grid.yaml:7:14: pools.maxBlocks: expected at least one value');
  });

  it('merges nothing that is incomplete', () => {
    const { folder, sweep, at, read } = aSweep('version: 1\npools: { surge: [1, 2, 3, 4] }\n');
    for (const index of [0, 1]) sweep('--shard', `${index}/2`, '--out', `${index}.jsonl`, '--workers', '1');
    writeFileSync(at('1.jsonl'), read('1.jsonl').slice(0, -3));
    const merge = (...files: readonly string[]) =>
      spotKeeper(['sweep', 'merge', ...files, '--out', 'all.jsonl'], folder);
    expect(merge('0.jsonl', '1.jsonl').stderr).toContain('1.jsonl: expected run 3, found the end');
    expect(merge('0.jsonl').stderr).toContain('expected all 2 shards, found none that is 1/2');
    expect(merge('0.jsonl', '0.jsonl').stderr).toContain('expected each shard once, found 0/2 in 0.jsonl too');
    expect(existsSync(resolve(folder, 'all.jsonl'))).toBe(false);
  });
});
