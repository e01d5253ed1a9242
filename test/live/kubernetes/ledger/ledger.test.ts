import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { KubeAnswer } from '../../../../src/live/kubernetes/kubeClient.ts';
import {
  FULL_LEDGER_BYTES,
  LARGE_LEDGER_BYTES,
  type Ledger,
  openLedger,
} from '../../../../src/live/kubernetes/ledger/ledger.ts';
import type { IntentEntry } from '../../../../src/live/kubernetes/ledger/ledgerState.ts';
import { type Asked, type Fate, type ScriptedApi, scriptedApi } from './scriptedApi.ts';

const LEDGER = 'configmaps/spot-keeper-ci';
let api: ScriptedApi;
let notes: string[] = [];

beforeEach(async () => {
  api = await scriptedApi();
  notes = [];
});
afterEach(() => api.close());

const tryToOpen = (identity = 'keeper-a', term = 1, mayOpen = () => true): Promise<KubeAnswer<Ledger>> => {
  const telemetry = {
    called: () => undefined,
    noted: (_: string, event: string) => {
      notes.push(event);
    },
  };
  return openLedger({
    kube: api.kube(),
    namespace: 'ci',
    fleet: 'ci',
    telemetry,
    writer: { identity, term },
    mayOpen,
  });
};

async function open(identity?: string, term?: number): Promise<Ledger> {
  const opened = await tryToOpen(identity, term);
  if (opened.kind === 'failed') throw new Error(opened.message);
  return opened.value;
}

const launch = (token: string, intent: object = { clientToken: `client-${token}` }): IntentEntry => ({
  kind: 'launch',
  token,
  at: 1_000,
  intent,
});

/** What stands in the object, as the API server has it. */
const written = () =>
  JSON.parse(api.objects.get(LEDGER)?.data?.['ledger.json'] ?? 'null') as {
    writer: { identity: string; term: number };
    state: Ledger['state'];
  };

const puts = (): Asked[] => api.asked.filter(({ method }) => method === 'PUT');

/** The next writes meet these fates, one after the other. */
function nextWrites(...fates: Fate[]): void {
  api.fate = ({ method }) => (method === 'GET' ? 'serve' : (fates.shift() ?? 'serve'));
}

describe('opening the ledger', () => {
  it('makes it where there is none', async () => {
    const ledger = await open();
    expect(ledger.state).toEqual({ generations: {}, launches: {}, terminations: {}, launchedAt: [] });
    expect(written()).toMatchObject({ version: 1, fleet: 'ci', writer: { identity: 'keeper-a', term: 1 } });
  });

  it('finds what the leader before has left, and what others put beside it survives', async () => {
    const before = await open();
    await before.intend([launch('ci-0.1.1')]);
    api.edit(LEDGER, (object) => {
      object.metadata.labels = { team: 'ci' };
      object.data!['note'] = 'hands off';
    });
    const ledger = await open('keeper-b', 2);
    expect(ledger.state).toMatchObject({ generations: { 'ci-0': 1 }, launches: { 'ci-0.1.1': {} } });
    expect(api.objects.get(LEDGER)).toMatchObject({
      metadata: { labels: { team: 'ci' } },
      data: { note: 'hands off' },
    });
  });

  it.each([
    ['no key', {}],
    ['no JSON', { 'ledger.json': '{"version":1,' }],
    ['another shape', { 'ledger.json': '{"version":1,"state":{}}' }],
    ['a later version', { 'ledger.json': '{"version":2}' }],
  ])('fails on %s, says what to do, and touches nothing', async (_, data) => {
    api.objects.set(LEDGER, { metadata: { name: 'spot-keeper-ci', resourceVersion: '5' }, data });
    const opened = await tryToOpen();
    expect(opened).toMatchObject({ kind: 'failed', class: 'malformed' });
    expect(opened.kind === 'failed' && opened.message).toMatch(/ConfigMap ci\/spot-keeper-ci .*delete the ConfigMap/);
    expect(api.objects.get(LEDGER)?.data).toEqual(data);
  });

  it('fails on the ledger of another fleet', async () => {
    await open();
    api.edit(LEDGER, (object) => {
      object.data!['ledger.json'] = object.data!['ledger.json']!.replace('"fleet":"ci"', '"fleet":"other"');
    });
    expect(await tryToOpen()).toMatchObject({
      class: 'malformed',
      message: expect.stringMatching(/fleet other/) as string,
    });
  });

  it.each([
    ['a creation', false],
    ['a take-over', true],
  ])('recognises %s whose answer was lost', async (_, exists) => {
    if (exists) await open('keeper-z', 0);
    nextWrites('lose answer');
    const ledger = await open();
    expect(await ledger.intend([launch('ci-0.1.1')])).toBe('written');
    expect(written().writer.identity).toBe('keeper-a');
  });

  it('leaves it to the leader when its own lease has run out meanwhile', async () => {
    const leader = await open('keeper-b', 2);
    expect(await tryToOpen('keeper-a', 1, () => false)).toMatchObject({ kind: 'failed', class: 'conflict' });
    expect(await leader.intend([launch('ci-0.1.1')])).toBe('written');
  });

  it('does not read an error as an empty ledger', async () => {
    api.fate = () => ({ status: 503 });
    expect(await tryToOpen()).toMatchObject({ kind: 'failed', class: 'unreachable' });
    api.fate = () => ({ status: 200, text: '{}' });
    expect(await tryToOpen()).toMatchObject({ kind: 'failed', class: 'malformed' });
    api.fate = () => ({ status: 403 });
    expect(await tryToOpen()).toMatchObject({ kind: 'failed', class: 'forbidden' });
    expect(api.objects.size).toBe(0);
  });
});

describe('an intent', () => {
  it('stands in the object before anything is done, and a restart finds it', async () => {
    const ledger = await open();
    const entries: IntentEntry[] = [
      launch('ci-0.1.1', { subnetId: 'subnet-a', launchTemplate: { id: 'lt-1', version: '3' } }),
      { kind: 'termination', instanceId: 'i-1', blockId: 'ci-1.4', at: 2_000 },
    ];
    expect(await ledger.intend(entries)).toBe('written');
    expect(written().state).toEqual(ledger.state);
    expect((await open('keeper-b', 2)).state).toEqual({
      generations: { 'ci-0': 1 },
      launches: { 'ci-0.1.1': { subnetId: 'subnet-a', launchTemplate: { id: 'lt-1', version: '3' } } },
      terminations: { 'i-1': { blockId: 'ci-1.4', at: 2_000 } },
      launchedAt: [1_000],
    });
  });

  it('joins the others that come while a write is on its way', async () => {
    const ledger = await open();
    let let1Go: (fate: Fate) => void = () => undefined;
    const arrived = new Promise<void>((resolve) => {
      api.fate = ({ method }) => {
        if (method !== 'PUT') return 'serve';
        api.fate = () => 'serve';
        resolve();
        return new Promise((decide) => (let1Go = decide));
      };
    });
    const first = ledger.intend([launch('ci-0.1.1')]);
    await arrived;
    const others = [1, 2, 3].map((slot) => ledger.intend([launch(`ci-${slot}.1.1`)]));
    expect(puts()).toHaveLength(1);
    let1Go('serve');
    expect(await Promise.all([first, ...others])).toEqual(Array(4).fill('written'));
    expect(puts()).toHaveLength(2);
    expect(Object.keys(written().state.launches)).toHaveLength(4);
  });

  it('is refused alone where it contradicts the ledger, and the others of that write go through', async () => {
    const ledger = await open();
    await ledger.intend([launch('ci-0.1.1', { by: 'first' })]);
    const [same, contrary, other] = await Promise.all([
      ledger.intend([launch('ci-0.1.1', { by: 'first' })]),
      ledger.intend([launch('ci-0.1.1', { by: 'second' }), launch('ci-5.1.1')]),
      ledger.intend([launch('ci-1.1.1')]),
    ]);
    expect([same, other]).toEqual(['written', 'written']);
    expect(contrary).toMatchObject({ kind: 'failed', class: 'refused' });
    expect(Object.keys(written().state.launches)).toEqual(['ci-0.1.1', 'ci-1.1.1']);
  });

  it('is not written by a keeper whose ledger another has opened, now or ever', async () => {
    const stale = await open('keeper-a', 1);
    const leader = await open('keeper-b', 2);
    expect(await stale.intend([launch('ci-0.1.1')])).toEqual({ fenced: true });
    const asked = api.asked.length;
    expect(await stale.intend([launch('ci-0.1.1')])).toEqual({ fenced: true });
    expect(api.asked).toHaveLength(asked);
    expect(await leader.intend([launch('ci-0.1.1')])).toBe('written');
    expect(notes).toEqual(['fenced: another keeper writes the ledger']);
  });

  it('is fenced also by a later life with the same name and term', async () => {
    const stale = await open('keeper-a', 1);
    await open('keeper-a', 1);
    expect(await stale.intend([launch('ci-0.1.1')])).toEqual({ fenced: true });
  });

  it('is fenced when the object was deleted, because its next writer may be another', async () => {
    const ledger = await open();
    api.objects.delete(LEDGER);
    expect(await ledger.intend([launch('ci-0.1.1')])).toEqual({ fenced: true });
    expect(api.objects.size).toBe(0);
  });

  it('goes on over what people edit beside it', async () => {
    const ledger = await open();
    api.edit(LEDGER, (object) => (object.metadata.labels = { team: 'ci' }));
    expect(await ledger.intend([launch('ci-0.1.1')])).toBe('written');
    expect(api.objects.get(LEDGER)?.metadata.labels).toEqual({ team: 'ci' });
  });

  it('is written once although the answer was lost', async () => {
    const ledger = await open();
    nextWrites('lose answer');
    expect(await ledger.intend([launch('ci-0.1.1')])).toBe('written');
    expect(puts()).toHaveLength(1);
  });

  it.each<[string, Fate]>([
    ['the request was lost', 'lose request'],
    ['the server failed', { status: 500 }],
    ['the answer made no sense', { status: 200, text: '<html>' }],
  ])('is written again when %s', async (_, fate) => {
    const ledger = await open();
    nextWrites(fate);
    expect(await ledger.intend([launch('ci-0.1.1')])).toBe('written');
    expect(written().state.launches).toEqual({ 'ci-0.1.1': { clientToken: 'client-ci-0.1.1' } });
  });

  it('stays written when an earlier try of it arrives late', async () => {
    const ledger = await open();
    const late: (() => void)[] = [];
    nextWrites({ late: (arrive) => late.push(arrive) });
    expect(await ledger.intend([launch('ci-0.1.1')])).toBe('written');
    for (const arrive of late) arrive();
    expect(await ledger.intend([launch('ci-1.1.1')])).toBe('written');
    expect(Object.keys(written().state.launches)).toEqual(['ci-0.1.1', 'ci-1.1.1']);
  });

  it('is not known to be written while the API server is away, and is forgotten by the next write', async () => {
    const ledger = await open();
    api.fate = ({ method }) => (method === 'PUT' ? 'lose answer' : { status: 503 });
    expect(await ledger.intend([launch('ci-0.1.1')])).toMatchObject({ kind: 'failed', class: 'unreachable' });
    expect(ledger.state.launches).toEqual({});
    api.fate = () => 'serve';
    expect(await ledger.intend([launch('ci-1.1.1')])).toBe('written');
    expect(Object.keys(written().state.launches)).toEqual(['ci-1.1.1']);
  });

  it.each([
    ['throttled', 429],
    ['forbidden', 403],
    ['refused', 422],
  ])('fails as %s without another try', async (kind, status) => {
    const ledger = await open();
    api.fate = () => ({ status, retryAfter: 3 });
    expect(await ledger.intend([launch('ci-0.1.1')])).toMatchObject({
      kind: 'failed',
      class: kind,
      retryAfterMs: 3_000,
    });
    expect(puts()).toHaveLength(1);
  });

  it('warns of a large ledger, and takes nothing more into a full one until something is settled', async () => {
    const ledger = await open();
    const large = (slot: number, bytes: number) => launch(`ci-${slot}.1.1`, { filler: 'x'.repeat(bytes) });
    expect(await ledger.intend([large(0, LARGE_LEDGER_BYTES)])).toBe('written');
    expect(notes).toEqual(['the ledger is large']);
    expect(await ledger.intend([large(1, FULL_LEDGER_BYTES - LARGE_LEDGER_BYTES)])).toMatchObject({
      kind: 'failed',
      class: 'refused',
      message: expect.stringMatching(/^the ledger is full/) as string,
    });
    ledger.settle(['ci-0.1.1']);
    expect(await ledger.intend([large(1, FULL_LEDGER_BYTES - LARGE_LEDGER_BYTES)])).toBe('written');
  });
});

describe('what is over', () => {
  it('is written with the next intent', async () => {
    const ledger = await open();
    await ledger.intend([launch('ci-0.1.1'), { kind: 'termination', instanceId: 'i-1', blockId: 'ci-1.4', at: 1 }]);
    ledger.settle(['ci-0.1.1', 'i-1']);
    expect(ledger.state).toMatchObject({ launches: {}, terminations: {}, generations: { 'ci-0': 1 } });
    expect(puts()).toHaveLength(1);
    await ledger.intend([launch('ci-2.1.1')]);
    expect(written().state).toMatchObject({ launches: { 'ci-2.1.1': {} }, terminations: {} });
    expect(Object.keys(written().state.launches)).toEqual(['ci-2.1.1']);
  });

  it('is written by a flush, which writes nothing when there is nothing', async () => {
    const ledger = await open();
    await ledger.intend([launch('ci-0.1.1')]);
    ledger.settle(['ci-0.1.1']);
    expect(await ledger.flush()).toBe('written');
    expect(written().state.launches).toEqual({});
    expect(await ledger.flush()).toBe('written');
    expect(puts()).toHaveLength(2);
  });

  it('stays over when it is settled while another intent is on its way', async () => {
    const ledger = await open();
    await ledger.intend([launch('ci-0.1.1')]);
    api.fate = ({ method }) => {
      if (method === 'PUT') ledger.settle(['ci-0.1.1']);
      return 'serve';
    };
    expect(await ledger.intend([launch('ci-1.1.1')])).toBe('written');
    expect(Object.keys(ledger.state.launches)).toEqual(['ci-1.1.1']);
    expect(await ledger.flush()).toBe('written');
    expect(Object.keys(written().state.launches)).toEqual(['ci-1.1.1']);
  });
});

describe('what pools have seen', () => {
  const observed = () => api.objects.get(LEDGER)?.data?.['observations.json'];

  it('is not there before anybody wrote it, and a ledger without it is read', async () => {
    expect((await open()).observations).toBeUndefined();
    expect(observed()).toBeUndefined();
    expect((await open('keeper-b', 2)).observations).toBeUndefined();
  });

  it('goes along with the next intent, and the next leader reads it', async () => {
    const ledger = await open();
    ledger.observe('{"ci":1}');
    expect(await ledger.intend([launch('ci-0.1.1')])).toBe('written');
    expect(puts()).toHaveLength(1);
    expect(observed()).toBe('{"ci":1}');
    const next = await open('keeper-b', 2);
    expect(next.observations).toBe('{"ci":1}');
    // A write without anything handed over leaves it as it is.
    expect(await next.intend([launch('ci-1.1.1')])).toBe('written');
    expect(observed()).toBe('{"ci":1}');
  });

  it('is written by a flush, which writes nothing when it is the same', async () => {
    const ledger = await open();
    ledger.observe('{"ci":1}');
    expect(await ledger.flush()).toBe('written');
    ledger.observe('{"ci":1}');
    expect(await ledger.flush()).toBe('written');
    expect(puts()).toHaveLength(1);
  });

  it('is written by the next flush after one that failed, and once where the answer was lost', async () => {
    const ledger = await open();
    ledger.observe('{"ci":1}');
    nextWrites({ status: 429 }, 'lose answer');
    expect(await ledger.flush()).toMatchObject({ kind: 'failed', class: 'throttled' });
    expect(await ledger.flush()).toBe('written');
    expect(await ledger.flush()).toBe('written');
    expect(puts()).toHaveLength(2);
    expect(observed()).toBe('{"ci":1}');
  });

  it('is written again where it changed while a write was on its way', async () => {
    const ledger = await open();
    ledger.observe('{"ci":1}');
    api.fate = ({ method }) => {
      if (method === 'PUT') ledger.observe('{"ci":2}');
      return 'serve';
    };
    expect(await ledger.flush()).toBe('written');
    expect(observed()).toBe('{"ci":1}');
    api.fate = () => 'serve';
    expect(await ledger.flush()).toBe('written');
    expect(observed()).toBe('{"ci":2}');
  });

  it('is not written through a ledger that another leader has opened', async () => {
    const ledger = await open();
    const next = await open('keeper-b', 2);
    next.observe('{"ci":2}');
    expect(await next.flush()).toBe('written');
    ledger.observe('{"ci":1}');
    expect(await ledger.flush()).toEqual({ fenced: true });
    expect(observed()).toBe('{"ci":2}');
  });
});
