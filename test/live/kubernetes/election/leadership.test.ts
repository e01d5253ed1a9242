import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ELECTION, type Leadership, lead, overAfterMs } from '../../../../src/live/kubernetes/election/leadership.ts';
import { comesTrue } from '../../../support/comesTrue.ts';
import { type ScriptedApi, scriptedApi } from '../ledger/scriptedApi.ts';

const LEASE = 'leases/spot-keeper';
/** The usual durations by a clock that the test turns, and real waits of a few milliseconds between tries. */
const DURATIONS = { leaseMs: 15_000, renewMs: 10_000, retryMs: 3, callMs: 4_000 };

let api: ScriptedApi;
let stops: AbortController[] = [];
let leaderships: Leadership[] = [];

beforeEach(async () => {
  api = await scriptedApi();
});

afterEach(async () => {
  api.fate = () => 'serve';
  for (const stop of stops) stop.abort();
  await Promise.all(leaderships.map((one) => one.released()));
  await api.close();
  stops = [];
  leaderships = [];
});

function contender(identity: string) {
  const stop = new AbortController();
  const clock = { now: 1_000_000 };
  const news: string[] = [];
  const leadership = lead(
    {
      kube: api.kube(),
      namespace: 'ci',
      name: 'spot-keeper',
      identity,
      telemetry: { called: () => undefined, noted: () => undefined },
      signal: stop.signal,
      now: () => clock.now,
      durations: DURATIONS,
    },
    {
      leading: (tenure, quietMs) => news.push(`leading ${tenure}${quietMs > 0 ? ` quiet ${quietMs}` : ''}`),
      lost: (why) => news.push(`lost: ${why}`),
    },
  );
  stops.push(stop);
  leaderships.push(leadership);
  return { leadership, clock, news, stop };
}

/** Waits for something to come true; how long that takes does not matter. */
const until = (condition: () => boolean): Promise<void> =>
  comesTrue(() => {
    expect(condition()).toBe(true);
  });

/** Waits until so many more requests have been served. */
const rounds = async (count: number): Promise<void> => {
  const from = api.asked.length;
  await until(() => api.asked.length >= from + count);
};

const spec = () => api.objects.get(LEASE)?.spec ?? {};

/** A lease as another holder left it. */
function heldBy(holder: string, term = 4): void {
  const time = '2026-03-02T08:00:00.000000Z';
  api.objects.set(LEASE, {
    metadata: { name: 'spot-keeper', resourceVersion: '7', labels: { team: 'ci' } },
    spec: {
      holderIdentity: holder,
      leaseDurationSeconds: 15,
      leaseTransitions: term,
      acquireTime: time,
      renewTime: time,
    },
  });
}

describe('leadership', () => {
  it('makes the lease where there is none, and leads without a quiet time', async () => {
    const a = contender('keeper-a');
    await until(() => a.news.length > 0);
    expect(a.news).toEqual(['leading 0']);
    expect(a.leadership).toMatchObject({ tenure: 0, holder: 'keeper-a' });
    expect(a.leadership.mayMutate()).toBe(true);
    expect(spec()).toMatchObject({ holderIdentity: 'keeper-a', leaseDurationSeconds: 15, leaseTransitions: 0 });
    expect(spec()['renewTime']).toMatch(/T[\d:]{8}\.\d{6}Z$/);
  });

  it('lets one of two candidates lead while it renews', async () => {
    const [a, b] = [contender('keeper-a'), contender('keeper-b')];
    await until(() => a.news.length + b.news.length > 0);
    await rounds(20);
    expect([...a.news, ...b.news]).toEqual(['leading 0']);
    expect([a, b].filter(({ leadership }) => leadership.mayMutate())).toHaveLength(1);
    expect(a.leadership.holder).toBe(b.leadership.holder);
  });

  it('takes over from a silent holder once its record stood unchanged for the whole lease, whatever its timestamps say', async () => {
    heldBy('keeper-z');
    const a = contender('keeper-a');
    await until(() => a.leadership.holder === 'keeper-z');
    a.clock.now += 14_999;
    await rounds(3);
    expect(a.news).toEqual([]);
    // A renewal starts the count again.
    api.edit(LEASE, (lease) => (lease.spec!['renewTime'] = '2026-03-02T08:00:02.000000Z'));
    await rounds(3);
    a.clock.now += 14_999;
    await rounds(3);
    expect(a.news).toEqual([]);
    a.clock.now += 1;
    await until(() => a.news.length > 0);
    expect(a.news).toEqual(['leading 5']);
    expect(api.objects.get(LEASE)?.metadata.labels).toEqual({ team: 'ci' });
  });

  it('hands over at once when it is stopped, and mutates nothing from then on', async () => {
    const a = contender('keeper-a');
    await until(() => a.news.length > 0);
    const b = contender('keeper-b');
    await rounds(4);
    a.stop.abort();
    expect(a.leadership.mayMutate()).toBe(false);
    await a.leadership.released();
    await until(() => b.news.length > 0);
    expect(b.news).toEqual(['leading 1']);
    expect(a.news).toEqual(['leading 0']);
  });

  it('releases although the answer to its last renewal was lost', async () => {
    const a = contender('keeper-a');
    await until(() => a.news.length > 0);
    const renewed = new Promise<void>((resolve) => {
      api.fate = ({ method }) => {
        if (method !== 'PUT') return 'serve';
        api.fate = () => 'serve';
        resolve();
        return 'lose answer';
      };
    });
    await renewed;
    a.stop.abort();
    await a.leadership.released();
    expect(spec()['holderIdentity']).toBe('');
  });

  it('may not mutate after a pause, nor renew as if nothing had been', async () => {
    const a = contender('keeper-a');
    const b = contender('keeper-b');
    await until(() => a.news.length + b.news.length > 0);
    const [leader, other] = a.news.length > 0 ? [a, b] : [b, a];
    await until(() => other.leadership.holder !== undefined);
    // The leader's process stands still: its renewals do not reach the server, and its clock goes on.
    let hold: (() => void)[] = [];
    api.fate = ({ method, body }) =>
      method === 'PUT' && body?.spec?.['holderIdentity'] === leader.leadership.holder
        ? new Promise((resolve) =>
            hold.push(() => {
              resolve('serve');
            }),
          )
        : 'serve';
    await until(() => hold.length > 0);
    leader.clock.now += 60_000;
    expect(leader.leadership.mayMutate()).toBe(false);
    await rounds(3);
    other.clock.now += 15_000;
    await until(() => other.news.length > 0);
    expect(other.news).toEqual(['leading 1']);
    // It wakes, and its renewal arrives after all.
    for (const go of hold) go();
    hold = [];
    api.fate = () => 'serve';
    await until(() => leader.news.length > 1);
    expect(leader.news).toEqual(['leading 0', expect.stringMatching(/^lost: /)]);
    expect(leader.leadership.mayMutate()).toBe(false);
    expect(other.leadership.mayMutate()).toBe(true);
  });

  it('stops mutating one call before its deadline, and leads no more at the deadline, while the API server fails', async () => {
    const a = contender('keeper-a');
    await until(() => a.news.length > 0);
    api.fate = () => ({ status: 500 });
    await rounds(2);
    a.clock.now += DURATIONS.renewMs - DURATIONS.callMs - 1;
    expect([a.leadership.mayMutate(), a.leadership.reachable()]).toEqual([true, true]);
    a.clock.now += 1;
    expect([a.leadership.mayMutate(), a.leadership.reachable()]).toEqual([false, false]);
    expect(a.news).toEqual(['leading 0']);
    a.clock.now += DURATIONS.callMs;
    await until(() => a.news.length > 1);
    expect(a.news[1]).toMatch(/^lost: no renewal for 10000 ms: scripted 500/);
    // The server is back: the lease is still its own, and yet this is another tenure.
    api.fate = () => 'serve';
    await until(() => a.news.length > 2);
    expect(a.news[2]).toBe('leading 1 quiet 4000');
    expect(a.leadership.reachable()).toBe(true);
  });

  it('hears of the API server as one that waits, too', async () => {
    heldBy('keeper-z');
    const a = contender('keeper-a');
    expect(a.leadership.reachable()).toBe(false);
    await until(() => a.leadership.reachable());
    api.fate = () => ({ status: 503 });
    await rounds(2);
    a.clock.now += DURATIONS.renewMs - DURATIONS.callMs;
    expect(a.leadership.reachable()).toBe(false);
    await rounds(4);
    expect(a.leadership.reachable()).toBe(false);
    api.fate = () => 'serve';
    await until(() => a.leadership.reachable());
    expect(a.news).toEqual([]);
  });

  it('counts a renewal from when it was sent, not from when it was answered', async () => {
    const a = contender('keeper-a');
    await until(() => a.news.length > 0);
    let puts = 0;
    api.fate = ({ method }) => {
      if (method !== 'PUT') return 'serve';
      puts += 1;
      if (puts > 1) return { status: 500 };
      a.clock.now += 7_000;
      return 'serve';
    };
    await until(() => puts > 1);
    expect(a.leadership.mayMutate()).toBe(false);
    expect(a.news).toEqual(['leading 0']);
  });

  it.each(['lose answer', 'lose request'] as const)('keeps leading when its renewals %s now and then', async (fate) => {
    const a = contender('keeper-a');
    await until(() => a.news.length > 0);
    let puts = 0;
    api.fate = ({ method }) => (method === 'PUT' && ++puts % 3 !== 0 ? fate : 'serve');
    await until(() => puts >= 9);
    expect(a.news).toEqual(['leading 0']);
    expect(spec()['leaseTransitions']).toBe(0);
  });

  it('knows its own claim again when the answer to it was lost', async () => {
    heldBy('');
    let lost = false;
    api.fate = ({ method }) => {
      if (method !== 'PUT' || lost) return 'serve';
      lost = true;
      return 'lose answer';
    };
    const a = contender('keeper-a');
    await until(() => a.news.length > 0);
    expect(a.news).toEqual(['leading 6 quiet 14000']);
  });

  it('takes its own lease over at once after a crash, as another tenure and with a quiet time', async () => {
    heldBy('keeper-a');
    const a = contender('keeper-a');
    await until(() => a.news.length > 0);
    expect(a.news).toEqual(['leading 5 quiet 14000']);
  });

  it('does not fight with a second process of the same identity', async () => {
    const a = contender('keeper-a');
    await until(() => a.news.length > 0);
    const twin = contender('keeper-a');
    await until(() => twin.leadership.holder !== undefined);
    await rounds(30);
    // It takes the lease for its own of before a crash, once, if no renewal comes between; and nobody takes it back.
    expect([2, 0]).toContain(a.news.length + twin.news.length - 1);
    expect([a, twin].filter(({ leadership }) => leadership.mayMutate())).toHaveLength(1);
  });

  it('gives way to whoever was written into the lease, and to a deletion', async () => {
    const a = contender('keeper-a');
    await until(() => a.news.length > 0);
    api.edit(LEASE, (lease) => (lease.spec!['holderIdentity'] = 'somebody'));
    await until(() => a.news.length > 1);
    expect(a.news[1]).toBe('lost: somebody holds the lease');
    a.clock.now += 15_000;
    await until(() => a.news.length > 2);
    expect(a.news[2]).toBe('leading 1');
    api.objects.delete(LEASE);
    await until(() => a.news.length > 4);
    // The tenure never falls, and a holder may have been there that nobody sees any more.
    expect(a.news.slice(3)).toEqual(['lost: the lease was deleted', 'leading 2 quiet 14000']);
  });

  it.each([
    ['an empty object', '{}'],
    ['a page of HTML', '<html>maintenance</html>'],
    ['a lease without metadata', '{"kind":"Lease","spec":{}}'],
    ['half a lease', '{"kind":"Lease","metadata":{"resourceVersion":"1"},"spec":{"holderIden'],
  ])('does not take %s for a lease that nobody holds', async (_, text) => {
    heldBy('keeper-z');
    api.fate = () => ({ status: 200, text });
    const a = contender('keeper-a');
    await rounds(4);
    expect(api.asked.every(({ method }) => method === 'GET')).toBe(true);
    expect(a.leadership.holder).toBeUndefined();
  });

  it('has durations in which a call ends before another leads', () => {
    expect(ELECTION.callMs).toBeLessThan(ELECTION.leaseMs - ELECTION.renewMs);
    // So a lease that has run out needs no quiet time.
    expect(overAfterMs(ELECTION)).toBeLessThan(ELECTION.leaseMs);
  });
});
