import type { Instant } from '../../../domain/time.ts';
import type { Called } from '../../ports/telemetry.ts';

/** The services that the keeper calls. */
export type AwsApi = Exclude<Called['api'], 'kubernetes'>;

/** How often something may be asked: `burst` at once, then `perSecond`. */
export interface Rate {
  readonly burst: number;
  readonly perSecond: number;
}

/** A token bucket, full at first. */
export interface Bucket {
  /** Takes a token and answers when it may be used: now, or later where the bucket is empty. Turns are kept in order. */
  take(now: Instant): Instant;
}

export function bucketOf({ burst, perSecond }: Rate): Bucket {
  const intervalMs = 1_000 / perSecond;
  // The instant by which the bucket would be full again; it says all that a count of tokens would.
  let fullAt = Number.NEGATIVE_INFINITY;
  return {
    take: (now) => {
      fullAt = Math.max(fullAt, now) + intervalMs;
      return Math.max(now, Math.ceil(fullAt - burst * intervalMs));
    },
  };
}

/**
 * Half of what EC2 allows an account and Region by default ("Request throttling", EC2 API reference): the cluster
 * autoscaler and others call from the same account.
 */
const RATES: Readonly<Record<string, Rate>> = {
  RunInstances: { burst: 2, perSecond: 1 },
  TerminateInstances: { burst: 50, perSecond: 2.5 },
  RequestSpotInstances: { burst: 25, perSecond: 2.5 },
  CancelSpotInstanceRequests: { burst: 25, perSecond: 2.5 },
  CreateTags: { burst: 50, perSecond: 5 },
  DeleteTags: { burst: 50, perSecond: 5 },
};
const OTHER_CHANGE: Rate = { burst: 25, perSecond: 2.5 };
/** Every read of ours is paginated or filtered. */
const READ: Rate = { burst: 50, perSecond: 10 };

/** The rate of an action; undefined where there is no limit that the keeper could come near: a queue's. */
export const rateOf = (api: AwsApi, action: string, mutating: boolean): Rate | undefined =>
  api === 'sqs' ? undefined : (RATES[action] ?? (mutating ? OTHER_CHANGE : READ));
