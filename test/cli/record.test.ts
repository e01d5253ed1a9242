import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { WireWorld } from '../../fakes/wireWorld.ts';
import { hours, isoOf, minutes } from '../../src/domain/time.ts';
import { conditionsIn } from '../live/record/aSite.ts';
import { aPoolConfig, aScenario, MONDAY } from '../support/aScenario.ts';
import { spotKeeper } from '../support/command.ts';
import { takeover } from './aTakeover.ts';

const POOLS = resolve(import.meta.dirname, '../../scenarios/zone-drought/pools.yaml');
/** Longer than any machine takes at this speed. */
const MONTH = aScenario({ until: MONDAY + hours(30 * 24), jobs: [], pools: { fleet: 'ci', pools: [aPoolConfig()] } });

/** Simulated seconds in a real one: parts are written by the minute. */
const SPEED = 300;

/** A job that has run for five minutes, and one that is over. */
function jobs(world: WireWorld): void {
  const { store } = world;
  const now = world.now();
  const pod = (name: string, status: Readonly<Record<string, unknown>>): void => {
    store.put('pods', {
      metadata: { name, namespace: 'ci' },
      spec: { nodeName: 'node-a', restartPolicy: 'Never', containers: [{ name: 'build', image: 'ci' }] },
      status: { startTime: isoOf(now), ...status },
    });
  };
  const finishedAt = isoOf(now + minutes(7));
  pod('running', { phase: 'Running' });
  pod('over', {
    phase: 'Succeeded',
    containerStatuses: [{ name: 'build', state: { terminated: { exitCode: 0, finishedAt } } }],
  });
}

const aFolderFor = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'spot-keeper-'));
  onTestFinished(() => {
    rmSync(folder, { recursive: true });
  });
  return join(folder, 'recorded');
};

const inFolder = (folder: string, type: string): boolean => {
  try {
    return conditionsIn(folder).some((one) => one.type === type);
  } catch {
    return false; // not made yet
  }
};

describe('record', () => {
  it('ends cleanly at SIGTERM with packed parts, which distil makes a scenario of', async () => {
    const folder = aFolderFor();
    const site = await takeover(MONTH, {}, ['record', POOLS, '--into', folder, '--poll', '1m'], jobs, SPEED);
    await site.until(() => inFolder(folder, 'job.queued') && inFolder(folder, 'watch.held'));
    expect(await site.end('SIGTERM')).toBe(0);
    expect(site.stdout()).toContain(`recorded 1 jobs`);
    expect(site.stdout()).toContain(`next: spot-keeper distil ${folder} --into my-week`);
    expect(readdirSync(folder).every((name) => name.endsWith('.jsonl.gz'))).toBe(true);
    expect([...site.world.aws.calls.keys()].every((action) => action.startsWith('Describe'))).toBe(true);
    expect([...site.world.kubernetes.calls.keys()].every((call) => /^(?:list|watch|get) /.test(call))).toBe(true);

    const week = join(folder, '../my-week');
    const { code, stdout } = spotKeeper(['distil', folder, '--into', week, '--from', '2026-03-02']);
    expect(code).toBe(0);
    expect(stdout).toContain('jobs: 1 still ran when the recording ended, and are left out');
    expect(spotKeeper(['simulate', week, '--json']).code).toBe(0);
  });

  it('has on disk what it saw when it is killed, and goes on there', async () => {
    const folder = aFolderFor();
    const args = ['record', POOLS, '--into', folder, '--poll', '1m'];
    const first = await takeover(MONTH, {}, args, jobs, SPEED);
    await first.until(() => inFolder(folder, 'job.queued'));
    await first.end('SIGKILL');
    expect(readdirSync(folder).some((name) => name.endsWith('.jsonl'))).toBe(true);
    const second = await takeover(MONTH, {}, args, undefined, SPEED);
    await second.until(() => inFolder(folder, 'watch.held') && readdirSync(folder).length === 2);
    expect(await second.end('SIGTERM')).toBe(0);
    const known = conditionsIn(folder).filter(({ type }) => type === 'job.queued');
    // The one that ran is in no pod any more: it lasted as long as it was seen.
    expect(known).toHaveLength(2);
    expect(known.filter((one) => 'atLeast' in one)).toHaveLength(1);
    expect(readdirSync(folder).every((name) => name.endsWith('.jsonl.gz'))).toBe(true);
  });

  it('asks for a folder, for pools and for a length', () => {
    expect(spotKeeper(['record', POOLS]).stderr).toContain("required option '--into <dir>'");
    const { code, stderr } = spotKeeper(['record', POOLS, '--into', aFolderFor(), '--poll', 'soon']);
    expect(code).toBe(2);
    expect(stderr).toContain('--poll: expected a length of 1s or more');
  });
});
