import { setImmediate } from 'node:timers/promises';
import { V1Lease, V1ObjectMeta } from '@kubernetes/client-node';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ELECTION, type Leadership, lead, overAfterMs } from '../../../../src/live/kubernetes/election/leadership.ts';
import type { LeaseApi } from '../../../../src/live/kubernetes/election/leaseObject.ts';
import type { KubeAnswer, KubeFailure } from '../../../../src/live/kubernetes/kubeClient.ts';
import { silent } from '../../../../src/live/ports/telemetry.ts';
import { minutes, seconds } from '../../../support/lengths.ts';

/** Time that goes on when nobody has anything left to do, and processes that may stand still in it. */
function aTime() {
  let now = 0;
  let bells: { readonly at: number; readonly ring: () => void }[] = [];
  return {
    now: () => now,
    at: (at: number, ring: () => void) => {
      bells.push({ at, ring });
    },
    async goOnTo(end: number) {
      for (;;) {
        for (let turns = 0; turns < 4; turns += 1) await setImmediate();
        bells.sort((one, other) => one.at - other.at);
        const next = bells[0];
        if (next === undefined || next.at > end) break;
        bells = bells.slice(1);
        now = Math.max(now, next.at);
        next.ring();
      }
      now = end;
    },
  };
}

/** Since when and until when a process stands still: SIGSTOP, a machine that swaps, a virtual machine that moves. */
interface Pause {
  readonly from: number;
  readonly until: number;
}

/** A call to EC2 as the process made it. It reaches EC2 some time before its end. */
interface Call {
  readonly by: string;
  readonly from: number;
  readonly until: number;
  /** The process stood still between asking whether it may and sending. */
  readonly wasPaused: boolean;
}

type Time = ReturnType<typeof aTime>;

/** One Lease object, over a network that takes its time and loses answers. */
function anApi(time: Time, lagMs: () => number, isLost: () => boolean) {
  let stored: V1Lease | undefined;
  let version = 1;
  const conflict: KubeFailure = { kind: 'failed', class: 'conflict', message: 'newer' };
  const put = (body: V1Lease): V1Lease => {
    version += 1;
    const metadata = Object.assign(new V1ObjectMeta(), body.metadata, { resourceVersion: String(version) });
    stored = Object.assign(new V1Lease(), body, { metadata });
    return stored;
  };
  class Refused extends Error {
    readonly failure: KubeFailure;
    constructor(failure: KubeFailure) {
      super(failure.message);
      this.failure = failure;
    }
  }
  const arrived = (): Promise<void> =>
    new Promise((resolve) => {
      time.at(time.now() + lagMs(), resolve);
    });
  return (wakes: (at: number) => number): LeaseApi => ({
    coordination: {
      readNamespacedLease: async () => {
        await arrived();
        return stored ?? refuse({ kind: 'failed', class: 'not-found', message: 'none' });
      },
      createNamespacedLease: async ({ body }) => {
        await arrived();
        return stored === undefined ? put(body) : refuse(conflict);
      },
      replaceNamespacedLease: async ({ body }) => {
        await arrived();
        return stored?.metadata?.resourceVersion === body.metadata?.resourceVersion ? put(body) : refuse(conflict);
      },
    },
    call: <Value>(_: string, send: (cutOff: AbortSignal) => Promise<Value>, { timeoutMs = seconds(10) } = {}) =>
      new Promise<KubeAnswer<Value>>((resolve) => {
        const answer = (value: KubeAnswer<Value>): void => {
          time.at(wakes(time.now()), () => {
            resolve(value);
          });
        };
        time.at(time.now() + timeoutMs, () => {
          answer({ kind: 'failed', class: 'unreachable', message: 'no answer' });
        });
        send(new AbortController().signal).then(
          (value) => {
            if (isLost()) return;
            time.at(time.now() + lagMs(), () => {
              answer({ kind: 'ok', value });
            });
          },
          (error: unknown) => {
            if (error instanceof Refused) answer(error.failure);
          },
        );
      }),
  });

  function refuse(failure: KubeFailure): never {
    throw new Refused(failure);
  }
}

/** A keeper that makes calls without a pause whenever it may, each as long as may be. */
function aKeeper(time: Time, api: ReturnType<typeof anApi>, identity: string, pauses: readonly Pause[], calls: Call[]) {
  const wakes = (at: number): number => pauses.find(({ from, until }) => from <= at && at < until)?.until ?? at;
  const stop = new AbortController();
  const begins: { readonly by: string; readonly at: number }[] = [];
  let tenure: number | undefined;
  const sleep = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      time.at(time.now() + ms, () => {
        time.at(wakes(time.now()), resolve);
      });
    });
  const leadership: Leadership = lead(
    {
      ...{ kube: api(wakes), namespace: 'ci', name: 'l', identity, telemetry: silent, signal: stop.signal },
      ...{ now: time.now, pause: sleep },
    },
    {
      leading: (now, quietMs) => {
        tenure = now;
        void act(now, quietMs);
      },
      lost: () => {
        tenure = undefined;
      },
    },
  );
  return { begins, stop, leadership };

  async function act(now: number, quietMs: number): Promise<void> {
    if (quietMs > 0) await sleep(quietMs);
    let hasBegun = false;
    while (tenure === now && !stop.signal.aborted) {
      if (leadership.mayMutate()) {
        // One that hears late that it leads leads no more, and begins nothing.
        if (!hasBegun) begins.push({ by: identity, at: time.now() });
        hasBegun = true;
        const askedAt = time.now();
        const from = wakes(askedAt);
        // Cut off after `callMs`, and as long again in the hands of the server.
        calls.push({ by: identity, from, until: from + 2 * ELECTION.callMs, wasPaused: from !== askedAt });
      }
      await sleep(500);
    }
  }
}

const pauses = fc
  .array(fc.record({ from: fc.nat(minutes(2)), lastsMs: fc.nat(seconds(40)) }), { maxLength: 3 })
  .map((list) => list.map(({ from, lastsMs }): Pause => ({ from, until: from + lastsMs })));

it('no call of a former leader is on its way when the next begins, but of one that stood still between its check and its call', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.tuple(pauses, pauses),
      fc.infiniteStream(fc.nat(1_500)),
      fc.infiniteStream(fc.nat(9)),
      async (paused, lags, losses) => {
        const time = aTime();
        const api = anApi(
          time,
          () => Number(lags.next().value),
          () => losses.next().value === 0,
        );
        const calls: Call[] = [];
        const keepers = paused.map((own, index) => aKeeper(time, api, `keeper-${index}`, own, calls));
        await time.goOnTo(minutes(3));
        for (const { stop } of keepers) stop.abort();
        const begins = keepers.flatMap((keeper) => keeper.begins).sort((one, other) => one.at - other.at);
        for (const [index, begun] of begins.entries()) {
          // Until it begins again itself, a former leader makes no call, and none of its calls is on its way.
          const untilAt = begins[index + 1]?.at ?? time.now();
          const strays = calls.filter(
            ({ by, from, until, wasPaused }) => by !== begun.by && !wasPaused && from < untilAt && until > begun.at,
          );
          expect(strays, `calls of others when ${begun.by} began at ${begun.at}`).toEqual([]);
        }
        await time.goOnTo(minutes(4));
      },
    ),
    { numRuns: 25 },
  );
});

it('the next one acts within 20 s of the death of a leader, whenever that comes', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: seconds(30), max: seconds(40) }), async (diesAt) => {
      const time = aTime();
      const api = anApi(
        time,
        () => 20,
        () => false,
      );
      const calls: Call[] = [];
      // One that never wakes is dead.
      const dead = [{ from: diesAt, until: Number.MAX_SAFE_INTEGER }];
      const first = aKeeper(time, api, 'keeper-0', dead, calls);
      await time.goOnTo(seconds(5));
      const second = aKeeper(time, api, 'keeper-1', [], calls);
      await time.goOnTo(diesAt + minutes(1));
      first.stop.abort();
      second.stop.abort();
      const [begun] = second.begins;
      expect(begun?.at ?? Number.NaN).toBeLessThanOrEqual(diesAt + seconds(20));
      expect(begun?.at).toBeGreaterThan(diesAt - ELECTION.retryMs + overAfterMs(ELECTION));
    }),
    { numRuns: 15 },
  );
});
