import type { Message } from '@aws-sdk/client-sqs';
import { after, type Millis, seconds } from '../../../domain/time.ts';
import { type Clock, until } from '../../ports/clock.ts';
import { QUEUE_MESSAGE, type Telemetry } from '../../ports/telemetry.ts';
import type { Answer, Failure } from '../calls/answer.ts';
import type { Caller } from '../calls/call.ts';
import type { Aws } from '../calls/clients.ts';
import type { Interruption } from './events.ts';
import { readMessage } from './messages.ts';

export type { Interruption } from './events.ts';

export interface WatchSettings {
  readonly sqs: Aws['sqs'];
  readonly caller: Caller;
  readonly queueUrl: string;
  readonly clock: Clock;
  /** Ends the watch. */
  readonly signal: AbortSignal;
  readonly telemetry: Telemetry;
  /** Events of another Region are dropped. */
  readonly region?: string | undefined;
}

/** One message with news of instances, ours or not: the queue hears of every instance of the account. */
export interface Notice {
  /** Of the message: the same each time that it comes. */
  readonly id: string;
  readonly news: readonly Interruption[];
  /** Deletes the message, once nothing is left to be done about it. Until then it comes again, to another leader too. */
  readonly letGo: () => void;
}

/** The longest that SQS holds a poll open, and the most messages that it gives at once. */
const POLL_SECONDS = 20;
const MOST_MESSAGES = 10;

/** A poll takes 20 s where nothing happens, so that it may take longer than any other call. */
const POLL_TIMEOUT_MS = seconds(POLL_SECONDS + 10);

/** A queue that answers an empty poll at once would be asked without a pause. */
const IDLE_MS = seconds(1);

/** A poll that is full of messages which came before may have new ones behind it: what nobody can read is no wall before a notice. */
const FULL_MS = seconds(0.1);
const FIRST_PAUSE_MS = seconds(1);
const LONGEST_PAUSE_MS = seconds(60);

/** A message that nobody lets go is shown again after this: within a sixth of the time that a notice gives. */
const HIDDEN_SECONDS = 20;

/** Messages that could not be read are told of once each; of so many at most. */
const MOST_REMEMBERED = 10_000;

/**
 * Hands over what the queue says about instances, until `signal` fires. News may come twice, late and out of order, or not at
 * all. A message stays on the queue until `take` lets it go. One without news is deleted at once; one that cannot be read is
 * left alone, for the queue's dead-letter queue or until the queue drops it, and counted once. Never throws.
 */
export async function watchInterruptions(settings: WatchSettings, take: (notice: Notice) => void): Promise<void> {
  const { clock, signal, telemetry } = settings;
  let failures = 0;
  /** Messages that came before and are still on the queue, as far as is known. */
  const known = new Set<string>();
  /** Deletions under way: the next messages are asked for when these are off the queue. */
  const deletions: Promise<void>[] = [];
  while (!signal.aborted) {
    const answer = await received(settings);
    // Not `signal.aborted`, which the loop has just read: it may have fired meanwhile.
    if (isOver(signal)) return;
    if (answer.kind === 'failed') {
      failures += 1;
      // Said once: polling EC2 finds what the queue does not tell, only later.
      if (failures === 1)
        telemetry.noted('warn', 'interruption queue degraded', { class: answer.class, code: answer.code });
      const now = clock.now();
      // Who is asked to come again in hours, by whatever stands before the queue, would be deaf to every notice until then.
      const again = Math.min(retryAt(answer), after(now, LONGEST_PAUSE_MS));
      await until(clock, Math.max(after(now, pauseMs(failures)), again), signal);
      continue;
    }
    if (failures > 0) telemetry.noted('info', 'interruption queue answers again', { failures });
    failures = 0;
    const isNews = answer.value.map((message) => deal(settings, message, { known, deletions }, take));
    await Promise.all(deletions.splice(0));
    if (known.size > MOST_REMEMBERED) known.clear();
    if (isNews.includes(true)) continue;
    await until(clock, after(clock.now(), isNews.length < MOST_MESSAGES ? IDLE_MS : FULL_MS), signal);
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
        VisibilityTimeout: HIDDEN_SECONDS,
      });
      return (await (await sqs()).send(poll, { abortSignal })).Messages ?? [];
    },
    { timeoutMs: POLL_TIMEOUT_MS, signal },
  );
}

/** Takes in one message; returns whether it is the first time that it came. */
function deal(
  settings: WatchSettings,
  message: Message,
  { known, deletions }: { readonly known: Set<string>; readonly deletions: Promise<void>[] },
  take: (notice: Notice) => void,
): boolean {
  const { telemetry, region } = settings;
  const { MessageId: id = '', ReceiptHandle: handle, Body: body = '' } = message;
  const isNews = !known.has(id);
  known.add(id);
  const events = readMessage(body);
  const news = events.flatMap((event) =>
    event.kind === 'news' && (region === undefined || (event.region ?? region) === region) ? [event.news] : [],
  );
  const unreadable = events.find(({ kind }) => kind === 'unreadable');
  if (unreadable?.kind === 'unreadable' && isNews)
    telemetry.noted('warn', QUEUE_MESSAGE, { outcome: 'unreadable', why: unreadable.why });
  const letGo = (): void => {
    // What it says besides cannot be read, so people must be able to find it in the dead-letter queue.
    if (unreadable !== undefined) return;
    known.delete(id);
    deletions.push(remove(settings, handle));
  };
  if (news.length === 0) {
    if (unreadable === undefined) telemetry.noted('debug', QUEUE_MESSAGE, { outcome: 'other' });
    letGo();
  } else {
    try {
      take({ id, news, letGo });
    } catch (error) {
      // It was not heard, so it stays on the queue and comes again.
      telemetry.noted('error', 'interruption not taken in', { error: String(error) });
    }
  }
  return isNews;
}

/** A deletion that fails is made again when the message comes again. */
async function remove({ sqs, caller, queueUrl, signal }: WatchSettings, handle: string | undefined): Promise<void> {
  if (handle === undefined) return;
  await caller.call(
    'sqs',
    'DeleteMessage',
    async (abortSignal) => {
      const { DeleteMessageCommand } = await import('@aws-sdk/client-sqs');
      const deletion = new DeleteMessageCommand({ QueueUrl: queueUrl, ReceiptHandle: handle });
      return (await sqs()).send(deletion, { abortSignal });
    },
    { signal },
  );
}
