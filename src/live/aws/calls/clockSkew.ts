import { DescribeInstanceTypeOfferingsCommand } from '@aws-sdk/client-ec2';
import { type Instant, type Millis, seconds } from '../../../domain/time.ts';
import { type Clock, MOST_SKEW_MS } from '../../ports/clock.ts';
import type { Caller } from './call.ts';
import type { Aws } from './clients.ts';

/** What the answers of AWS show of the keeper's clock. */
export interface SkewSeen {
  /** How far the clock of AWS was ahead of the keeper's, by the last answer with a date; undefined before the first. */
  skewMs(): Millis | undefined;
  /** Whether that is too far to buy or end anything by the clock. Unknown is no reason: an inventory comes before each purchase. */
  isTooFar(): boolean;
}

/** Reads the `Date` of every answer of EC2 and Auto Scaling from now on. */
export function seeSkew(
  { ec2, autoScaling }: Pick<Aws, 'ec2' | 'autoScaling'>,
  clock: Clock,
  changed: () => void,
): SkewSeen {
  let skewMs: Millis | undefined;
  const isTooFar = (): boolean => Math.abs(skewMs ?? 0) > MOST_SKEW_MS;

  // Closest to the wire: what is refused has a date, too.
  const place = { step: 'deserialize', priority: 'low' } as const;
  ec2.middlewareStack.add((next) => (args) => noting(() => next(args)), place);
  autoScaling.middlewareStack.add((next) => (args) => noting(() => next(args)), place);
  return { skewMs: () => skewMs, isTooFar };

  async function noting<Result extends { readonly response: unknown }>(send: () => Promise<Result>): Promise<Result> {
    const sentAt = clock.now();
    const result = await send();
    const date = dateIn(result.response);
    if (Number.isNaN(date)) return result;
    const was = isTooFar();
    skewMs = skewOf(date, sentAt, clock.now());
    if (isTooFar() !== was) changed();
    return result;
  }
}

/** Asks EC2 something small, whose answer shows its clock whatever else it says. */
export async function askDate({ ec2 }: Pick<Aws, 'ec2'>, caller: Caller): Promise<void> {
  await caller.call('ec2', 'DescribeInstanceTypeOfferings', (abortSignal) =>
    ec2.send(new DescribeInstanceTypeOfferingsCommand({ MaxResults: 5 }), { abortSignal }),
  );
}

/** The least that explains a date which was written between two instants, and has lost its fractions of a second. */
export function skewOf(date: Instant, sentAt: Instant, heardAt: Instant): Millis {
  if (date > heardAt) return date - heardAt;
  return date + seconds(1) < sentAt ? date + seconds(1) - sentAt : 0;
}

/** The date of an HTTP answer as the SDK hands it on; NaN where it has none. */
export function dateIn(response: unknown): Instant {
  if (typeof response !== 'object' || response === null || !('headers' in response)) return Number.NaN;
  const { headers } = response;
  if (typeof headers !== 'object' || headers === null || !('date' in headers)) return Number.NaN;
  return Date.parse(String(headers.date));
}
