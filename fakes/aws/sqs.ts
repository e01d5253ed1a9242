import { type Millis, seconds } from '../../src/domain/time.ts';
import type { Account } from './account.ts';
import { ApiError } from './apiError.ts';
import { type Fields, numberOf, partsOf, textOf } from './fields.ts';
import { md5, QUEUE_DEFAULTS, type Queue } from './queue.ts';

/** One call of SQS. */
export interface SqsCall {
  readonly account: Account;
  readonly params: Fields;
  /** `http://127.0.0.1:4566`: where the caller reached the server, and so where it finds its queues. */
  readonly origin: string;
  /** Says that the caller has hung up. */
  readonly signal: AbortSignal;
}

export type SqsHandler = (call: SqsCall) => Fields | Promise<Fields>;

/** The longest wait of a long poll, and the most messages of one answer (API reference, ReceiveMessage). */
const LONGEST_POLL_MS: Millis = seconds(20);
const MOST_MESSAGES = 10;

/** Standard queues. An answer is what the JSON protocol sends; messages have no attributes of their own. */
export const sqsActions: Readonly<Record<string, SqsHandler>> = {
  CreateQueue: ({ account, params, origin }) => {
    const name = textOf(params, 'QueueName') ?? '';
    if (!/^[A-Za-z0-9_-]{1,80}$/.test(name))
      throw new ApiError(
        'InvalidParameterValue',
        'Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length',
      );
    const attributes = partsOf(params, 'Attributes');
    const retention = numberOf(attributes, 'MessageRetentionPeriod');
    const visibility = numberOf(attributes, 'VisibilityTimeout');
    account.addQueue(name, {
      retentionMs: retention === undefined ? QUEUE_DEFAULTS.retentionMs : seconds(retention),
      visibilityMs: visibility === undefined ? QUEUE_DEFAULTS.visibilityMs : seconds(visibility),
    });
    return { QueueUrl: urlOf(account, name, origin) };
  },
  GetQueueUrl: ({ account, params, origin }) => {
    const name = textOf(params, 'QueueName') ?? '';
    if (!account.queues.has(name)) throw noQueue();
    return { QueueUrl: urlOf(account, name, origin) };
  },
  DeleteQueue: (call) => {
    call.account.queues.delete(queueOf(call).name);
    return {};
  },
  SendMessage: (call) => {
    const body = textOf(call.params, 'MessageBody');
    if (body === undefined)
      throw new ApiError('MissingParameter', 'The request must contain the parameter MessageBody.');
    return { MessageId: queueOf(call).send(body), MD5OfMessageBody: md5(body) };
  },
  ReceiveMessage: async (call) => {
    const { params, signal, account } = call;
    const most = numberOf(params, 'MaxNumberOfMessages') ?? 1;
    const waitMs = seconds(numberOf(params, 'WaitTimeSeconds') ?? 0);
    if (!(most >= 1 && most <= MOST_MESSAGES))
      throw new ApiError(
        'InvalidParameterValue',
        `Value ${most} for parameter MaxNumberOfMessages is invalid. Reason: Must be between 1 and 10, if provided.`,
      );
    if (!(waitMs >= 0 && waitMs <= LONGEST_POLL_MS))
      throw new ApiError(
        'InvalidParameterValue',
        `Value ${waitMs / 1000} for parameter WaitTimeSeconds is invalid. Reason: Must be >= 0 and <= 20, if provided.`,
      );
    const visibility = numberOf(params, 'VisibilityTimeout');
    const found = await queueOf(call).receive(
      most,
      waitMs,
      visibility === undefined ? undefined : seconds(visibility),
      signal,
    );
    if (found.length === 0) return {};
    return {
      Messages: found.map(({ messageId, receiptHandle, body, md5OfBody, sentAt, receiveCount }) => ({
        MessageId: messageId,
        ReceiptHandle: receiptHandle,
        Body: body,
        MD5OfBody: md5OfBody,
        Attributes: {
          SenderId: account.accountId,
          SentTimestamp: String(sentAt),
          ApproximateReceiveCount: String(receiveCount),
        },
      })),
    };
  },
  DeleteMessage: (call) => {
    const handle = textOf(call.params, 'ReceiptHandle');
    if (handle === undefined)
      throw new ApiError('MissingParameter', 'The request must contain the parameter ReceiptHandle.');
    queueOf(call).delete(handle);
    return {};
  },
  GetQueueAttributes: (call) => ({ Attributes: { ApproximateNumberOfMessages: String(queueOf(call).length) } }),
};

const urlOf = ({ accountId }: Account, name: string, origin: string): string => `${origin}/${accountId}/${name}`;

function queueOf({ account, params }: SqsCall): Queue {
  const queue = account.queues.get(textOf(params, 'QueueUrl')?.split('/').at(-1) ?? '');
  if (queue === undefined) throw noQueue();
  return queue;
}

const noQueue = (): ApiError => new ApiError('QueueDoesNotExist', 'The specified queue does not exist.');
