import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { noteOf, reasonOf } from '../../../src/live/observers/eventText.ts';
import { type EventSubject, kubernetesEvents } from '../../../src/live/observers/kubernetesEvents.ts';
import type { Clock } from '../../../src/live/ports/clock.ts';
import { comesTrue } from '../../support/comesTrue.ts';
import { type ScriptedApi, type Stored, scriptedApi } from '../kubernetes/ledger/scriptedApi.ts';

const START = Date.UTC(2026, 2, 2, 8);
const MINUTE = 60_000;
const NODE: EventSubject = { kind: 'node', name: 'ip-10-0-0-7.ec2.internal', uid: 'node-uid' };
const POOL: EventSubject = { kind: 'pool', pool: 'ci' };

let api: ScriptedApi;
let notes: string[];
beforeEach(async () => {
  api = await scriptedApi();
  notes = [];
  api.objects.set('configmaps/spot-keeper-ci', { metadata: { name: 'spot-keeper-ci', uid: 'ledger-uid' }, data: {} });
});
afterEach(() => api.close());

/** A clock that a test turns; bells ring in the order of their instants. */
function handClock() {
  let now = START;
  const bells = new Set<{ readonly at: number; readonly ring: () => void }>();
  const clock: Clock = {
    now: () => now,
    at: (at, ring) => {
      const bell = { at, ring };
      bells.add(bell);
      return () => bells.delete(bell);
    },
  };
  const turn = (byMs: number): void => {
    now += byMs;
    for (const bell of [...bells].sort((a, b) => a.at - b.at)) if (bell.at <= now && bells.delete(bell)) bell.ring();
  };
  return { clock, turn, bells };
}

function recorder(signal?: AbortSignal) {
  const { clock, turn, bells } = handClock();
  const telemetry = {
    called: () => undefined,
    noted: (_: string, event: string) => {
      notes.push(event);
    },
  };
  const events = kubernetesEvents({
    ...{ kube: api.kube(), namespace: 'spot', fleet: 'ci', clock, telemetry, instance: 'keeper-a' },
    ...(signal && { signal }),
  });
  return { ...events, turn, bells };
}

const stored = (): Stored[] =>
  [...api.objects].filter(([target]) => target.startsWith('events/')).map(([, one]) => one);
const writes = () => api.asked.filter(({ method }) => method !== 'GET');
const untilWritten = (count: number): Promise<void> =>
  comesTrue(() => {
    expect(writes()).toHaveLength(count);
  });

describe('an event', () => {
  it('is about the node, in the namespace of objects that have none', async () => {
    recorder().announce(NODE, 'Draining', 'the lease ends at 12:00', 'Warning');
    await comesTrue(() => {
      expect(stored()).toHaveLength(1);
    });
    expect(writes()[0]?.path).toBe('/apis/events.k8s.io/v1/namespaces/default/events');
    expect(stored()[0]).toMatchObject({
      metadata: { namespace: 'default', labels: { 'spot-keeper.io/fleet': 'ci' } },
      regarding: { apiVersion: 'v1', kind: 'Node', name: 'ip-10-0-0-7.ec2.internal', uid: 'node-uid' },
      reason: 'Draining',
      action: 'Draining',
      note: 'the lease ends at 12:00',
      type: 'Warning',
      eventTime: '2026-03-02T08:00:00.000000Z',
      reportingController: 'spot-keeper.io/keeper',
      reportingInstance: 'keeper-a',
    });
    expect(stored()[0]).not.toHaveProperty('series');
  });

  it('of a pool is about the ledger of its fleet, by its uid', async () => {
    const { announce } = recorder();
    announce(POOL, 'PolicyFault', 'the purchase policy threw');
    announce({ kind: 'pool', pool: 'other' }, 'PolicyFault', 'the purchase policy threw');
    await untilWritten(2);
    await comesTrue(() => {
      expect(stored()).toHaveLength(2);
    });
    expect(stored()[0]).toMatchObject({
      metadata: { namespace: 'spot', labels: { 'spot-keeper.io/pool': 'ci' } },
      regarding: { kind: 'ConfigMap', namespace: 'spot', name: 'spot-keeper-ci', uid: 'ledger-uid' },
      note: 'pool ci: the purchase policy threw',
      type: 'Normal',
    });
    expect(stored()[1]).toMatchObject({ note: 'pool other: the purchase policy threw' });
  });

  it('that repeats becomes a series, written at most every two minutes', async () => {
    const { announce, turn } = recorder();
    for (let count = 0; count < 5; count += 1) announce(NODE, 'Draining', `try ${count}`);
    announce(NODE, 'Drained', 'empty');
    await untilWritten(2);
    turn(2 * MINUTE - 1);
    announce(NODE, 'Draining', 'again');
    turn(1);
    await untilWritten(3);
    expect(writes()[2]).toMatchObject({ method: 'PATCH', contentType: 'application/merge-patch+json' });
    const draining = stored().find(({ reason }) => reason === 'Draining');
    expect(draining).toMatchObject({
      note: 'try 0',
      series: { count: 6, lastObservedTime: '2026-03-02T08:01:59.999000Z' },
    });
  });

  it('is a new one after six quiet minutes', async () => {
    const { announce, turn } = recorder();
    announce(NODE, 'Draining', 'first');
    turn(6 * MINUTE + 1);
    announce(NODE, 'Draining', 'second');
    await untilWritten(2);
    await comesTrue(() => {
      expect(stored().map(({ note }) => note)).toEqual(['first', 'second']);
    });
  });

  it('whose first writing the cluster has forgotten is written again with its series', async () => {
    const { announce, turn } = recorder();
    announce(NODE, 'Draining', 'first');
    await comesTrue(() => {
      expect(stored()).toHaveLength(1);
    });
    for (const target of [...api.objects.keys()]) if (target.startsWith('events/')) api.objects.delete(target);
    announce(NODE, 'Draining', 'second');
    turn(2 * MINUTE);
    await untilWritten(3);
    await comesTrue(() => {
      expect(stored()).toMatchObject([{ note: 'first', series: { count: 2 } }]);
    });
  });

  it('holds nobody up when the API server fails, and the next is told', async () => {
    const { announce } = recorder();
    api.fate = () => ({ status: 500 });
    announce(POOL, 'DemandCapped', '16 blocks are wanted');
    await untilWritten(1);
    api.fate = () => 'serve';
    announce(NODE, 'Draining', 'told');
    await comesTrue(() => {
      expect(stored()).toMatchObject([{ note: 'told' }]);
    });
  });

  it('is dropped, with one note, when there are too many, and told again later', async () => {
    const { announce, turn } = recorder();
    for (let count = 0; count < 60; count += 1) announce({ ...NODE, uid: `uid-${count}` }, 'Draining', 'many');
    await untilWritten(25);
    expect(notes).toEqual(['kubernetes events are dropped']);
    turn(20_000);
    for (let count = 100; count < 110; count += 1) announce({ ...NODE, uid: `uid-${count}` }, 'Draining', 'later');
    await untilWritten(27);
  });

  it('is not told after the end, and leaves no bell behind', async () => {
    const stop = new AbortController();
    const { announce, bells } = recorder(stop.signal);
    announce(NODE, 'Draining', 'first');
    announce(NODE, 'Draining', 'second');
    expect(bells.size).toBe(1);
    await untilWritten(1);
    stop.abort();
    announce(NODE, 'Drained', 'too late');
    expect(bells.size).toBe(0);
    expect(writes()).toHaveLength(1);
  });
});

describe('the text of an event', () => {
  it('has a reason in CamelCase', () => {
    expect(['PolicyFault', 'policy-fault', 'no capacity: m5.large', ' ', ''].map(reasonOf)).toEqual([
      ...['PolicyFault', 'PolicyFault', 'NoCapacityM5Large', 'Noted', 'Noted'],
    ]);
  });

  it('keeps to the limits of the API server whatever it is made from', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary', maxLength: 40 }),
          fc.string({ unit: 'grapheme', maxLength: 8 }).map((some) => some.repeat(100)),
        ),
        (text) => {
          expect(reasonOf(text)).toMatch(/^[A-Z0-9][A-Za-z0-9]{0,127}$/);
          const note = noteOf(text);
          expect(Buffer.byteLength(note)).toBeLessThanOrEqual(1_024);
          expect(note).not.toMatch(/\p{Cc}/u);
        },
      ),
    );
    expect(noteOf('ü'.repeat(600))).toBe(`${'ü'.repeat(510)}…`);
  });
});
