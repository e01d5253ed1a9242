import { before, type Instant, minutes } from '../../../domain/time.ts';
import type { GoneCause } from '../../../domain/words.ts';
import type { OwnInstance } from './ownInstance.ts';

/** What EC2's reasons mean: codes of an instance's state, and status codes of a spot request. Others say nothing. */
const CAUSES: ReadonlyMap<string, GoneCause> = new Map([
  ['Server.SpotInstanceTermination', 'interrupted'],
  ['Server.SpotInstanceShutdown', 'interrupted'],
  ['instance-terminated-no-capacity', 'interrupted'],
  ['instance-terminated-by-price', 'interrupted'],
  ['instance-terminated-by-service', 'interrupted'],
  ['instance-terminated-by-schedule', 'schedule'],
  ['Client.UserInitiatedShutdown', 'terminated'],
  ['Client.InstanceInitiatedShutdown', 'terminated'],
  ['Client.UserInitiatedHibernate', 'terminated'],
  ['instance-terminated-by-user', 'terminated'],
  ['spot-instance-terminated-by-user', 'terminated'],
]);

/** EC2 gives notice two minutes before it takes an instance (EC2 user guide, "Spot Instance interruption notices"). */
export const NOTICE_MS = minutes(2);

/** How an instance that is seen to have ended by `seenAt` came to its end. */
export function goneCauseOf({ stateReason, lease }: OwnInstance, seenAt: Instant): GoneCause {
  const cause = CAUSES.get(stateReason ?? '') ?? 'unknown';
  const isDue = seenAt >= before(lease.hardEndAt, NOTICE_MS);
  return isDue && cause !== 'terminated' ? 'schedule' : cause;
}
