import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { hours, minutes, seconds } from '../../src/domain/time.ts';
import type { Condition } from '../../src/world/recording.ts';
import { aHeader, aJob, aPart, aPrice, held, POOLS } from '../data/distil/aRecording.ts';
import { MONDAY } from '../support/aScenario.ts';
import { aFolder, spotKeeper } from '../support/command.ts';

const at = (hour: number, minute = 0): number => MONDAY + hours(hour) + minutes(minute);

/** Two jobs, the second longer, on a day that was watched from eight to twelve. */
const MORNING: readonly Condition[] = [
  aPrice(at(7), 0.11),
  held(at(8), at(10)),
  { type: 'node.joined', at: at(8, 30), node: 'ip-10-0-0-1', group: 'ci-on-demand', instanceType: 'm5.2xlarge' },
  { type: 'job.placed', at: at(9, 1), job: 'a', queuedAt: at(9), node: 'ip-10-0-0-1' },
  aJob('a', at(9), minutes(10)),
  { type: 'node.left', at: at(9, 30), node: 'ip-10-0-0-1' },
  held(at(10), at(12)),
  aJob('b', at(11), minutes(20)),
];

const recorded = (folder: string, files: Readonly<Record<string, string | Uint8Array>>): string => {
  mkdirSync(join(folder, 'recorded'), { recursive: true });
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, 'recorded', name), text);
  return join(folder, 'recorded');
};

const jobsIn = (dir: string): readonly string[] =>
  readFileSync(join(dir, 'data/jobs.csv'), 'utf8').trim().split('\n').slice(1);

describe('distil', () => {
  it('makes a scenario of what was recorded, which simulate and compare take as it is', () => {
    const folder = aFolder();
    const recording = recorded(folder, { 'recording-20260302T080000.000Z-1.jsonl.gz': gzipSync(aPart(MORNING)) });
    const dir = join(folder, 'my-week');
    const { code, stdout, stderr } = spotKeeper(['distil', recording, '--into', dir]);
    expect(stderr).toBe('');
    expect(code).toBe(0);
    expect(stdout).toContain('the on-demand group ran 1 nodes for 1.0 hours meanwhile: 0.38 USD at 0.384 an hour');
    expect(stdout).toContain(`next: spot-keeper simulate ${dir}`);
    expect(jobsIn(dir)).toEqual(['j1,2026-03-02T09:00:00Z,600', 'j2,2026-03-02T11:00:00Z,1200']);
    const simulated = spotKeeper(['simulate', dir, '--json']);
    expect(simulated.code).toBe(0);
    expect(JSON.parse(simulated.stdout)).toMatchObject({
      scenario: 'my-week',
      from: '2026-03-02T08:00:00.000Z',
      until: '2026-03-02T12:01:00.000Z',
      jobs: { total: 2 },
    });
    expect(spotKeeper(['compare', dir, '--renewal', 'surge,drainFirst', '--json']).code).toBe(0);
  });

  it('keeps the classes of jobs, by which the scenario may then route them', () => {
    const folder = aFolder();
    const classed = MORNING.map((one) =>
      one.type === 'job.queued' && one.job === 'a' ? { ...one, class: 'build' } : one,
    );
    const dir = join(folder, 'my-week');
    spotKeeper(['distil', recorded(folder, { 'recording-1.jsonl': aPart(classed) }), '--into', dir]);
    expect(jobsIn(dir)).toEqual(['j1,2026-03-02T09:00:00Z,600,build', 'j2,2026-03-02T11:00:00Z,1200,']);
    const scenario = readFileSync(join(dir, 'scenario.yaml'), 'utf8');
    writeFileSync(join(dir, 'scenario.yaml'), `${scenario}classes: { build: { runsOn: on-demand } }\n`);
    const { code, stdout } = spotKeeper(['simulate', dir, '--json']);
    expect(code).toBe(0);
    expect(stdout).toContain('"class":"build"');
  });

  it('says what had to be assumed, in the scenario too', () => {
    const folder = aFolder();
    const dir = join(folder, 'my-week');
    const { stdout } = spotKeeper(['distil', recorded(folder, { 'recording-1.jsonl': aPart(MORNING) }), '--into', dir]);
    const said = stdout.split('\n').flatMap((line) => (line.startsWith('composed: ') ? [line.slice(10)] : []));
    expect(said).toContain(
      'interruptions and scarcity were not recorded: every market is taken to have room, and nothing is taken back',
    );
    expect(said).toContain('how long nodes boot is assumed: too few blocks were seen to join');
    expect(said).toContain(
      'no spot price of m5.2xlarge/us-east-1b was recorded: it is taken as 0.3 of the on-demand price',
    );
    const { composed } = JSON.parse(spotKeeper(['simulate', dir, '--json']).stdout) as { composed: readonly string[] };
    expect(composed).toEqual(said);
  });

  it('joins parts, takes a job that two of them tell of once, and tells of the time between them', () => {
    const folder = aFolder();
    const evening = [
      aJob('b', at(11), minutes(3), { atLeast: true }),
      held(at(15), at(16)),
      aJob('c', at(15), seconds(90)),
    ];
    const dir = join(folder, 'my-week');
    const recording = recorded(folder, {
      'recording-2.jsonl': aPart(evening, { pools: { ...POOLS, fleet: 'later' } }),
      'recording-1.jsonl': aPart(MORNING),
    });
    const { stdout } = spotKeeper(['distil', recording, '--into', dir]);
    expect(jobsIn(dir).map((line) => line.split(',')[2])).toEqual(['600', '1200', '90']);
    expect(stdout).toContain('nothing was recorded from 2026-03-02T12:00:00Z to 2026-03-02T15:00:00Z');
    expect(stdout).toContain('the recordings are of different pools; those of the last are taken');
    expect(readFileSync(join(dir, 'pools.yaml'), 'utf8')).toContain('fleet: later');
  });

  it('tolerates an end that is torn, in a line or in the packing, and no other mistake', () => {
    const folder = aFolder();
    const text = aPart(MORNING);
    const torn = join(folder, 'torn.jsonl');
    writeFileSync(torn, `${text}{"condition":{"type":"job.que`);
    expect(spotKeeper(['distil', torn, '--into', join(folder, 'a')]).stdout).toContain(
      '1 of the recordings broke off in the middle of a line',
    );
    const cut = join(folder, 'cut.jsonl.gz');
    // Long enough for several blocks of the packing.
    const many = Array.from({ length: 5_000 }, (_, n) =>
      aJob(`job ${n * 7919}`, at(9) + n, 1_000 + ((n * 7919) % 977)),
    );
    const packed = gzipSync(aPart([...MORNING, ...many]));
    writeFileSync(cut, packed.subarray(0, packed.length - 500));
    const { code } = spotKeeper(['distil', cut, '--into', join(folder, 'b')]);
    expect(code).toBe(0);
    expect(jobsIn(join(folder, 'b')).length).toBeGreaterThan(4_000);

    const broken = join(folder, 'broken.jsonl');
    writeFileSync(broken, text.replace('{"condition":{"type":"node.left"', '{"condition":{"type'));
    const refused = spotKeeper(['distil', broken, '--into', join(folder, 'c')]);
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain('broken.jsonl:7: expected a turn or a condition');
    expect(existsSync(join(folder, 'c'))).toBe(false);
  });

  it('cuts a window out, and leaves out what still ran', () => {
    const folder = aFolder();
    const running: Condition = { type: 'job.placed', at: at(11, 50), job: 'd', queuedAt: at(11, 49), node: 'n' };
    const dir = join(folder, 'my-week');
    const recording = recorded(folder, { 'recording-1.jsonl': aPart([...MORNING, running]) });
    const window = ['--from', '2026-03-02T10:00:00Z', '--until', '2026-03-02T12:00:00Z'];
    const { stdout } = spotKeeper(['distil', recording, '--into', dir, ...window]);
    expect(stdout).toContain('jobs: 1 still ran when the recording ended, and are left out');
    expect(jobsIn(dir)).toEqual(['j1,2026-03-02T11:00:00Z,1200']);
  });

  it('knows from a keeper alone only the jobs on its blocks, and says so', () => {
    const folder = aFolder();
    const finished = (job: string, minute: number): string =>
      JSON.stringify({
        fact: { type: 'job.finished', at: at(9, minute), blockId: 'ci-0.1', job, durationMs: minutes(5) },
        effects: [],
      });
    const file = join(folder, 'live.jsonl');
    writeFileSync(
      file,
      `${JSON.stringify(aHeader({ source: 'live', version: 1 }))}\n${[finished('a', 10), finished('b', 30)].join('\n')}\n`,
    );
    const { stdout } = spotKeeper(['distil', file, '--into', join(folder, 'live'), '--from', '2026-03-02']);
    expect(stdout).toContain('jobs: only those on blocks were recorded, each taken as queued when it started');
    expect(stdout).toContain('recorded by an earlier release: its changes of nodes and jobs are read as');
    expect(jobsIn(join(folder, 'live'))).toEqual(['j1,2026-03-02T09:05:00Z,300', 'j2,2026-03-02T09:25:00Z,300']);
  });

  it.each([
    ['a folder with something in it', [], 'expected an empty folder or none, found 1 entries: choose another'],
    ['no jobs', ['--from', '2026-03-02T11:30:00Z'], 'expected jobs that ended, found none from'],
    ['a price that is none', ['--on-demand', 'm5.2xlarge=dear'], 'expected TYPE=USD-PER-HOUR'],
    ['an end before the beginning', ['--until', '2026-03-01'], 'expected an instant after the beginning'],
  ])('refuses %s, and writes nothing', (what, flags, message) => {
    const folder = aFolder();
    const dir = join(folder, 'my-week');
    const isFull = what.startsWith('a folder');
    if (isFull) {
      mkdirSync(dir);
      writeFileSync(join(dir, 'mine.txt'), 'mine');
    }
    const recording = recorded(folder, { 'recording-1.jsonl': aPart(MORNING) });
    const { code, stderr } = spotKeeper(['distil', recording, '--into', dir, ...flags]);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
    expect(existsSync(dir) ? readdirSync(dir) : []).toEqual(isFull ? ['mine.txt'] : []);
  });

  it('brings the policies along that the recorded pools name by path', () => {
    const folder = aFolder();
    const [pool] = POOLS.pools;
    const policies = { ...pool!.policies, renewal: { policy: './late.mjs', options: {} } };
    const pools = { ...POOLS, pools: [{ ...pool, policies }] };
    const policy = `import { definePolicy, before, minutes } from 'spot-keeper/policy';
import { z } from 'zod';
export default definePolicy({
  slot: 'renewal', name: 'late', about: 'Late.', options: z.strictObject({}),
  create: () => ({ timesFor: ({ lease: { expiresAt } }) => ({ relieveAt: before(expiresAt, minutes(30)), drainAt: before(expiresAt, minutes(20)), endBy: expiresAt }) }),
});
`;
    const recording = recorded(folder, { 'recording-1.jsonl': aPart(MORNING, { pools }), 'late.mjs': policy });
    const dir = join(folder, 'my-week');
    const { code, stderr } = spotKeeper(['distil', recording, '--into', dir]);
    expect(stderr).toBe('');
    expect(code).toBe(0);
    expect(spotKeeper(['simulate', dir, '--json']).code).toBe(0);
  });
});
