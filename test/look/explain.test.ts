import { describe, expect, it } from 'vitest';
import { minutes } from '../../src/domain/time.ts';
import { tightBudgets } from '../../src/look/budgets.ts';
import { type BlockExplained, explainBlock } from '../../src/look/explainBlock.ts';
import { explainPools, type PoolExplained } from '../../src/look/explainPool.ts';
import { look } from '../../src/look/look.ts';
import { type AFleet, aFleet, NINE, POOLS } from '../support/aFleet.ts';
import { settingsFor } from './readPoolsText.ts';

async function poolOf(fleet: AFleet, text?: string): Promise<PoolExplained> {
  const [pool] = explainPools(await look(settingsFor(fleet, text)));
  if (pool === undefined) throw new Error('no pool was explained');
  return pool;
}

async function blockOf(fleet: AFleet, id: string): Promise<BlockExplained> {
  const settings = settingsFor(fleet);
  const [pool] = settings.pools;
  if (pool === undefined) throw new Error('no pool was read');
  return explainBlock(await look(settings), pool, id, await tightBudgets(settings.kube, new AbortController().signal));
}

/** A requirement of a budget's selector. */
type Requirement = { readonly key: string; readonly operator: string; readonly values: readonly string[] };

const when = ({ next }: BlockExplained): readonly string[] =>
  next.map(({ at, what }) => `${(at - NINE) / minutes(1)} min: ${what}`);

describe('a pool explained', () => {
  it('is open or closed by its hours, until when, and what then', async () => {
    await using fleet = await aFleet();
    const weekly = POOLS.replace(
      '{ policy: always, blocks: 2 }',
      '{ policy: weekly, zone: UTC, windows: [{ days: mon-fri, from: "10:00", to: "16:00", blocks: 3 }] }',
    );
    expect(await poolOf(fleet, weekly)).toMatchObject({
      ...{ hours: 'closed', wanted: 0, wantedUntil: NINE + minutes(60), wantedNext: 3, short: undefined, now: [] },
      because: 'closed by weekly: none wanted until 2026-03-02 10:00Z, then 3',
      nextChange: { at: NINE + minutes(60), what: '3 blocks wanted in place of 0' },
    });
  });

  it.each([
    [
      'no room',
      POOLS.replace('purchase:', 'surge: 0\n    purchase:'),
      /no room: 2 blocks live, those that leave among them, and at most 2 may/,
    ],
    [
      'a price limit',
      POOLS.replace('{ policy: cheapest }', '{ policy: upTo, usdPerHour: 0.01 }'),
      /takes none of 2 offers, of which the cheapest is at 0.04 USD\/h/,
    ],
    ['no subnet', POOLS.replace('[eu-central-1a, eu-central-1b]', '[eu-central-1f]'), /nothing is for sale/],
  ])('says why it is short of blocks: %s', async (_, text, why) => {
    await using fleet = await aFleet();
    fleet.block('ci-0.1', { spec: { unschedulable: true } });
    fleet.block('ci-1.1');
    expect((await poolOf(fleet, text)).short ?? '').toMatch(why);
  });

  it('tells what only a keeper that runs knows from what is not so', async () => {
    await using fleet = await aFleet();
    expect((await poolOf(fleet)).met).toMatchObject({ kind: 'unknown' });
  });

  it('tells a template that cannot be copied, and one that cannot be read', async () => {
    await using fleet = await aFleet();
    const { conditions } = await poolOf(fleet, POOLS.replace('ci-on-demand', 'no-such-group'));
    expect(conditions).toEqual(['the template is not known: there is no Auto Scaling group no-such-group']);
  });
});

describe('a block explained', () => {
  it('serves: when it is relieved, drained and ended, and whose jobs it waits for', async () => {
    await using fleet = await aFleet();
    const instanceId = fleet.block('ci-0.3', { startedAt: NINE - minutes(180), templateHash: 'of-before' });
    fleet.job('build-7', instanceId);
    const block = await blockOf(fleet, 'ci-0.3');
    expect(block).toMatchObject({
      ...{ state: 'serving', now: [], instanceState: 'running', node: { name: 'node-ci-0.3', ready: true } },
      lease: { instanceId, expiresAt: NINE + minutes(60) },
      inTheWay: ['1 job must finish: ci/build-7'],
    });
    expect(when(block)).toEqual([
      '25 min: its successor is bought, if one is wanted',
      '30 min: it drains',
      '60 min: its lease is over; a job that still runs may finish',
      '1500 min: it is terminated even if a job runs',
    ]);
    expect(block.template).toMatch(/^made from of-before, and the group's template is [0-9a-f]{16} now/);
  });

  it('is past its time: what would be done now', async () => {
    await using fleet = await aFleet();
    fleet.block('ci-0.3', { startedAt: NINE - minutes(215) });
    fleet.block('ci-1.1');
    fleet.block('ci-2.1');
    expect((await blockOf(fleet, 'ci-0.3')).now).toEqual([
      'cordon node-ci-0.3 of ci-0.3: it drains from 2026-03-02 08:55Z on, for its lease ends at 2026-03-02 09:25Z',
    ]);
  });

  it('has to wait for others that leave with it', async () => {
    await using fleet = await aFleet();
    fleet.block('ci-0.3', { startedAt: NINE - minutes(212) });
    fleet.block('ci-1.1', { startedAt: NINE - minutes(211) });
    expect((await blockOf(fleet, 'ci-1.1')).inTheWay).toEqual([
      'its time to drain came at 2026-03-02 08:59Z; it waits, for maxUnavailable lets no more blocks leave at once',
    ]);
  });

  it('drains: held by people, beside a pod whose budget lets nobody go', async () => {
    await using fleet = await aFleet();
    fleet.block('ci-0.3', { spec: { unschedulable: true }, annotations: { 'spot-keeper.io/hold': 'true' } });
    fleet.store.put('pods', {
      metadata: {
        ...{ name: 'web-1', namespace: 'kube-system', labels: { app: 'web', tier: 'front' } },
        ownerReferences: [{ apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'web', uid: 'o', controller: true }],
      },
      spec: { nodeName: 'node-ci-0.3', restartPolicy: 'Always', containers: [] },
      status: { phase: 'Running' },
    });
    const budget = (name: string, matchExpressions: readonly Requirement[], disruptionsAllowed: number): void => {
      fleet.store.put('poddisruptionbudgets', {
        metadata: { name, namespace: 'kube-system' },
        spec: { selector: { matchLabels: { app: 'web' }, matchExpressions } },
        status: { disruptionsAllowed },
      });
    };
    budget('web', [{ key: 'tier', operator: 'In', values: ['front', 'back'] }], 0);
    budget('other', [{ key: 'tier', operator: 'NotIn', values: ['front'] }], 0);
    budget('roomy', [], 1);
    const block = await blockOf(fleet, 'ci-0.3');
    expect(block.because).toMatch(/^its node is cordoned, and not by the keeper/);
    expect(block.inTheWay).toEqual([
      'people asked to leave the node as it is (annotation spot-keeper.io/hold)',
      'kube-system/web-1 cannot be evicted: the disruption budget web lets nobody go. The block waits for it for timeouts.evict after its cordon, and no longer',
    ]);
  });

  it('joins, and is given up when its time is over', async () => {
    await using fleet = await aFleet();
    fleet.block('ci-0.3', { startedAt: NINE - minutes(5), node: 'unready' });
    const block = await blockOf(fleet, 'ci-0.3');
    expect(block).toMatchObject({ state: 'joining', because: 'its node node-ci-0.3 is not ready' });
    expect(when(block)[0]).toBe('10 min: it is given up if no node has joined');
    fleet.block('ci-1.1', { startedAt: NINE - minutes(20), node: 'none' });
    expect((await blockOf(fleet, 'ci-1.1')).now).toEqual([
      expect.stringMatching(
        /^look for the node of ci-1\.1, and end i-\w+ if there is none: no ready node joined within 15m$/,
      ),
    ]);
  });

  it('is gone, and EC2 says why', async () => {
    await using fleet = await aFleet();
    const instanceId = fleet.block('ci-0.3');
    fleet.account.setState(instanceId, 'terminated', { reasonCode: 'Server.SpotInstanceTermination' });
    fleet.ledger({
      generations: { 'ci-0': 3 },
      terminations: { [instanceId]: { blockId: 'ci-0.3', at: NINE - minutes(2) } },
    });
    expect(await blockOf(fleet, 'ci-0.3')).toMatchObject({
      state: 'gone',
      because: `its instance ${instanceId} is terminated, Server.SpotInstanceTermination`,
      ledger: [
        'the last generation of ci-0 is 3',
        expect.stringContaining(`the end of ${instanceId} was asked for at 2026-03-02 08:58Z, 2m`),
      ],
    });
  });

  it('was never there: what the ledger says of it', async () => {
    await using fleet = await aFleet();
    fleet.ledger({ generations: { 'ci-0': 2 } });
    expect(await blockOf(fleet, 'ci-0.3')).toMatchObject({
      state: 'absent',
      ledger: ['the last generation of ci-0 is 2'],
    });
    expect((await blockOf(fleet, 'ci-9.1')).ledger).toEqual(['slot ci-9 was never used']);
  });

  it('cannot be told of where the cluster cannot be read, and is never called absent for it', async () => {
    await using fleet = await aFleet();
    const instanceId = fleet.block('ci-0.3');
    fleet.kubernetes.faults.add({ verb: 'list', resource: 'nodes', kind: 'error', code: 500 });
    expect(await blockOf(fleet, 'ci-0.3')).toMatchObject({
      state: 'unknown',
      lease: { instanceId },
      now: [],
      node: undefined,
    });
    expect((await blockOf(fleet, 'ci-7.1')).state).toBe('unknown');
  });
});
