import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { awsCaller } from '../../../../src/live/aws/calls/call.ts';
import { type Interruption, watchInterruptions } from '../../../../src/live/aws/notices/interruptions.ts';
import { silent } from '../../../../src/live/ports/telemetry.ts';
import { minutes } from '../../../support/lengths.ts';
import { aJumpingClock } from '../aJumpingClock.ts';
import { anEvent, aWarning } from '../anEvent.ts';
import { MONDAY } from '../anInstanceXml.ts';
import { aScriptedAws, type Reply } from '../aScriptedAws.ts';

const RECLAIM: Interruption = { kind: 'reclaim', instanceId: 'i-0a1', reclaimAt: MONDAY + minutes(2) };

describe('the queue', () => {
  it('tells of every instance, and each message stays until it is let go', async () => {
    const { news, deleted, polls } = await watched([
      messages(aWarning(), anEvent('EC2 Instance Rebalance Recommendation', { 'instance-id': 'i-0b2' })),
    ]);
    expect(news).toEqual([RECLAIM, { kind: 'atRisk', instanceId: 'i-0b2' }]);
    expect(deleted).toEqual(['handle-0']);
    expect(polls[0]).toMatchObject({ MaxNumberOfMessages: 10, WaitTimeSeconds: 20, VisibilityTimeout: 20 });
  });

  it('is rid at once of what is no news of an instance here', async () => {
    const { news, deleted, notes } = await watched([
      messages(aWarning('i-0a1', { region: 'eu-west-1' }), anEvent('Something New', {})),
    ]);
    expect(news).toEqual([]);
    expect(deleted).toHaveLength(2);
    expect(notes).toEqual(['queue message other', 'queue message other']);
  });

  it('keeps what cannot be read for people to find, and says so once however often it comes', async () => {
    const { news, deleted, notes } = await watched([
      messages('hello', aWarning(), `[${aWarning()},1]`),
      messages('hello'),
    ]);
    expect(news).toEqual([RECLAIM, RECLAIM]);
    // Of one that can be read in part the rest is still to be found.
    expect(deleted).toEqual(['handle-1']);
    expect(notes).toEqual(['queue message unreadable', 'queue message unreadable']);
  });

  it('keeps what could not be taken in', async () => {
    const { deleted, notes } = await watched([messages(aWarning())], () => {
      throw new Error('full');
    });
    expect(deleted).toEqual([]);
    expect(notes).toEqual(['interruption not taken in']);
  });

  it('that is empty, or shows only what it has shown before, is asked again after a pause', async () => {
    const { clock, news } = await watched([messages(), {}, messages('x'), messages('x'), messages('x', aWarning())]);
    expect(clock.waits).toEqual([1_000, 1_000, 1_000]);
    expect(news).toEqual([RECLAIM]);
  });

  it('that is full of what was shown before is asked again soon: behind what nobody can read a notice may wait', async () => {
    const unread = Array.from({ length: 10 }, () => 'x');
    const { clock, news } = await watched([messages(...unread), messages(...unread), messages(aWarning())]);
    // The last is not full.
    expect(clock.waits).toEqual([100, 1_000]);
    expect(news).toEqual([RECLAIM]);
  });

  it('that is denied is degraded, once, until it answers again', async () => {
    const denied = jsonError(403, 'AccessDeniedException');
    const { clock, notes, news } = await watched([denied, denied, denied, messages(aWarning()), denied]);
    expect(notes).toEqual([
      'interruption queue degraded',
      'interruption queue answers again',
      'interruption queue degraded',
    ]);
    expect(news).toEqual([RECLAIM]);
    [2_000, 4_000, 8_000].forEach((bound, count) => {
      expect(clock.waits[count]).toBeLessThanOrEqual(bound);
      expect(clock.waits[count]).toBeGreaterThanOrEqual(bound / 2);
    });
  });

  it('that asks to come again in an hour is asked a minute later', async () => {
    const away = { status: 503, headers: { 'content-type': 'text/html', 'retry-after': '3600' }, body: '<html/>' };
    const { clock, news } = await watched([away, messages(aWarning())]);
    expect(clock.waits).toEqual([60_000]);
    expect(news).toEqual([RECLAIM]);
  });

  it.each<[string, Reply]>([
    ['deleted', jsonError(400, 'com.amazonaws.sqs#QueueDoesNotExist')],
    ['answered by a proxy', { body: '<html/>' }],
    ['answered with a message that was changed on its way', tampered()],
  ])('that is %s ends no watch', async (_, reply) => {
    const { news, notes } = await watched([reply, reply, reply, messages(aWarning())]);
    expect(notes[0]).toBe('interruption queue degraded');
    expect(news).toEqual([RECLAIM]);
  });

  it('is left when nobody watches any longer, in the middle of a poll', async () => {
    const { polls } = await watched([]);
    expect(polls).toHaveLength(1);
  });
});

/** Watches a queue that gives these answers, one a poll, until it is asked for more. What is about i-0a1 is let go. */
async function watched(script: readonly (Reply | Record<string, never>)[], onNews: () => void = () => undefined) {
  const clock = aJumpingClock(MONDAY);
  const leaving = new AbortController();
  const deleted: string[] = [];
  const polls: unknown[] = [];
  const { aws, url } = await aScriptedAws(({ action, body }) => {
    // The body of a request of SQS is JSON with these fields.
    const fields = JSON.parse(body) as { ReceiptHandle: string };
    if (action === 'DeleteMessage') {
      deleted.push(fields.ReceiptHandle);
      return json({});
    }
    polls.push(fields);
    const reply = script[polls.length - 1];
    if (reply === undefined) leaving.abort();
    return reply === undefined ? 'hang' : typeof reply === 'string' || 'body' in reply ? (reply as Reply) : json(reply);
  });
  const notes: string[] = [];
  const news: Interruption[] = [];
  const watch = {
    sqs: aws.sqs,
    caller: awsCaller({ telemetry: silent, clock }),
    queueUrl: `${url}/123456789012/events`,
    clock,
    signal: leaving.signal,
    telemetry: {
      ...silent,
      noted: (_level: string, event: string, { outcome }: Readonly<Record<string, unknown>> = {}) =>
        notes.push(typeof outcome === 'string' ? `${event} ${outcome}` : event),
    },
    region: 'us-east-1',
  };
  await watchInterruptions(watch, (notice) => {
    onNews();
    news.push(...notice.news);
    if (notice.news.some((one) => one.kind === 'reclaim' && one.instanceId === 'i-0a1')) notice.letGo();
  });
  return { news, notes, deleted: deleted.toSorted(), polls, clock };
}

function messages(...bodies: readonly string[]): Reply {
  return json({
    Messages: bodies.map((body, count) => ({
      MessageId: `m-${count}`,
      ReceiptHandle: `handle-${count}`,
      MD5OfBody: createHash('md5').update(body).digest('hex'),
      Body: body,
    })),
  });
}

function tampered(): Reply {
  return json({ Messages: [{ MessageId: 'm', ReceiptHandle: 'h', MD5OfBody: '0'.repeat(32), Body: aWarning() }] });
}

function json(value: unknown, status = 200): Reply {
  return { status, headers: { 'content-type': 'application/x-amz-json-1.0' }, body: JSON.stringify(value) };
}

function jsonError(status: number, type: string): Reply {
  return json({ __type: type, message: 'no' }, status);
}
