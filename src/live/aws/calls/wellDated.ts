import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import type { EC2Client } from '@aws-sdk/client-ec2';

/**
 * Lets an answer of EC2 be read in which a date is none: that field is left out, and the rest stands. The SDK throws the
 * whole answer away instead, so that one broken item would hide every instance for as long as it is there. A date that
 * is only written in another way is a date.
 */
export function forgiveDates(ec2: EC2Client): void {
  ec2.middlewareStack.add(
    (next) => async (args) => {
      const result = await next(args);
      const { response } = result;
      // Closest to the wire: an answer's body is a stream of bytes that nobody has read yet.
      if (isResponse(response) && response.body instanceof Readable)
        response.body = withoutBadDates(await buffer(response.body));
      return result;
    },
    { step: 'deserialize', priority: 'low', name: 'forgiveDates' },
  );
}

/** The dates in what the keeper lists: instances, their network interfaces, and prices. */
const DATES = /<(launchTime|attachTime|usageOperationUpdateTime|timestamp)>([^<]*)<\/\1>/g;

/** RFC 3339, as EC2 writes it, or the same moment as a database prints it: a blank for the T, no offset for UTC. */
const DATE = /^(\d{4}-\d\d-\d\d)[T ]((?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d)(?:\.(\d+))?(?: ?(Z|UTC|[+-]\d\d:\d\d))?$/;

function withoutBadDates(body: Uint8Array): Uint8Array {
  const text = new TextDecoder().decode(body);
  const kept = text.replace(DATES, (_, name: string, date: string) => {
    const read = rfc3339(date);
    return read === undefined ? '' : `<${name}>${read}</${name}>`;
  });
  return kept === text ? body : new TextEncoder().encode(kept);
}

/** The date as the SDK reads it; undefined for what is none. */
function rfc3339(text: string): string | undefined {
  const [, day, time, fraction, offset = 'Z'] = DATE.exec(text.trim()) ?? [];
  if (day === undefined || time === undefined) return undefined;
  const date = `${day}T${time}${fraction === undefined ? '' : `.${fraction}`}${offset === 'UTC' ? 'Z' : offset}`;
  return Number.isFinite(Date.parse(date)) ? date : undefined;
}

/** Something with a body; the SDK does not tell more of what came over the wire. */
const isResponse = (response: unknown): response is { body: unknown } =>
  typeof response === 'object' && response !== null && 'body' in response;
