import type { Message } from '@aws-sdk/client-sqs';
import { after, type Millis, seconds } from '../../../domain/time.ts';
import { type Clock, until } from '../../ports/clock.ts';
import type { Telemetry } from '../../ports/telemetry.ts';
import type { Answer, Failure } from '../calls/answer.ts';
import type { Caller } from '../calls/call.ts';
import type { Aws } from '../calls/clients.ts';
import { type Interruption, readEvent } from './events.ts';

export type { Interruption } from './events.ts';

export interface WatchSettings {
  readonly sqs: Aws['sqs'];
  readonly caller: Caller;
  readonly queueUrl: string;
  readonly clock: Clock;
  /** Ends the watch. */
  readonly signal: AbortSignal;
  readonly telemetry: Telemetry;
  /** Whether an instance is ours: the queue hears of every instance of the account. */
  readonly mine: (instanceId: string) => boolean;
  /** Events of another Region are dropped. */
  readonly region?: string | undefined;
}

/** The longest that SQS holds a poll open, and the most messages that it gives at once. */
const POLL_SECONDS = 20;
const MOST_MESSAGES = 10;

/** A poll takes 20 s where nothing happens, so that it may take longer than any other call. */
const POLL_TIMEOUT_MS = seconds(POLL_SECONDS + 10);

/** A queue that answers an empty poll at once would be asked without a pause. */
const IDLE_MS = seconds(1);
const FIRST_PAUSE_MS = seconds(1);
const LONGEST_PAUSE_MS = seconds(60);

/**
 * Tells what the queue says about instances of ours, until `signal` fires. News may come twice, late and out of order, or
 * not at all. A message is deleted after it was told; what cannot be read is deleted too, for it would come back for
 * ever. Never throws.
 */
export async function watchInterruptions(settings: WatchSettings, tell: (news: Interruption) => void): Promise<void> {
  const { clock, signal, telemetry } = settings;
  let failures = 0;
  while (!signal.aborted) {
    const answer = await received(settings);
    // Not `signal.aborted`, which the loop has just read: it may have fired meanwhile.
    if (isOver(signal)) return;
    if (answer.kind === 'failed') {
      failures += 1;
      // Said once: polling EC2 finds what the queue does not tell, only later.
      if (failures === 1)
        telemetry.noted('warn', 'interruption queue degraded', { class: answer.class, code: answer.code });
      await until(clock, Math.max(after(clock.now(), pauseMs(failures)), retryAt(answer)), signal);
      continue;
    }
    if (failures > 0) telemetry.noted('info', 'interruption queue answers again', { failures });
    failures = 0;
    const dealt = await Promise.all(answer.value.map((message) => deal(settings, message, tell)));
    if (!dealt.includes(true)) await until(clock, after(clock.now(), IDLE_MS), signal);
  }
}

const isOver = (signal: AbortSignal): boolean => signal.aborted;

const retryAt = (failure: Failure): number => failure.retryAt ?? Number.NEGATIVE_INFINITY;

/** Half of an exponential bound, and up to as much again by chance. */
const pauseMs = (failures: number): Millis =>
  Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(failures, 10)) * (0.5 + Math.random() / 2);

/** One long poll. A queue without messages leaves the list out. */
async function received({ sqs, caller, queueUrl, signal }: WatchSettings): Promise<Answer<readonly Message[]>> {
  return caller.call(
    'sqs',
    'ReceiveMessage',
    async (abortSignal) => {
      // With the client, loaded only where there is a queue.
      const { ReceiveMessageCommand } = await import('@aws-sdk/client-sqs');
      const poll = new ReceiveMessageCommand({
        QueueUrl: queueUrl,
        MaxNumberOfMessages: MOST_MESSAGES,
        WaitTimeSeconds: POLL_SECONDS,
        VisibilityTimeout: POLL_SECONDS,
      });
      return (await (await sqs()).send(poll, { abortSignal })).Messages ?? [];
    },
    { timeoutMs: POLL_TIMEOUT_MS, signal },
  );
}

/** Tells one message and deletes it; answers whether it is off the queue. */
async function deal(settings: WatchSettings, message: Message, tell: (news: Interruption) => void): Promise<boolean> {
  const { telemetry, region } = settings;
  const read = readEvent(message.Body ?? '');
  if (read.kind === 'unreadable') telemetry.noted('warn', 'unreadable message deleted', { why: read.why });
  if (read.kind === 'news' && (region === undefined || (read.region ?? region) === region)) {
    try {
      const news = ours(read.news, settings.mine);
      if (news !== undefined) tell(news);
    } catch (error) {
      // It was not heard, so it stays on the queue and comes again.
      telemetry.noted('error', 'interruption not taken in', { kind: read.news.kind, error: String(error) });
      return false;
    }
  }
  return deleted(settings, message.ReceiptHandle);
}

/** What is left of news when strangers' instances are taken out. */
function ours(news: Interruption, mine: (instanceId: string) => boolean): Interruption | undefined {
  if (news.kind !== 'health') return mine(news.instanceId) ? news : undefined;
  const instanceIds = news.instanceIds.filter(mine);
  return instanceIds.length === 0 ? undefined : { ...news, instanceIds };
}

async function deleted({ sqs, caller, queueUrl, signal }: WatchSettings, handle: string | undefined): Promise<boolean> {
  if (handle === undefined) return false;
  const answer = await caller.call(
    'sqs',
    'DeleteMessage',
    async (abortSignal) => {
      const { DeleteMessageCommand } = await import('@aws-sdk/client-sqs');
      const deletion = new DeleteMessageCommand({ QueueUrl: queueUrl, ReceiptHandle: handle });
      return (await sqs()).send(deletion, { abortSignal });
    },
    { signal },
  );
  return answer.kind === 'ok';
}
