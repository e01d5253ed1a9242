import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { Registry } from 'prom-client';
import { describe, expect, it } from 'vitest';
import { step } from '../../../src/keeper/step.ts';
import { instruments } from '../../../src/live/observers/instruments.ts';
import { metrics } from '../../../src/live/observers/metrics.ts';
import { observers } from '../../../src/live/observers/observers.ts';
import type { PolicySlots } from '../../../src/policy/definePolicy.ts';
import { anOffer } from '../../support/aBlock.ts';
import { aKeeper } from '../../support/aKeeper.ts';
import { CLOSED, seen } from '../../support/aNode.ts';
import { aPool } from '../../support/aPool.ts';
import { aPoolConfig } from '../../support/aScenario.ts';
import { hours, minutes } from '../../support/lengths.ts';
import { aStage, seriesIn, turnsOf } from './aWatch.ts';

const HOSTILE = 'x"} 1\n# TYPE spotkeeper_leader counter\nspotkeeper_leader{a="\\';

function aCount(blocks = 1, over: Partial<PolicySlots> = {}) {
  const keeper = aKeeper(aPool(blocks, over));
  const stage = aStage(keeper.keeper);
  const counted = metrics({ pools: { pools: [aPoolConfig()] }, present: stage.present, release: '1.2.3' });
  const hears = turnsOf(keeper, observers([stage, counted]).turn);
  const empty = { type: 'inventory.taken', sightings: [], generations: {}, complete: true } as const;
  const granted = (at: number, zone = 'us-east-1a') => {
    const offer = anOffer({ zone });
    const lease = { instanceId: 'i-1', offer, startsAt: at, expiresAt: at + hours(4), hardEndAt: Infinity };
    return { type: 'capacity.granted', at, blockId: 'ci-0.1', token: 'ci-0.1.1', lease } as const;
  };
  const buys = (): void => {
    hears({ ...empty, at: 0 }, { type: 'offers.quoted', at: 1, pool: 'ci', offers: [anOffer()] });
  };
  return { keeper, stage, counted, hears, granted, buys, text: async () => seriesIn(await counted.text()) };
}

describe('the metrics', () => {
  it('are absent while the state is unknown', async () => {
    const { stage, text } = aCount();
    stage.set({ leader: () => undefined, lastTurnAt: () => undefined });
    const names = [...(await text()).keys()].map((series) => series.replace(/\{.*/, ''));
    for (const unknown of ['blocks', 'blocks_wanted', 'window_open', 'leader', 'last_turn_timestamp_seconds'])
      expect(names).not.toContain(`spotkeeper_${unknown}`);
    expect(names).not.toContain('spotkeeper_inventory_age_seconds');
    expect(names).not.toContain('spotkeeper_next_expiry_seconds');
  });

  it('show how many jobs are held, and count when they could not be', async () => {
    const { stage, hears, buys, text } = aCount();
    stage.set({});
    buys();
    expect((await text()).get('spotkeeper_jobs_held{pool="ci"}')).toBeUndefined();
    const workload = { waiting: 3, held: 2, onBlocks: {}, overflow: 0, arrived: 0, jobsPerBlock: 1 };
    hears({ type: 'workload.observed', at: 2, pool: 'ci', takenAt: 2, workload });
    hears({ type: 'jobs.unheld', at: 3, pool: 'ci', reason: 'forbidden' });
    const series = await text();
    expect(series.get('spotkeeper_jobs_held{pool="ci"}')).toBe(2);
    expect(series.get('spotkeeper_jobs_unheld_total{pool="ci"}')).toBe(1);
  });

  it('count what became of holds, from the first scrape on, also in one that leads no longer', async () => {
    const { stage } = aCount();
    stage.set({ leader: () => false, holds: () => ({ held: 7, lost: 1, late: 0, released: 2, expired: 0 }) });
    const usual = aPoolConfig();
    const following = { ...usual, policies: { ...usual.policies, scaling: { policy: 'followJobs', options: {} } } };
    const pools = { pools: [following, { ...usual, name: 'by-the-clock' }] };
    const counted = metrics({ pools, present: stage.present, release: '1.2.3' });
    for (let look = 0; look < 2; look += 1) {
      const holds = [...seriesIn(await counted.text())].filter(([series]) =>
        series.startsWith('spotkeeper_holds_total'),
      );
      expect(holds.map(([series, count]) => [/result="(.*)"/.exec(series)?.[1], count])).toEqual([
        ['held', 7],
        ['lost', 1],
        ['late', 0],
        ['released', 2],
        ['expired', 0],
      ]);
    }
  });

  it('show a pool as it stands', async () => {
    const { stage, hears, granted, buys, text } = aCount();
    buys();
    hears(granted(1_000));
    stage.set({
      conditions: () => [
        { pool: 'ci', condition: 'TemplateSupported', status: 'true' },
        { pool: 'ci', condition: 'QueueReachable', status: 'unknown' },
      ],
    });
    const series = await text();
    expect(
      Object.fromEntries([...series].filter(([name]) => /blocks|expiry|condition|leader|window/.test(name))),
    ).toEqual({
      'spotkeeper_blocks{pool="ci",state="requesting",term="spot"}': 0,
      'spotkeeper_blocks{pool="ci",state="resting",term="spot"}': 0,
      'spotkeeper_blocks{pool="ci",state="joining",term="spot"}': 1,
      'spotkeeper_blocks{pool="ci",state="serving",term="spot"}': 0,
      'spotkeeper_blocks{pool="ci",state="draining",term="spot"}': 0,
      'spotkeeper_blocks{pool="ci",state="terminating",term="spot"}': 0,
      'spotkeeper_blocks_wanted{pool="ci"}': 1,
      'spotkeeper_window_open{pool="ci"}': 1,
      'spotkeeper_next_expiry_seconds{pool="ci"}': 14_400,
      'spotkeeper_pool_condition{pool="ci",condition="TemplateSupported"}': 1,
      spotkeeper_leader: 1,
    });
    expect(series.get(`spotkeeper_build_info{version="1.2.3",node="${process.version}"}`)).toBe(1);
  });

  it('show the jobs of a pool that follows them, and what these ask for', async () => {
    const { hears, buys, text } = aCount(5, { scaling: { wantedNow: ({ jobs }) => ({ blocks: jobs.waiting }) } });
    buys();
    expect([...(await text()).keys()].filter((name) => name.startsWith('spotkeeper_jobs{'))).toEqual([]);
    const jobs = { waiting: 3, waitingSince: 0, onBlocks: {}, held: 0, overflow: 2, arrived: 3, jobsPerBlock: 1 };
    hears({ type: 'workload.observed', at: 2_000, pool: 'ci', takenAt: 2_000, workload: jobs });
    const series = await text();
    expect(Object.fromEntries([...series].filter(([name]) => /_jobs\{|wanted|window/.test(name)))).toEqual({
      'spotkeeper_jobs{pool="ci",where="waiting"}': 3,
      'spotkeeper_jobs{pool="ci",where="blocks"}': 0,
      'spotkeeper_jobs{pool="ci",where="overflow"}': 2,
      'spotkeeper_blocks_wanted{pool="ci"}': 3,
      'spotkeeper_window_open{pool="ci"}': 1,
    });
    hears({ type: 'workload.observed', at: 3_000, pool: 'ci', takenAt: 3_000, workload: { ...jobs, waiting: 0 } });
    expect((await text()).get('spotkeeper_window_open{pool="ci"}')).toBe(1);
    hears({ type: 'workload.observed', at: 4_000, pool: 'ci', takenAt: 4_000, workload: null });
    expect([...(await text()).keys()].filter((name) => name.startsWith('spotkeeper_jobs{'))).toEqual([]);
  });

  it('count a drain, how it ended, and what the lease cost', async () => {
    const { stage, hears, granted, buys, text } = aCount();
    buys();
    hears(
      granted(0),
      granted(1), // told twice
      seen('ci-0.1', minutes(1)),
      { type: 'clock.reached', at: hours(4) - minutes(30) },
      seen('ci-0.1', hours(4) - minutes(29), CLOSED),
      { type: 'node.emptied', at: hours(4) - minutes(20), takenAt: hours(4) - minutes(20), blockId: 'ci-0.1' },
      { type: 'instance.gone', at: hours(4) - minutes(15), blockId: 'ci-0.1', cause: 'terminated' },
    );
    stage.set({ now: () => hours(5) });
    const series = await text();
    expect(series.get('spotkeeper_drain_duration_seconds_sum{pool="ci",outcome="emptied"}')).toBe(600);
    expect(series.get('spotkeeper_renewals_total{pool="ci",result="short"}')).toBe(1);
    expect(series.get('spotkeeper_blocks_gone_total{pool="ci",ending="retired"}')).toBe(1);
    expect(series.get('spotkeeper_block_lifetime_seconds_sum{pool="ci"}')).toBe(3.75 * 3_600);
    expect(series.get('spotkeeper_estimated_cost_usd_total{pool="ci",term="spot"}')).toBeCloseTo(0.375, 9);
    const granted1 = 'pool="ci",result="granted",zone="us-east-1a",instance_type="m5.2xlarge"';
    expect(series.get(`spotkeeper_launch_attempts_total{${granted1}}`)).toBe(1);
  });

  it('count a launch that the keeper was kept from as that, once for each try', async () => {
    const { hears, buys, text, counted } = aCount();
    buys();
    const untried = {
      type: 'effect.untried',
      blockId: 'ci-0.1',
      token: 'ci-0.1.1',
      effect: 'requestCapacity',
    } as const;
    hears(
      { ...untried, at: 20, hindrance: 'ledger-closed', reason: 'no answer' },
      { ...untried, at: 20_000, hindrance: 'ledger-closed', reason: 'no answer' },
      { ...untried, at: 40_000, hindrance: 'no-leadership', reason: 'late' },
    );
    counted.noted?.('warn', 'queue message', { outcome: 'unreadable', why: 'no JSON' });
    const series = await text();
    const results = [...series].filter(([name]) => name.startsWith('spotkeeper_launch_attempts_total'));
    expect(results.map(([name, count]) => [/result="([^"]+)"/.exec(name)?.[1], count])).toEqual([
      ['ledger-closed', 1],
      ['no-leadership', 1],
    ]);
    expect(series.get('spotkeeper_queue_messages_total{outcome="unreadable"}')).toBe(1);
  });

  it('count the policy whose fault was told', async () => {
    const keeper = aKeeper(aPool(1, { operatingHours: { allowedAt: () => ({ blocks: -1, until: 0 }) } }));
    const stage = aStage();
    const counted = metrics({ pools: { pools: [aPoolConfig()] }, present: stage.present, release: '1' });
    turnsOf(keeper, observers([counted]).turn)({ type: 'clock.reached', at: 1 }, { type: 'clock.reached', at: 2 });
    const series = seriesIn(await counted.text());
    expect(series.get('spotkeeper_policy_faults_total{pool="ci",slot="operatingHours"}')).toBe(1);
  });

  it('measure turns in real time, and change nothing of them', async () => {
    const { counted, keeper, text } = aCount();
    const fact = { type: 'clock.reached', at: 5 } as const;
    expect(counted.timed(step)(keeper.keeper, fact)).toEqual(step(keeper.keeper, fact));
    expect((await text()).get('spotkeeper_turn_duration_seconds_count')).toBe(1);
  });

  it('keep their labels few, whatever the world calls its things', async () => {
    const { stage, counted, hears, buys, granted, text } = aCount();
    buys();
    hears(granted(2, HOSTILE));
    for (let n = 0; n < 2_000; n += 1) {
      const offer = anOffer({ zone: `zone-${n}`, instanceType: `type-${n}` });
      const blockId = `strange-${n}.${n + 1}`;
      hears(
        { type: 'capacity.refused', at: 10 + n, blockId, token: `${blockId}.1`, offer, refusal: 'no-capacity' },
        { type: 'instance.atRisk', at: 10 + n, blockId },
      );
      counted.called?.({ api: 'ec2', action: `${HOSTILE}${n}`, outcome: `i-${n}`, durationMs: 1 });
    }
    stage.set({ conditions: () => [{ pool: HOSTILE, condition: HOSTILE, status: 'true' }] });
    const series = await text();
    const [names, raw] = [[...series.keys()].join('\n'), await counted.text()];
    expect(series.size).toBeLessThan(800);
    expect(names).not.toMatch(/strange|zone-\d|type-\d|"ci-0|"i-1"|TYPE/);
    expect(raw.split('\n').filter((line) => line.startsWith('spotkeeper_leader'))).toEqual(['spotkeeper_leader 1']);
  });

  it('are all told of in docs/metrics.md, and no others', async () => {
    const registry = new Registry();
    instruments(registry);
    const names = (await registry.getMetricsAsJSON()).map(({ name }) => name);
    const page = readFileSync(resolve(import.meta.dirname, '../../../docs/metrics.md'), 'utf8');
    const told = [...page.matchAll(/^\| `(spotkeeper_\w+)/gm)].map(([, name]) => name);
    expect(told.sort()).toEqual(names.sort());
  });
});
