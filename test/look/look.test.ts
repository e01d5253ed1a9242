import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { minutes } from '../../src/domain/time.ts';
import { keep } from '../../src/live/control/keep.ts';
import { serve } from '../../src/live/http/serve.ts';
import { TAG } from '../../src/live/ports/tags.ts';
import { deedsOf } from '../../src/look/deeds.ts';
import { explainPools } from '../../src/look/explainPool.ts';
import { type Look, look } from '../../src/look/look.ts';
import { unknownsIn } from '../../src/look/unknowns.ts';
import { minuteOf } from '../../src/pool/recentArrivals.ts';
import type { Rest } from '../../src/pool/rests.ts';
import { anApi } from '../live/http/anApi.ts';
import { aFleet, NINE, POOLS } from '../support/aFleet.ts';
import { settingsFor } from './readPoolsText.ts';

const deedsIn = ({ foresight, pools, quotes }: Look): readonly string[] =>
  deedsOf(foresight.now, pools, quotes).map(({ what, because }) => `${what}: ${because}`);

const offer = {
  instanceType: 'm5.large',
  zone: 'eu-central-1a',
  term: 'spot',
  durationMs: minutes(240),
  usdPerHour: 0.04,
};

describe('a look at a fleet', () => {
  it('says what a keeper would buy, and why', async () => {
    await using fleet = await aFleet();
    fleet.block('ci-0.3');
    fleet.ledger({ generations: { 'ci-0': 3, 'ci-1': 7 } });
    const seen = await look(settingsFor(fleet));
    expect(deedsIn(seen)).toEqual([
      'launch ci-1.8 as m5.large in eu-central-1a, spot at 0.04 USD/h: 1 of 2 wanted serves',
    ]);
    expect(unknownsIn(seen)).toEqual([]);
  });

  it('changes nothing, and contends for no lease', async () => {
    await using fleet = await aFleet();
    fleet.job('build', fleet.block('ci-0.1'));
    const { resourceVersion } = fleet.store;
    await look(settingsFor(fleet));
    expect(fleet.store.resourceVersion).toBe(resourceVersion);
    expect([...fleet.aws.calls.keys()].filter((action) => !/^(?:Describe|Get)/.test(action))).toEqual([]);
    expect([...fleet.kubernetes.calls.keys()].filter((call) => !/^(?:get|list) /.test(call))).toEqual([]);
  });

  it('foresees what the keeper then really does', async () => {
    await using fleet = await aFleet();
    fleet.block('ci-0.1', { startedAt: NINE - minutes(215) });
    const settings = settingsFor(fleet);
    const { foresight } = await look(settings);
    const planned = foresight.now.effects.flatMap((one) => (one.type === 'requestCapacity' ? [one.token] : []));

    const ending = new AbortController();
    const keeping = keep({
      ...settings,
      ...{ identity: 'keeper-0', signal: ending.signal, watch: () => undefined },
      events: { announce: () => undefined },
    });
    const bought = (): readonly string[] =>
      fleet.account.instances
        .all()
        .flatMap(({ tags }) => tags[TAG.token] ?? [])
        .filter((token) => token !== 'ci-0.1.1');
    while (bought().length < planned.length) await setImmediate();
    ending.abort();
    await keeping.ended;
    expect(bought()).toEqual(planned);
    expect(planned).toEqual(['ci-1.1.1', 'ci-2.1.1']);
  });

  it('counts a launch that is on its way by the ledger, and buys it no second time', async () => {
    await using fleet = await aFleet();
    fleet.block('ci-0.1');
    const intent = { fleet: 'test', blockId: 'ci-1.1', token: 'ci-1.1.1', offer, at: NINE - minutes(1) };
    fleet.ledger({ generations: { 'ci-0': 1, 'ci-1': 1 }, launches: { 'ci-1.1.1': intent } });
    expect(deedsIn(await look(settingsFor(fleet)))).toEqual([]);
    // One that nobody waits for any longer is no block on its way.
    fleet.ledger({
      generations: { 'ci-0': 1, 'ci-1': 1 },
      launches: { 'ci-1.1.1': { ...intent, at: NINE - minutes(30) } },
    });
    expect(deedsIn(await look(settingsFor(fleet)))[0]).toMatch(/^launch ci-1\.2 /);
  });

  it.each<[what: string, spoil: (fleet: Awaited<ReturnType<typeof aFleet>>) => void]>([
    [
      'instances',
      ({ aws }) => aws.faults.add({ action: 'DescribeInstances', kind: 'error', code: 'InternalError', status: 500 }),
    ],
    ['instances', ({ aws }) => aws.faults.add({ action: 'DescribeInstances', kind: 'body', text: '<html>' })],
    [
      'cluster',
      ({ kubernetes }) => kubernetes.faults.add({ verb: 'list', resource: 'pods', kind: 'error', code: 503 }),
    ],
    [
      'cluster',
      ({ kubernetes }) => kubernetes.faults.add({ verb: 'list', resource: 'nodes', kind: 'body', text: '{}' }),
    ],
    [
      'ledger',
      ({ kubernetes }) => kubernetes.faults.add({ verb: 'get', resource: 'configmaps', kind: 'error', code: 403 }),
    ],
    [
      'ledger',
      ({ store }) =>
        store.put('configmaps', {
          metadata: { name: 'spot-keeper-test', namespace: 'spot-keeper' },
          data: { 'ledger.json': '{' },
        }),
    ],
  ])('without its %s plans nothing, and says what is unknown', async (what, spoil) => {
    await using fleet = await aFleet();
    fleet.block('ci-0.1', { node: 'none', startedAt: NINE - minutes(60) });
    spoil(fleet);
    const seen = await look(settingsFor(fleet));
    expect(seen.foresight.now.effects).toEqual([]);
    expect(unknownsIn(seen).map((one) => one.what)).toEqual([what]);
  });

  it('does not wait longer than it was told to', async () => {
    await using fleet = await aFleet();
    fleet.aws.faults.add({ action: 'DescribeInstances', kind: 'hang' });
    fleet.kubernetes.faults.add({ verb: 'list', resource: 'nodes', kind: 'hang' });
    const seen = await look(settingsFor(fleet, POOLS, { patienceMs: 500 }));
    // On a busy machine there may be more of it.
    const unknown = unknownsIn(seen).map((one) => one.what);
    expect(unknown).toEqual(expect.arrayContaining(['instances', 'cluster']));
  });

  it('minds unknown prices only where something would be bought', async () => {
    await using fleet = await aFleet();
    fleet.aws.faults.add({ action: 'DescribeSpotPriceHistory', kind: 'error', code: 'InvalidParameter', status: 400 });
    expect(unknownsIn(await look(settingsFor(fleet))).map(({ what }) => what)).toEqual(['prices of pool ci']);
    fleet.block('ci-0.1');
    fleet.block('ci-1.1');
    expect(unknownsIn(await look(settingsFor(fleet)))).toEqual([]);
  });

  it('knows from a keeper that runs what it was refused, and leaves that alone too', async () => {
    await using fleet = await aFleet();
    const api = anApi();
    const { foresight } = await look(settingsFor(fleet));
    const { after } = foresight.now;
    const memory = after.memories.get('ci');
    if (memory === undefined) throw new Error('no memory of the pool');
    const rest: Rest = { until: NINE + minutes(9), why: 'no-capacity', at: NINE, times: 1 };
    const cooling = new Map([['m5.large/eu-central-1a/spot', rest]]);
    const keeper = { ...after, memories: new Map([['ci', { ...memory, cooling }]]) };
    api.set({ keeper: () => keeper, now: () => NINE, leader: () => true });
    const serving = await serve({ port: 0, sources: api.sources });
    try {
      const seen = await look(settingsFor(fleet, POOLS, { keeperUrl: serving.url }));
      expect(deedsIn(seen).map((deed) => deed.slice(0, 37))).toEqual([
        'launch ci-0.1 as m5.large in eu-centr',
        'launch ci-1.1 as m5.large in eu-centr',
      ]);
      expect(deedsIn(seen)[0]).toContain('eu-central-1b');
    } finally {
      await serving.close();
    }
    const seen = await look(settingsFor(fleet, POOLS, { keeperUrl: serving.url }));
    expect(unknownsIn(seen).map(({ what }) => what)).toEqual(['keeper']);
  });

  it('holds what there is of a pool that follows its jobs, and knows the jobs from a keeper that runs', async () => {
    await using fleet = await aFleet();
    fleet.job('build-7', fleet.block('ci-0.1'));
    const text = POOLS.replace('blocks: 2 }', 'blocks: 9 }\n    scaling: { policy: followJobs, headroom: 0 }');
    const alone = await look(settingsFor(fleet, text));
    expect(explainPools(alone)).toMatchObject([
      {
        ...{ hours: 'open', allowed: 9, wanted: 1, jobs: null, now: [] },
        because:
          'open by always: 9 allowed, always; its jobs are not known, so that followJobs is not asked and what is there is held: 1',
      },
    ]);

    const memory = alone.foresight.now.after.memories.get('ci');
    if (memory === undefined) throw new Error('no memory of the pool');
    const workload = {
      ...{ waiting: 2, waitingSince: NINE - minutes(1), onBlocks: { 'ci-0.1': 1 }, overflow: 3 },
      ...{ held: 0, arrived: 0, jobsPerBlock: 1 },
    };
    const known = { ...memory, workload: { takenAt: NINE, workload }, recent: { minute: minuteOf(NINE), counts: [3] } };
    const api = anApi();
    const keeper = { ...alone.foresight.now.after, memories: new Map([['ci', known]]) };
    api.set({ keeper: () => keeper, now: () => NINE, leader: () => true });
    const serving = await serve({ port: 0, sources: api.sources });
    const seen = await look(settingsFor(fleet, text, { keeperUrl: serving.url }));
    await serving.close();
    expect(explainPools(seen)).toMatchObject([
      {
        ...{ wanted: 3, jobs: { waiting: 2, running: 1, overflow: 3 } },
        because: 'open by always: 9 allowed, always; 2 jobs wait, 1 runs, 3 run elsewhere; followJobs wants 3',
      },
    ]);
    expect(deedsIn(seen)).toEqual([
      'hold 2 waiting jobs: blocks on their way will take them',
      'launch ci-1.1 as m5.large in eu-central-1a, spot at 0.04 USD/h: 1 of 3 wanted serves, 2 jobs wait',
      'launch ci-2.1 as m5.large in eu-central-1a, spot at 0.04 USD/h: 1 of 3 wanted serves, 2 jobs wait',
    ]);
  });
});
