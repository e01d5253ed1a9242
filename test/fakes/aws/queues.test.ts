import {
  CreateQueueCommand,
  DeleteMessageCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { describe, expect, it } from 'vitest';
import { Queue } from '../../../fakes/aws/queue.ts';
import { seconds } from '../../../src/domain/time.ts';
import { eventually, refusal, stage } from './anAccount.ts';

const NOTICE = JSON.stringify({ 'detail-type': 'EC2 Spot Instance Interruption Warning', note: 'ü & <"' });

const queue = async (sqs: SQSClient, Attributes?: Record<string, string>): Promise<string> => {
  const { QueueUrl = '' } = await sqs.send(new CreateQueueCommand({ QueueName: 'ci-interruptions', Attributes }));
  return QueueUrl;
};

const receive = async (sqs: SQSClient, QueueUrl: string, WaitTimeSeconds = 0): Promise<Message[]> =>
  (await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds }))).Messages ?? [];

describe('a queue', () => {
  it('is made, found by its name, and holds what is sent until it is deleted', async () => {
    const { sqs, account } = await stage();
    const QueueUrl = await queue(sqs);
    expect((await sqs.send(new GetQueueUrlCommand({ QueueName: 'ci-interruptions' }))).QueueUrl).toBe(QueueUrl);
    account.sendMessage(QueueUrl, NOTICE);
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'second' }));
    const [first, second] = await receive(sqs, QueueUrl);
    expect(first).toMatchObject({ Body: NOTICE, Attributes: { ApproximateReceiveCount: '1' } });
    expect(second?.Body).toBe('second');
    expect(await receive(sqs, QueueUrl)).toEqual([]);
    await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: first?.ReceiptHandle }));
    const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }));
    expect(Attributes?.['ApproximateNumberOfMessages']).toBe('1');
  });

  it('hands out again what was not deleted, and forgets what is too old', async () => {
    const { sqs, account, pass } = await stage();
    const QueueUrl = await queue(sqs, { MessageRetentionPeriod: '300', VisibilityTimeout: '20' });
    account.sendMessage('ci-interruptions', NOTICE);
    const [first] = await receive(sqs, QueueUrl);
    pass(seconds(20));
    const [again] = await receive(sqs, QueueUrl);
    expect(again).toMatchObject({ MessageId: first?.MessageId, Attributes: { ApproximateReceiveCount: '2' } });
    // A receipt of an earlier time deletes nothing any more.
    await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: first?.ReceiptHandle }));
    pass(seconds(20));
    expect(await receive(sqs, QueueUrl)).toHaveLength(1);
    pass(seconds(300));
    expect(await receive(sqs, QueueUrl)).toEqual([]);
  });

  it('answers a long poll when a message comes', async () => {
    const { sqs, account } = await stage();
    const QueueUrl = await queue(sqs);
    const polling = receive(sqs, QueueUrl, 20);
    await eventually(() => account.queues.get('ci-interruptions')?.waiting === 1);
    account.sendMessage(QueueUrl, NOTICE);
    expect((await polling).map(({ Body }) => Body)).toEqual([NOTICE]);
  });

  it('answers a long poll with nothing when its wait has passed, or its owner wakes it', async () => {
    const { sqs, account, pass } = await stage();
    const QueueUrl = await queue(sqs);
    const waiting = (): boolean => account.queues.get('ci-interruptions')?.waiting === 1;
    const patient = receive(sqs, QueueUrl, 20);
    await eventually(waiting);
    pass(seconds(19));
    expect(waiting()).toBe(true);
    pass(seconds(1));
    expect(await patient).toEqual([]);
    const woken = receive(sqs, QueueUrl, 20);
    await eventually(waiting);
    account.wakePolls();
    expect(await woken).toEqual([]);
  });

  it('gives no message to one who has hung up', async () => {
    const { sqs, account } = await stage();
    const QueueUrl = await queue(sqs);
    const hangUp = new AbortController();
    const poll = sqs.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 20 }), { abortSignal: hangUp.signal });
    await eventually(() => account.queues.get('ci-interruptions')?.waiting === 1);
    hangUp.abort();
    expect(await refusal(poll)).toMatch(/^AbortError/);
    await eventually(() => account.queues.get('ci-interruptions')?.waiting === 0);
    account.sendMessage(QueueUrl, NOTICE);
    expect(await receive(sqs, QueueUrl)).toMatchObject([{ Attributes: { ApproximateReceiveCount: '1' } }]);
  });

  it('that is not there is refused by its code, and so is a wait or a count beyond the limits', async () => {
    const { sqs } = await stage();
    const QueueUrl = await queue(sqs);
    const ask = (input: object): Promise<string> =>
      refusal(sqs.send(new ReceiveMessageCommand({ QueueUrl, ...input })));
    expect(await ask({ WaitTimeSeconds: 21 })).toMatch(/^InvalidParameterValue 400/);
    expect(await ask({ MaxNumberOfMessages: 11 })).toMatch(/^InvalidParameterValue 400/);
    await sqs.send(new DeleteQueueCommand({ QueueUrl }));
    expect(await ask({})).toMatch(/^QueueDoesNotExist 400/);
    expect(await refusal(sqs.send(new GetQueueUrlCommand({ QueueName: 'nobody' })))).toMatch(/^QueueDoesNotExist 400/);
  });

  it('knows when the next long poll is due', async () => {
    let now = 0;
    const one = new Queue('q', () => now);
    expect(one.nextAt()).toBe(Infinity);
    const polls = [one.receive(1, 5_000), one.receive(1, 2_000)];
    expect(one.nextAt()).toBe(2_000);
    now = 2_000;
    one.tick();
    expect(await polls[1]).toEqual([]);
    expect(one.nextAt()).toBe(5_000);
  });
});
