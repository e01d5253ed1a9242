import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import type { EC2Client } from '@aws-sdk/client-ec2';

/**
 * Lets an answer of EC2 be read in which a date is none: that field is left out, and the rest stands. The SDK throws the
 * whole answer away instead, so that one broken item would hide every instance for as long as it is there.
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

/** RFC 3339, as EC2 writes it and the SDK reads it. */
const DATE = /^\d{4}-\d\d-\d\dT(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/;

function withoutBadDates(body: Uint8Array): Uint8Array {
  const text = new TextDecoder().decode(body);
  const kept = text.replace(DATES, (element, _name, date: string) =>
    DATE.test(date) && Number.isFinite(Date.parse(date)) ? element : '',
  );
  return kept === text ? body : new TextEncoder().encode(kept);
}

/** Something with a body; the SDK does not tell more of what came over the wire. */
const isResponse = (response: unknown): response is { body: unknown } =>
  typeof response === 'object' && response !== null && 'body' in response;
