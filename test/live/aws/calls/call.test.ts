import { DescribeInstancesCommand, RunInstancesCommand } from '@aws-sdk/client-ec2';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { Answer } from '../../../../src/live/aws/calls/answer.ts';
import { awsCaller, type Caller, type CallerSettings } from '../../../../src/live/aws/calls/call.ts';
import type { Aws } from '../../../../src/live/aws/calls/clients.ts';
import { type Called, silent } from '../../../../src/live/ports/telemetry.ts';
import { aJumpingClock } from '../aJumpingClock.ts';
import { anInstanceXml, MONDAY } from '../anInstanceXml.ts';
import { answered, aPageOf, aScriptedAws, type Reply, refusal } from '../aScriptedAws.ts';

describe('a read', () => {
  it.each<[string, Reply]>([
    ['throttled', refusal('RequestLimitExceeded', { status: 503 })],
    ['answered by an internal error', refusal('InternalError', { status: 500 })],
    ['answered by a proxy', { status: 503, body: '<html>Service Unavailable</html>' }],
    ['reset', 'reset'],
    ['cut off', 'cut'],
    ['answered by half a document', { body: '<DescribeInstancesResponse><reservationSet>' }],
    ['refused for the clock', refusal('RequestExpired')],
  ])('that is %s is repeated, and answered', async (_, reply) => {
    const { aws, asked } = await aScriptedAws((_asked, count) => (count < 3 ? reply : aPageOf([])));
    const { caller, calls } = aCaller();
    expect(await list(caller, aws)).toMatchObject({ kind: 'ok', value: { Reservations: [] } });
    expect(asked).toHaveLength(3);
    expect(calls.map(({ outcome }) => outcome === 'ok')).toEqual([false, false, true]);
  });

  it('is given up after three requests', async () => {
    const { aws, asked } = await aScriptedAws(() => refusal('RequestLimitExceeded', { status: 503 }));
    const { caller, calls } = aCaller();
    expect(await list(caller, aws)).toMatchObject({ kind: 'failed', class: 'throttle', code: 'RequestLimitExceeded' });
    expect(asked).toHaveLength(3);
    expect(calls).toMatchObject(
      [1, 2, 3].map(() => ({ api: 'ec2', action: 'DescribeInstances', outcome: 'throttle' })),
    );
  });

  it('that is refused is asked once', async () => {
    const { aws, asked } = await aScriptedAws(() => refusal('UnauthorizedOperation', { status: 403 }));
    expect(await list(aCaller().caller, aws)).toMatchObject({ class: 'auth' });
    expect(asked).toHaveLength(1);
  });

  it('waits between repeats at most an exponential bound, by the clock of the keeper', async () => {
    const { aws } = await aScriptedAws(() => refusal('RequestLimitExceeded', { status: 503 }));
    const { caller, clock } = aCaller();
    await list(caller, aws);
    expect(clock.waits).toHaveLength(2);
    expect(clock.waits[0]).toBeLessThanOrEqual(2_000);
    expect(clock.waits[1]).toBeLessThanOrEqual(4_000);
  });

  it('waits at least as long as Retry-After says', async () => {
    const { aws } = await aScriptedAws((_, count) =>
      count === 1 ? refusal('RequestLimitExceeded', { status: 503, headers: { 'retry-after': '9' } }) : aPageOf([]),
    );
    const { caller, clock } = aCaller();
    expect((await list(caller, aws)).kind).toBe('ok');
    expect(clock.waits).toEqual([9_000]);
  });

  it('is answered at once, with the instant to ask again, where Retry-After says minutes', async () => {
    const headers = { 'retry-after': 'Mon, 02 Mar 2026 10:05:00 GMT', date: 'Mon, 02 Mar 2026 10:00:00 GMT' };
    const { aws, asked } = await aScriptedAws(() => refusal('RequestLimitExceeded', { status: 503, headers }));
    expect(await list(aCaller().caller, aws)).toMatchObject({ class: 'throttle', retryAt: MONDAY + 300_000 });
    expect(asked).toHaveLength(1);
  });

  it('that hangs is called off when its time is up', async () => {
    const passes = handledTimers();
    const { aws, asked } = await aScriptedAws((_, count) => {
      if (count > 1) return aPageOf([]);
      passes(40);
      return 'hang';
    });
    const { caller, calls } = aCaller();
    expect((await list(caller, aws, { timeoutMs: 40 })).kind).toBe('ok');
    expect(calls[0]).toMatchObject({ outcome: 'unavailable' });
    expect(asked).toHaveLength(2);
  });

  it('ends when nobody waits for it any longer', async () => {
    const { aws, asked } = await aScriptedAws(() => {
      leaving.abort();
      return 'hang';
    });
    const leaving = new AbortController();
    const { caller } = aCaller();
    expect(await list(caller, aws, { signal: leaving.signal })).toMatchObject({ kind: 'failed', class: 'unavailable' });
    expect(await list(caller, aws, { signal: leaving.signal })).toMatchObject({ code: 'CalledOff' });
    expect(asked).toHaveLength(1);
    expect(caller.inFlight).toBe(0);
  });
});

describe('a change', () => {
  it.each<[string, Reply]>([
    ['a reset', 'reset'],
    ['an answer cut off', 'cut'],
    ['an internal error', refusal('InternalError', { status: 500 })],
    ['a service that is unavailable', refusal('ServiceUnavailable', { status: 503 })],
    ['a page of a proxy', { status: 502, body: '<html>Bad Gateway</html>' }],
    ['half a document', { body: '<RunInstancesResponse><instancesSet>' }],
    ['text', { body: 'hello' }],
    ['a refusal without words', { status: 400, body: '' }],
    ['silence', 'hang'],
  ])('that met %s was sent once, and nobody knows what came of it', async (_, reply) => {
    const passes = handledTimers();
    const { aws, asked } = await aScriptedAws(() => {
      if (reply === 'hang') passes(40);
      return reply;
    });
    const { caller } = aCaller();
    expect(await launch(caller, aws, reply === 'hang' ? 40 : undefined)).toMatchObject({ class: 'unknown-outcome' });
    expect(asked).toHaveLength(1);
  });

  it.each([
    ['InsufficientInstanceCapacity', 500, 'capacity'],
    ['RequestLimitExceeded', 503, 'throttle'],
    ['RequestExpired', 400, 'clock'],
  ])('that met %s was refused, and is not sent again', async (code, status, expected) => {
    const { aws, asked } = await aScriptedAws(() => refusal(code, { status }));
    expect(await launch(aCaller().caller, aws)).toMatchObject({ class: expected, code });
    expect(asked).toHaveLength(1);
  });

  it('waits for its turn: launches go out at half of the account rate', async () => {
    const { aws } = await aScriptedAws(() => answered('RunInstances', '<instancesSet/>'));
    const { caller, clock } = aCaller();
    await Promise.all([1, 2, 3, 4].map(() => launch(caller, aws)));
    expect(clock.waits).toEqual([1_000, 2_000]);
  });

  it('goes by the rates that it is given', async () => {
    const { aws } = await aScriptedAws(() => answered('RunInstances', '<instancesSet/>'));
    const { caller, clock } = aCaller({ buckets: { RunInstances: { burst: 1, perSecond: 0.1 } } });
    await Promise.all([launch(caller, aws), launch(caller, aws)]);
    expect(clock.waits).toEqual([10_000]);
  });
});

describe('the caller', () => {
  it('counts the calls that are not answered', async () => {
    const { aws } = await aScriptedAws(() => aPageOf([anInstanceXml()]));
    const { caller } = aCaller();
    const calls = [list(caller, aws), list(caller, aws)];
    expect(caller.inFlight).toBe(2);
    await Promise.all(calls);
    expect(caller.inFlight).toBe(0);
  });

  it('answers also what is thrown before anything is sent, and whatever is thrown', async () => {
    const { caller } = aCaller();
    const thrown = await caller.call('ec2', 'DescribeInstances', () => {
      throw new TypeError('not a command');
    });
    expect(thrown).toMatchObject({ kind: 'failed', class: 'unavailable', message: 'not a command' });
    // It is no error, and some library will reject with it all the same.
    const odd = await caller.call('ec2', 'RunInstances', () => Promise.reject(Object('odd') as Error), {
      mutating: true,
    });
    expect(odd).toMatchObject({ kind: 'failed', class: 'unknown-outcome' });
  });

  it('gives up a call that takes no notice of its signal', async () => {
    const { caller } = aCaller();
    let told: AbortSignal | undefined;
    const never = (signal: AbortSignal): Promise<never> => {
      told = signal;
      return new Promise(() => undefined);
    };
    const options = { mutating: true, timeoutMs: 20 };
    expect(await caller.call('ec2', 'RunInstances', never, options)).toMatchObject({ class: 'unknown-outcome' });
    expect(told?.aborted).toBe(true);
  });

  it('knows how far the clock of AWS is ahead', async () => {
    const ahead = (): string => new Date(Date.now() + 3_600_000).toUTCString();
    const { aws } = await aScriptedAws(() => refusal('UnauthorizedOperation', { headers: { date: ahead() } }));
    const { caller } = aCaller({ skewMs: aws.skewMs });
    expect(caller.clockSkewMs).toBeUndefined();
    await list(caller, aws);
    expect(Math.abs((caller.clockSkewMs ?? 0) - 3_600_000)).toBeLessThan(1_800_000);
  });
});

/** Timers go only as the test lets time pass: no answer is late because the machine is slow. */
function handledTimers(): (ms: number) => void {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  onTestFinished(() => {
    vi.useRealTimers();
  });
  return (ms) => vi.advanceTimersByTime(ms);
}

function aCaller(settings: Partial<CallerSettings> = {}) {
  const clock = aJumpingClock(MONDAY);
  const calls: Called[] = [];
  const telemetry = { ...silent, called: (call: Called) => calls.push(call) };
  return { caller: awsCaller({ telemetry, clock, ...settings }), clock, calls };
}

const list = (caller: Caller, aws: Aws, options = {}): Promise<Answer<unknown>> =>
  caller.call(
    'ec2',
    'DescribeInstances',
    (abortSignal) => aws.ec2.send(new DescribeInstancesCommand({}), { abortSignal }),
    options,
  );

const launch = (caller: Caller, aws: Aws, timeoutMs?: number): Promise<Answer<unknown>> =>
  caller.call(
    'ec2',
    'RunInstances',
    (abortSignal) =>
      aws.ec2.send(new RunInstancesCommand({ MinCount: 1, MaxCount: 1, ClientToken: 'token' }), { abortSignal }),
    { mutating: true, ...(timeoutMs === undefined ? {} : { timeoutMs }) },
  );
