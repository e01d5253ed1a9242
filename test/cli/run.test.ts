import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Rehearsal, rehearsal } from '../../cli/rehearsal.ts';
import { objectAt, textAt } from '../../fakes/kubernetes/json.ts';
import { catalogue } from '../../policies/catalogue.ts';
import { readScenario } from '../../sim/scenario/readScenario.ts';
import { comesTrue } from '../support/comesTrue.ts';
import { spotKeeper } from '../support/command.ts';

const DIR = resolve(import.meta.dirname, '../../scenarios/overnight-window');

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'spot-keeper-run-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('run', () => {
  it('refuses a pools file with every mistake in it, each at its place, and asks nobody anything', async () => {
    const path = join(folder, 'pools.yaml');
    await writeFile(path, 'version: 1\nfleet: CI\npools:\n  - name: ci\n    lease: { term: spot, duration: 4 }\n');
    const { code, stdout, stderr } = spotKeeper(['run', path]);
    expect(code).toBe(2);
    expect(stdout).toBe('');
    for (const place of [':2:8', ':4:5', ':5:36', 'instanceTypes', 'zones', 'operatingHours', 'template'])
      expect(stderr).toContain(place);
    expect(stderr).toMatch(/again: spot-keeper run .*pools\.yaml\n$/);
  });

  it('refuses an environment that names neither a region nor a cluster, and says both', () => {
    const empty = { PATH: process.env['PATH'] ?? '', HOME: folder };
    const { code, stderr } = spotKeeper(
      ['run', join(DIR, 'pools.yaml'), '--record', join(folder, 'none')],
      folder,
      empty,
    );
    expect(code).toBe(2);
    expect(stderr).toMatch(/^AWS_REGION: expected a region .*\nKUBECONFIG: expected a current context .*\nagain: /m);
    expect(existsSync(join(folder, 'none'))).toBe(false);
  });

  it('keeps blocks, and at SIGTERM changes nothing more, lets the lease go and exits with 0', async () => {
    const rehearsed = await started();
    const { world } = rehearsed;
    const living = new AbortController();
    const life = rehearsed.live(living.signal);
    await seen(() => world.account.instances.all().some(({ state }) => state === 'running'));
    expect(leaseHolder(rehearsed)).toBe('rehearsal-0');
    rehearsed.keeper.kill('SIGTERM');
    // What it promises: the lease is free for the next when the last change was answered, and nothing is changed any more.
    await seen(() => leaseHolder(rehearsed) === '');
    const changes = changesOf(rehearsed);
    await life;
    expect(await rehearsed.end()).toBe(0);
    expect(changesOf(rehearsed)).toEqual(changes);
    // What ran goes on running: the next keeper finds it.
    expect(world.account.instances.all().filter(({ state }) => state === 'shutting-down')).toEqual([]);
  });

  it('tells people of a template that it cannot copy, on the pool, and buys nothing from it', async () => {
    const rehearsed = await started(({ account }) => {
      for (const template of account.templates.all())
        account.templates.set(template.templateId, {
          ...template,
          versions: template.versions.map((version) => ({
            ...version,
            data: { ...version.data, InstanceMarketOptions: { MarketType: 'spot' } },
          })),
        });
    });
    const living = new AbortController();
    const life = rehearsed.live(living.signal);
    const told = () =>
      rehearsed.world.store.list('events').find((event) => textAt(event, 'reason') === 'TemplateUnsupported');
    await seen(() => told() !== undefined);
    expect(JSON.stringify(told())).toContain('InstanceMarketOptions');
    living.abort();
    await life;
    expect(await rehearsed.end()).toBe(0);
    expect(rehearsed.world.aws.calls.get('RunInstances')).toBeUndefined();
  });
});

async function started(furnish?: (world: Rehearsal['world']) => void): Promise<Rehearsal> {
  const scenario = await readScenario(DIR, catalogue);
  const rehearsed = await rehearsal({ dir: DIR, scenario, speed: 60, runArgs: [], stdio: 'ignore', furnish });
  return rehearsed;
}

/** Waits for something that real processes do. */
async function seen(happened: () => boolean): Promise<void> {
  await comesTrue(() => {
    expect(happened()).toBe(true);
  });
}

const leaseHolder = ({ world }: Rehearsal): string | undefined => {
  const [lease] = world.store.list('leases');
  return lease === undefined ? undefined : (textAt(objectAt(lease, 'spec'), 'holderIdentity') ?? '');
};

/** Every call that changed something; the lease is let go, which changes it. */
const changesOf = ({ world }: Rehearsal): Readonly<Record<string, number>> =>
  Object.fromEntries(
    [...world.aws.calls, ...world.kubernetes.calls].filter(([call]) =>
      /^(?:Run|Terminate|Request|Cancel|Create|patch nodes|update configmaps|create configmaps|create pods)/.test(call),
    ),
  );
