import { CancelSpotInstanceRequestsCommand } from '@aws-sdk/client-ec2';
import { ALWAYS, after, hours, type Instant, seconds } from '../../domain/time.ts';
import type { Clock } from '../ports/clock.ts';
import type { Telemetry } from '../ports/telemetry.ts';
import type { Caller } from './calls/call.ts';
import type { Aws } from './calls/clients.ts';

export interface CancelSettings {
  readonly aws: Pick<Aws, 'ec2'>;
  readonly caller: Caller;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
}

/** A cancellation frees quota sooner and decides nothing, so it is not waited for long. */
const CANCEL_TIMEOUT_MS = seconds(5);

/** One bad id spoils all of a call. */
const BATCH = 50;

/** The right is optional: a role without it is asked so often whether it has it by now. */
const FORBIDDEN_FOR_MS = hours(1);

/**
 * Cancels the spot requests of instances that EC2 has said to end. EC2 counts a one-time request against the quota until it notices
 * by itself that the instance is gone, and one of another making would launch a new instance. Best effort, never throws: what is
 * not cancelled closes a little later.
 */
export function openCancelling({ aws, caller, clock, telemetry }: CancelSettings) {
  let againAt: Instant = ALWAYS;

  return async (requestIds: readonly string[]): Promise<void> => {
    for (let from = 0; from < requestIds.length && clock.now() >= againAt; from += BATCH) {
      const SpotInstanceRequestIds = requestIds.slice(from, from + BATCH);
      const answer = await caller.call(
        'ec2',
        'CancelSpotInstanceRequests',
        (abortSignal) =>
          aws.ec2.send(new CancelSpotInstanceRequestsCommand({ SpotInstanceRequestIds }), { abortSignal }),
        { mutating: true, timeoutMs: CANCEL_TIMEOUT_MS },
      );
      if (answer.kind === 'ok') continue;
      if (answer.class === 'auth') againAt = after(clock.now(), FORBIDDEN_FOR_MS);
      telemetry.noted('info', 'spot requests not cancelled', { code: answer.code, message: answer.message });
    }
  };
}
