import type { Instant } from '../../src/domain/time.ts';
import { ApiError } from './apiError.ts';
import type { Bucket } from './faults.ts';
import { type Fields, membersOf, numberOf, textOf, textsOf } from './fields.ts';

/** Takes tokens for a call. @throws ApiError `RequestLimitExceeded` (HTTP 503) when the bucket is empty */
export type Throttle = (action: string, params: Fields, own: Bucket | undefined) => void;

interface Draw {
  readonly name: string;
  readonly bucket: Bucket;
  readonly tokens: number;
}

/** AWS's token buckets of an account (EC2 API throttling), full at the start and refilled by the account's clock. */
export function throttle(now: () => Instant): Throttle {
  const levels = new Map<string, { level: number; at: Instant }>();
  return (action, params, own) => {
    const draws = own === undefined ? drawsOf(action, params) : [{ name: `own ${action}`, bucket: own, tokens: 1 }];
    const at = now();
    const after = draws.map(({ name, bucket, tokens }) => {
      const before = levels.get(name) ?? { level: bucket.size, at };
      const level = Math.min(bucket.size, before.level + ((at - before.at) / 1000) * bucket.perSecond);
      levels.set(name, { level, at });
      return { name, level: level - tokens };
    });
    // Everything or nothing: a call that one bucket refuses takes nothing from the other.
    if (after.some(({ level }) => level < 0))
      throw new ApiError('RequestLimitExceeded', 'Request limit exceeded.', 503);
    for (const { name, level } of after) levels.set(name, { level, at });
  };
}

const one = (name: string, size: number, perSecond: number, tokens = 1): Draw => ({
  name,
  bucket: { size, perSecond },
  tokens,
});

/** Which buckets a call draws from. */
function drawsOf(action: string, params: Fields): readonly Draw[] {
  switch (action) {
    case 'RunInstances':
      return [
        one('RunInstances requests', 5, 2),
        one('RunInstances instances', 1000, 2, numberOf(params, 'MaxCount') ?? 1),
      ];
    case 'TerminateInstances':
      return [
        one('TerminateInstances requests', 100, 5),
        one('TerminateInstances instances', 1000, 20, textsOf(params, 'InstanceId').length),
      ];
    case 'RequestSpotInstances':
    case 'CancelSpotInstanceRequests':
      return [one(action, 50, 5)];
    case 'CreateTags':
    case 'DeleteTags':
      return [one(action, 100, 10)];
    default:
  }
  if (!/^(?:Describe|Get)/.test(action)) return [one('other changes', 50, 5)];
  const narrow = textOf(params, 'MaxResults') !== undefined || membersOf(params, 'Filter').length > 0;
  const wide = /^Describe(?:Instances|SpotInstanceRequests|InstanceStatus)$/.test(action) && !narrow;
  return [wide ? one('wide reads', 50, 10) : one('reads', 100, 20)];
}
