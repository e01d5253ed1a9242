import { createHash } from 'node:crypto';
import { type Instant, type Millis, NEVER, seconds } from '../../src/domain/time.ts';

/** A message as it is handed out. */
export interface Delivery {
  readonly messageId: string;
  readonly receiptHandle: string;
  readonly body: string;
  /** Hex, as SQS gives it; clients check it. */
  readonly md5OfBody: string;
  readonly sentAt: Instant;
  /** How often it was handed out, this time included. */
  readonly receiveCount: number;
}

export interface QueueSettings {
  readonly retentionMs: Millis;
  readonly visibilityMs: Millis;
}

/** The defaults of SQS (API reference, CreateQueue): four days, thirty seconds. */
export const QUEUE_DEFAULTS: QueueSettings = { retentionMs: seconds(345_600), visibilityMs: seconds(30) };

interface Message {
  readonly messageId: string;
  readonly body: string;
  readonly sentAt: Instant;
  hiddenUntil: Instant;
  receiveCount: number;
  receiptHandle: string | undefined;
}

interface Poll {
  readonly until: Instant;
  readonly most: number;
  readonly visibilityMs: Millis;
  readonly answer: (deliveries: readonly Delivery[]) => void;
}

/** A standard queue: at least once, in no promised order. Long polls wait for a message, for their end or to be woken. */
export class Queue {
  readonly name: string;
  readonly settings: QueueSettings;
  private readonly now: () => Instant;
  private messages: Message[] = [];
  private polls: Poll[] = [];
  private sent = 0;

  constructor(name: string, now: () => Instant, settings: QueueSettings = QUEUE_DEFAULTS) {
    this.name = name;
    this.now = now;
    this.settings = settings;
  }

  /** How many messages it holds, those that are being worked on included. */
  get length(): number {
    this.expire();
    return this.messages.length;
  }

  /** How many long polls wait. */
  get waiting(): number {
    return this.polls.length;
  }

  /** Answers the id of the message. */
  send(body: string): string {
    this.sent += 1;
    const messageId = uuidOf(`${this.name}/${this.sent}`);
    const sentAt = this.now();
    this.messages.push({ messageId, body, sentAt, hiddenUntil: sentAt, receiveCount: 0, receiptHandle: undefined });
    this.tick();
    return messageId;
  }

  /**
   * Up to `most` messages, at once if there are any, else as soon as one comes, and none when `waitMs` have passed by the
   * account's clock (which `tick` looks at). `signal`: the one who asked has hung up, so that no message is given to nobody.
   */
  receive(
    most: number,
    waitMs: Millis,
    visibilityMs: Millis = this.settings.visibilityMs,
    signal?: AbortSignal,
  ): Promise<readonly Delivery[]> {
    const found = this.take(most, visibilityMs);
    if (found.length > 0 || waitMs <= 0 || signal?.aborted === true) return Promise.resolve(found);
    return new Promise((answer) => {
      const poll = { until: this.now() + waitMs, most, visibilityMs, answer };
      this.polls.push(poll);
      signal?.addEventListener('abort', () => (this.polls = this.polls.filter((one) => one !== poll)), { once: true });
    });
  }

  /** Deletes what a receipt handle stands for; an unknown or outdated one deletes nothing, as on SQS. */
  delete(receiptHandle: string): void {
    this.messages = this.messages.filter((message) => message.receiptHandle !== receiptHandle);
  }

  /** Answers the polls that a message came for, or whose wait has passed. */
  tick(): void {
    const now = this.now();
    for (const poll of this.polls.splice(0)) {
      const found = this.take(poll.most, poll.visibilityMs);
      if (found.length > 0 || poll.until <= now) poll.answer(found);
      else this.polls.push(poll);
    }
  }

  /** Answers all polls now, whatever there is. */
  wake(): void {
    for (const poll of this.polls.splice(0)) poll.answer(this.take(poll.most, poll.visibilityMs));
  }

  /** When `tick` has something to do without a new message; NEVER if nobody waits. */
  nextAt(): Instant {
    return this.polls.reduce((soonest, { until }) => Math.min(soonest, until), NEVER);
  }

  private take(most: number, visibilityMs: Millis): readonly Delivery[] {
    this.expire();
    const now = this.now();
    return this.messages
      .filter(({ hiddenUntil }) => hiddenUntil <= now)
      .slice(0, most)
      .map((message) => {
        message.receiveCount += 1;
        message.hiddenUntil = now + visibilityMs;
        const receiptHandle = `${message.messageId}#${message.receiveCount}`;
        message.receiptHandle = receiptHandle;
        const { messageId, body, sentAt, receiveCount } = message;
        return { messageId, receiptHandle, body, md5OfBody: md5(body), sentAt, receiveCount };
      });
  }

  private expire(): void {
    const horizon = this.now() - this.settings.retentionMs;
    if (this.messages.some(({ sentAt }) => sentAt <= horizon))
      this.messages = this.messages.filter(({ sentAt }) => sentAt > horizon);
  }
}

export const md5 = (text: string): string => createHash('md5').update(text).digest('hex');

/** A text in the form of a UUID, the same for the same name: chance has no place in a simulated account. */
export const uuidOf = (name: string): string =>
  md5(name).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
