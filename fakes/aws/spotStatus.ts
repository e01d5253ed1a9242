import type { Instant } from '../../src/domain/time.ts';
import type { Instance, Reason, SpotRequest } from './resources.ts';

/** The words that EC2 puts beside a status code; a code without words here is its own message. */
const MESSAGES: Readonly<Record<string, string>> = {
  'pending-evaluation': 'Your Spot request has been submitted for review, and is pending evaluation.',
  fulfilled: 'Your Spot request is fulfilled.',
  'capacity-not-available': 'There is no Spot capacity available that matches your request.',
  'canceled-before-fulfillment': 'Your Spot request is canceled before it was fulfilled.',
  'request-canceled-and-instance-running':
    'Your Spot request is canceled, but your instance is still running. You must explicitly terminate it to stop billing.',
  'instance-terminated-by-user': 'Spot Instance terminated due to user-initiated termination.',
  'instance-terminated-no-capacity': 'Your Spot Instance was terminated because there is no Spot capacity available.',
  'instance-terminated-by-schedule': 'Your Spot Instance was terminated at the end of its scheduled duration.',
};

export const statusReason = (code: string, message?: string): Reason => ({
  code,
  message: message ?? MESSAGES[code] ?? code,
});

/** What a spot request says once its instance has changed its state. */
export function afterState(request: SpotRequest, { state, stateReason }: Instance, at: Instant): SpotRequest {
  if (state === 'stopped')
    return { ...request, state: 'disabled', status: { ...statusReason('instance-stopped-by-user'), updatedAt: at } };
  if (state !== 'shutting-down' && state !== 'terminated') return request;
  // The first ending stands: what the owner said of it, or the first change that ended it.
  if (request.status.code.startsWith('instance-terminated')) return request;
  const code = ENDINGS[stateReason?.code ?? ''] ?? 'instance-terminated-by-user';
  return {
    ...request,
    state: request.state === 'cancelled' ? 'cancelled' : 'closed',
    status: { ...statusReason(code), updatedAt: at },
  };
}

const ENDINGS: Readonly<Record<string, string>> = {
  'Server.SpotInstanceTermination': 'instance-terminated-no-capacity',
  'Server.SpotInstanceShutdown': 'instance-terminated-no-capacity',
};
