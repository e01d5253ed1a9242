import { eventIn, type ReadEvent, unreadable } from './events.ts';

/** The most that a message of SQS holds: 1 MiB (SQS quotas). */
const LARGEST_BYTES = 1_024 * 1_024;

/** An event of EC2 is three levels deep, one of AWS Health five; what is put around them adds a few. */
const DEEPEST = 20;

/** An event in a notification of SNS in a record of a pipe is three wrappings; more is no way that AWS sends one. */
const MOST_WRAPPINGS = 4;

/**
 * Reads the body of one message of the queue: each event in it, or why there is none. Never throws. Read are events as
 * EventBridge sends them, lists of them (EventBridge Pipes and batches), notifications of SNS with an event as their text, and
 * records of a queue or of SNS as a pipe passes them on.
 */
export const readMessage = (body: string): readonly ReadEvent[] => textIn(body, MOST_WRAPPINGS);

function textIn(text: string, wrappings: number): readonly ReadEvent[] {
  if (Buffer.byteLength(text) > LARGEST_BYTES) return [unreadable('too large')];
  if (isDeeperThan(text, DEEPEST)) return [unreadable('too deep')];
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return [unreadable('no JSON')];
  }
  return valueIn(value, wrappings);
}

function valueIn(value: unknown, wrappings: number): readonly ReadEvent[] {
  if (wrappings < 0) return [unreadable('wrapped too often')];
  if (Array.isArray(value)) {
    // An empty list says nothing, and so nothing is lost with it; but no service of AWS sends one.
    if (value.length === 0) return [unreadable('a list without events')];
    return value.flatMap((one) => valueIn(one, wrappings - 1));
  }
  const fields = fieldsOf(value);
  const { Type: type, Message: message, Records: records, Sns: sns, body, messageId } = fields;
  if (Array.isArray(records)) return valueIn(records, wrappings - 1);
  if (type === 'Notification' && typeof message === 'string') return textIn(message, wrappings - 1);
  if (type === 'SubscriptionConfirmation') return [unreadable('a subscription of SNS that is not confirmed yet')];
  if (typeof sns === 'object') return valueIn({ Type: 'Notification', ...sns }, wrappings - 1);
  if (typeof body === 'string' && typeof messageId === 'string') return textIn(body, wrappings - 1);
  // What Auto Scaling sends to a queue without EventBridge; it is about members of groups, and no block is one.
  if (fields['Service'] === 'AWS Auto Scaling') return [{ kind: 'other' }];
  return [eventIn(value)];
}

const fieldsOf = (value: unknown): Readonly<Record<string, unknown>> =>
  // Any object may be read by any name: what it lacks is undefined.
  typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};

/** Whether brackets nest deeper than `most`; counted before anything is built of them. */
function isDeeperThan(text: string, most: number): boolean {
  let depth = 0;
  let isQuoted = false;
  for (let place = 0; place < text.length; place += 1) {
    const char = text[place];
    if (isQuoted) {
      if (char === '\\') place += 1;
      else if (char === '"') isQuoted = false;
    } else if (char === '"') isQuoted = true;
    else if (char === '{' || char === '[') {
      depth += 1;
      if (depth > most) return true;
    } else if (char === '}' || char === ']') depth -= 1;
  }
  return false;
}
