import { afterEach, describe, expect, it } from 'vitest';
import { hours, seconds } from '../../../../src/domain/time.ts';
import type { LaunchAnswer } from '../../../../src/live/aws/launch/launchAnswer.ts';
import { type Settling, settleLaunch } from '../../../../src/live/aws/launch/settleLaunch.ts';
import { AT, anInstance, anIntent, aTemplate, LAUNCHED, listOf } from './anIntent.ts';
import { type Answered, jumpingClock, type Script, type Scripted, scriptedAws } from './scriptedAws.ts';
import type { Xml } from './xml.ts';

let aws: Scripted;

afterEach(() => aws.close());

const intent = anIntent();
const granting = { instancesSet: [anInstance(intent)] };
const throttled = { error: 'RequestLimitExceeded', status: 503 };
const dead = anInstance(intent, {
  instanceState: { code: 48, name: 'terminated' },
  stateReason: { code: 'Client.UserInitiatedShutdown', message: 'by a user' },
});

const settled = async (script: Script, how: Settling = {}, clock = jumpingClock()): Promise<LaunchAnswer> => {
  aws = await scriptedAws({ DescribeInstances: () => listOf(), ...script }, clock);
  return settleLaunch(aws, intent, aTemplate(), how);
};

/** One answer after the other, and the last one for ever. */
const inTurn =
  (...answers: readonly Answered[]): Script[string] =>
  (_, count) =>
    answers[Math.min(count, answers.length - 1)] ?? 'lost';

describe('a launch whose answer is lost', () => {
  it('is repeated as the very same call, and EC2 answers with the instance of the first', async () => {
    const bought = new Map<string, Xml>();
    const answer = await settled({
      RunInstances: ({ ClientToken: token = '' }, count) => {
        if (!bought.has(token)) bought.set(token, anInstance(intent, { instanceId: `i-0${count}` }));
        return count === 0 ? 'lost' : { instancesSet: [bought.get(token) ?? {}] };
      },
    });
    expect(answer).toMatchObject({ kind: 'granted', lease: { instanceId: 'i-00', startsAt: LAUNCHED } });
    expect(bought.size).toBe(1);
    const [first, second, ...more] = aws.sent('RunInstances');
    expect(second).toEqual(first);
    expect(more).toEqual([]);
  });

  it('is found by its tags before it is repeated, if EC2 shows it', async () => {
    const answer = await settled({
      RunInstances: () => 'lost',
      DescribeInstances: () => listOf(anInstance(intent)),
    });
    expect(answer).toMatchObject({ kind: 'granted', lease: { instanceId: 'i-0abc', offer: intent.offer } });
    expect(aws.sent('RunInstances')).toHaveLength(1);
  });

  it('is found where EC2 does not say when it was launched, and began when it was decided', async () => {
    const answer = await settled({
      RunInstances: () => 'lost',
      DescribeInstances: () => listOf(anInstance(intent, { launchTime: '' })),
    });
    expect(answer).toMatchObject({ kind: 'granted', lease: { instanceId: 'i-0abc', startsAt: intent.at } });
  });

  it('is not refused because its repeat was throttled', async () => {
    expect(await settled({ RunInstances: inTurn('lost', throttled, throttled, granting) })).toMatchObject({
      kind: 'granted',
    });
    expect(aws.sent('RunInstances')).toHaveLength(4);
  });

  it('is told of once for each reason, and so is the block that nobody waits for any more', async () => {
    const told: string[] = [];
    const clock = jumpingClock();
    const cancelled = new AbortController();
    const broken = { error: 'InternalError', status: 500 };
    const answer = await settled(
      {
        RunInstances: (_, count) => {
          if (count === 4) cancelled.abort();
          return count < 2 ? 'lost' : broken;
        },
      },
      { cancelled: cancelled.signal, doubted: (why) => told.push(why) },
      clock,
    );
    expect(told).toHaveLength(2);
    expect(told[1]).toContain('InternalError');
    expect(answer).toMatchObject({
      kind: 'refused',
      refusal: 'cancelled',
      message: expect.stringContaining(told[1] ?? '') as string,
    });
  });

  it('is refused with its repeat only after EC2 was looked at for long', async () => {
    const clock = jumpingClock(AT);
    const full = { error: 'InsufficientInstanceCapacity', status: 500 };
    expect(await settled({ RunInstances: inTurn('lost', full) }, {}, clock)).toMatchObject({
      kind: 'refused',
      refusal: 'no-capacity',
    });
    expect(clock.now() - AT).toBeGreaterThanOrEqual(seconds(60));
  });

  it('is granted although its repeat was refused, when EC2 shows the instance late', async () => {
    const answer = await settled({
      RunInstances: inTurn('lost', { error: 'InsufficientInstanceCapacity', status: 500 }),
      DescribeInstances: inTurn(listOf(), listOf(), 'lost', listOf(anInstance(intent))),
    });
    expect(answer).toMatchObject({ kind: 'granted', lease: { instanceId: 'i-0abc' } });
  });

  it('is over when its instance is', async () => {
    expect(await settled({ RunInstances: () => 'lost', DescribeInstances: () => listOf(dead) })).toMatchObject({
      kind: 'refused',
      refusal: 'cancelled',
      hasDied: true,
    });
    await aws.close();
    const terminated = { error: 'IdempotentInstanceTerminated' };
    expect(await settled({ RunInstances: inTurn('lost', terminated) })).toMatchObject({ refusal: 'no-capacity' });
  });
});

describe('a first call that is refused', () => {
  it('needs no look: nothing was bought', async () => {
    expect(await settled({ RunInstances: () => throttled })).toMatchObject({ kind: 'refused', refusal: 'throttled' });
    expect(aws.sent('DescribeInstances')).toEqual([]);
  });

  it('is looked into where EC2 knows the token from another call', async () => {
    const clock = jumpingClock(AT);
    const mismatch = { error: 'IdempotentParameterMismatch' };
    expect(await settled({ RunInstances: () => mismatch }, {}, clock)).toMatchObject({ kind: 'refused' });
    expect(aws.sent('RunInstances')).toHaveLength(1);
    expect(clock.now() - AT).toBeGreaterThanOrEqual(seconds(60));
  });
});

describe('a launch that is cancelled', () => {
  /** RunInstances that nobody answers, cancelled at its second call. */
  const cancelledAtSecond = (): { readonly script: Script; readonly how: Settling } => {
    const cancelled = new AbortController();
    const RunInstances: Script[string] = (_, count) => {
      if (count === 1) cancelled.abort();
      return 'lost';
    };
    return { script: { RunInstances }, how: { cancelled: cancelled.signal } };
  };

  it('sends nothing more, and is refused when a minute of looking shows nothing', async () => {
    const clock = jumpingClock(AT);
    const { script, how } = cancelledAtSecond();
    expect(await settled(script, how, clock)).toMatchObject({ kind: 'refused', refusal: 'cancelled' });
    expect(aws.sent('RunInstances')).toHaveLength(2);
    expect(clock.now() - AT).toBeGreaterThanOrEqual(seconds(60));
  });

  it('is granted all the same when an instance shows up: the keeper decides about it', async () => {
    const { script, how } = cancelledAtSecond();
    const DescribeInstances: Script[string] = (_, count) => (count < 8 ? listOf() : listOf(anInstance(intent)));
    expect(await settled({ ...script, DescribeInstances }, how)).toMatchObject({
      kind: 'granted',
      lease: { instanceId: 'i-0abc' },
    });
  });

  it('does not take an endpoint that answers nothing for one that shows nothing', async () => {
    const { script, how } = cancelledAtSecond();
    let looks = 0;
    const clock = jumpingClock(AT);
    const DescribeInstances = (): Answered => {
      looks += 1;
      return clock.now() < AT + seconds(600) ? { raw: '', status: 200 } : listOf(anInstance(intent));
    };
    expect(await settled({ ...script, DescribeInstances }, how, clock)).toMatchObject({ kind: 'granted' });
    expect(looks).toBeGreaterThan(20);
  });

  it('before its first call was never sent', async () => {
    expect(await settled({}, { cancelled: AbortSignal.abort() })).toMatchObject({ refusal: 'cancelled' });
    expect(aws.sent('RunInstances')).toEqual([]);
    expect(aws.sent('DescribeInstances')).toEqual([]);
  });
});

describe('a launch that an earlier life of the keeper left behind', () => {
  it('is looked for before it is sent again', async () => {
    const DescribeInstances = (): Answered => listOf(anInstance(intent));
    expect(await settled({ DescribeInstances }, { isResumed: true })).toMatchObject({ kind: 'granted' });
    expect(aws.sent('RunInstances')).toEqual([]);
  });

  it('is sent again as it was while EC2 remembers its token', async () => {
    expect(await settled({ RunInstances: () => granting }, { isResumed: true })).toMatchObject({ kind: 'granted' });
  });

  it('is not sent again when EC2 may have forgotten its token', async () => {
    const nextDay = jumpingClock(AT + hours(20));
    expect(await settled({ RunInstances: () => granting }, { isResumed: true }, nextDay)).toMatchObject({
      kind: 'refused',
      code: 'TokenTooOld',
    });
    expect(aws.sent('RunInstances')).toEqual([]);
  });

  it('is only looked for when nobody wants it any longer', async () => {
    const how = { isResumed: true, cancelled: AbortSignal.abort() };
    expect(await settled({}, how)).toMatchObject({ kind: 'refused', refusal: 'cancelled' });
    expect(aws.sent('RunInstances')).toEqual([]);
    expect(aws.sent('DescribeInstances').length).toBeGreaterThan(3);
  });
});

describe('a process that stops', () => {
  it('leaves a launch in doubt as it is, for the next', async () => {
    const stopped = new AbortController();
    const RunInstances = (): Answered => {
      stopped.abort();
      return 'lost';
    };
    expect(await settled({ RunInstances }, { stopped: stopped.signal })).toMatchObject({ kind: 'unknown' });
    expect(aws.sent('RunInstances')).toHaveLength(1);
  });
});
