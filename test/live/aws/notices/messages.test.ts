import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ReadEvent } from '../../../../src/live/aws/notices/events.ts';
import { readMessage } from '../../../../src/live/aws/notices/messages.ts';
import { minutes } from '../../../support/lengths.ts';
import { anEvent, aWarning } from '../anEvent.ts';
import { MONDAY } from '../anInstanceXml.ts';

/** The one event of a message. */
const readEvent = (body: string): ReadEvent => {
  const [event, ...others] = readMessage(body);
  if (event === undefined || others.length > 0) throw new Error(`${others.length} events too many`);
  return event;
};

describe('an event', () => {
  it('of an interruption says that EC2 takes the instance two minutes after it', () => {
    expect(readEvent(aWarning())).toEqual({
      kind: 'news',
      region: 'us-east-1',
      news: { kind: 'reclaim', instanceId: 'i-0a1', reclaimAt: MONDAY + minutes(2) },
    });
  });

  it('of a reservation that ends says when, and has a string for its resources', () => {
    const detail = {
      'instance-id': 'i-0a1',
      'instance-action': 'terminate',
      'instance-termination-time': '2026-03-02T08:07:30Z',
      azId: 'use1-az1',
    };
    const event = anEvent('EC2 Capacity Reservation Instance Interruption Warning', detail, { resources: 'arn:i-0a1' });
    expect(readEvent(event)).toMatchObject({ news: { kind: 'reclaim', reclaimAt: MONDAY + minutes(7.5) } });
  });

  it('recommends to rebalance, and tells of states', () => {
    const rebalance = anEvent('EC2 Instance Rebalance Recommendation', { 'instance-id': 'i-0a1' });
    expect(readEvent(rebalance)).toMatchObject({ news: { kind: 'atRisk', instanceId: 'i-0a1' } });
    const state = (name: string) =>
      readEvent(anEvent('EC2 Instance State-change Notification', { 'instance-id': 'i-0a1', state: name }));
    expect(state('shutting-down')).toMatchObject({
      news: { kind: 'state', instanceId: 'i-0a1', state: 'shutting-down' },
    });
    expect(state('dreaming')).toEqual({ kind: 'other' });
  });

  it('of health names the instances for which something is scheduled', () => {
    const health = (more: object) =>
      readEvent(
        anEvent(
          'AWS Health Event',
          {
            service: 'EC2',
            eventTypeCategory: 'scheduledChange',
            affectedEntities: [{ entityValue: 'i-0a1' }, { entityValue: 'vol-1' }, {}],
            ...more,
          },
          { source: 'aws.health' },
        ),
      );
    expect(health({})).toMatchObject({ news: { kind: 'health', instanceIds: ['i-0a1'] } });
    for (const more of [{ service: 'RDS' }, { eventTypeCategory: 'issue' }, { affectedEntities: [] }])
      expect(health(more)).toEqual({ kind: 'other' });
  });

  it.each([
    'Capacity Block Reservation Expiration Warning',
    'Capacity Block Expiration Warning',
    'EC2 Spot Instance Request Fulfillment',
    'Something New',
  ])('of %s is other', (detailType) => {
    expect(readEvent(anEvent(detailType, {}))).toEqual({ kind: 'other' });
  });

  it('of another source is other, whatever it calls itself', () => {
    expect(readEvent(aWarning('i-0a1', { source: 'com.example' }))).toEqual({ kind: 'other' });
  });
});

describe('a message', () => {
  const sns = (text: string) =>
    JSON.stringify({
      Type: 'Notification',
      MessageId: 'm',
      TopicArn: 'arn:aws:sns:us-east-1:111122223333:t',
      Message: text,
    });
  const list = (...events: readonly string[]) => `[${events.join()}]`;
  const record = (text: string) => JSON.stringify({ messageId: 'm', receiptHandle: 'h', body: text, attributes: {} });
  const whose = (body: string) =>
    readMessage(body).map((event) =>
      event.kind === 'news' && event.news.kind === 'reclaim' ? event.news.instanceId : event.kind,
    );

  it.each([
    ['as EventBridge sends it', aWarning(), ['i-0a1']],
    ['without the action', aWarning('i-0a1', { detail: { 'instance-id': 'i-0a1' } }), ['i-0a1']],
    ['in a notification of SNS', sns(aWarning()), ['i-0a1']],
    ['in a list, as a pipe sends it', list(aWarning(), aWarning('i-0b2')), ['i-0a1', 'i-0b2']],
    ['in a notification of a list', sns(list(aWarning(), aWarning('i-0b2'))), ['i-0a1', 'i-0b2']],
    ['in a list of notifications', list(sns(aWarning()), sns(aWarning('i-0b2'))), ['i-0a1', 'i-0b2']],
    [
      'in records of a queue',
      `{"Records":[${record(aWarning())},${record(sns(aWarning('i-0b2')))}]}`,
      ['i-0a1', 'i-0b2'],
    ],
    ['in records of SNS', `{"Records":[{"Sns":{"Message":${JSON.stringify(aWarning())}}}]}`, ['i-0a1']],
    ['beside what cannot be read', list(aWarning(), '{}', '7'), ['i-0a1', 'unreadable', 'unreadable']],
    ['beside what is none', list(anEvent('Something New', {}), aWarning()), ['other', 'i-0a1']],
  ])('has its warning read %s', (_, body, expected) => {
    expect(whose(body)).toEqual(expected);
  });

  it.each([
    [
      'a subscription to confirm',
      JSON.stringify({ Type: 'SubscriptionConfirmation', SubscribeURL: 'https://x' }),
      'not confirmed',
    ],
    ['a notification of text', sns('hello'), 'no JSON'],
    ['a list of nothing', '[]', 'without events'],
    [
      'boxes in boxes',
      Array.from({ length: 9 }).reduce<string>((inner) => sns(inner), aWarning()),
      'wrapped too often',
    ],
  ])('that is %s says why it cannot be read', (_, body, why) => {
    expect(readMessage(body)).toEqual([{ kind: 'unreadable', why: expect.stringContaining(why) as unknown }]);
  });

  it('of Auto Scaling about its own members is no news', () => {
    expect(whose(JSON.stringify({ Service: 'AWS Auto Scaling', Event: 'autoscaling:TEST_NOTIFICATION' }))).toEqual([
      'other',
    ]);
  });
});

describe('a message that is no event', () => {
  it.each([
    ['nothing', ''],
    ['text', 'hello'],
    ['half of an event', aWarning().slice(0, 100)],
    ['null', 'null'],
    ['an event without a detail', aWarning('i-0a1', { detail: undefined })],
    ['an event without a time', aWarning('i-0a1', { time: 'soon' })],
    ['a warning without an instance', anEvent('EC2 Spot Instance Interruption Warning', {})],
    ['a warning of an instance that is none', aWarning('../etc')],
    ['a tower of brackets', '['.repeat(100_000)],
    [
      'an event that nests for ever',
      aWarning('i-0a1', { deep: JSON.parse(`${'['.repeat(50)}${']'.repeat(50)}`) as unknown }),
    ],
    ['a book', JSON.stringify({ book: 'x'.repeat(1_100_000) })],
  ])('but %s is unreadable', (_, body) => {
    expect(readEvent(body).kind).toBe('unreadable');
  });

  it('is told from an event with brackets in its strings', () => {
    expect(readEvent(aWarning('i-0a1', { id: '[{"\\'.repeat(50) })).kind).toBe('news');
  });
});

describe('whatever comes', () => {
  it('is read without an error', () => {
    const detail = fc.dictionary(
      fc.constantFrom('instance-id', 'instance-action', 'state', 'service', 'affectedEntities', 'time', '__proto__'),
      fc.oneof(fc.jsonValue(), fc.constantFrom('i-0a1', 'terminate', 'EC2', 'scheduledChange')),
    );
    const detailType = fc.constantFrom(
      'EC2 Spot Instance Interruption Warning',
      'EC2 Capacity Reservation Instance Interruption Warning',
      'EC2 Instance State-change Notification',
      'AWS Health Event',
    );
    const more = fc.dictionary(fc.constantFrom('source', 'time', 'region', 'resources', 'detail'), fc.jsonValue());
    const almost = fc.tuple(detailType, detail, more).map(([type, ...rest]) => anEvent(type, ...rest));
    const body = fc.oneof(fc.string(), fc.json(), almost, fc.string({ unit: 'binary' }));
    fc.assert(
      fc.property(body, (text) => {
        for (const read of readMessage(text)) {
          if (read.kind !== 'news') continue;
          const { news } = read;
          for (const id of news.kind === 'health' ? news.instanceIds : [news.instanceId])
            expect(id).toMatch(/^i-[0-9a-f]+$/);
          if (news.kind === 'reclaim') expect(news.reclaimAt).not.toBeNaN();
        }
      }),
      { numRuns: 300 },
    );
  });

  it('cut anywhere, a warning is a warning or unreadable', () => {
    const whole = aWarning();
    fc.assert(
      fc.property(fc.nat({ max: whole.length }), (length) => {
        expect(readEvent(whole.slice(0, length)).kind).toBe(length === whole.length ? 'news' : 'unreadable');
      }),
    );
  });
});
