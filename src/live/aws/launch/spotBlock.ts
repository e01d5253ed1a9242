import { RequestSpotInstancesCommand } from '@aws-sdk/client-ec2';
import { after, type Instant, minutes, seconds } from '../../../domain/time.ts';
import { hasCome, until } from '../../ports/clock.ts';
import type { Template } from '../template/template.ts';
import { adopt } from './adopt.ts';
import type { Intent } from './intent.ts';
import {
  answerOf,
  type Ends,
  type LaunchAnswer,
  type LaunchPort,
  type Refused,
  refused,
  STOPPED,
  undecided,
} from './launchAnswer.ts';
import { spotRequestInputOf } from './launchInput.ts';
import { cancelRequest, prospectOf, type RequestSeen, readRequest } from './spotRequest.ts';

const POLL_MS = seconds(5);

/** How long a request may hold for capacity. The next market is a better hope than this one. */
const HOLDING_MS = seconds(30);

/** How long a request may stay without a word of what becomes of it. */
const PATIENCE_MS = minutes(5);

/**
 * How long a cancelled request is read for an instance that came first: twice the half minute for which EC2 may not
 * show a new request.
 */
const LAST_LOOK_MS = seconds(60);

/** Requests a spot block and follows the request. The same intent again is the same request, by its client token. */
export async function launchSpotBlock(
  port: LaunchPort,
  intent: Intent,
  template: Template,
  ends: Ends,
): Promise<LaunchAnswer> {
  const { aws, caller } = port;
  const answer = await caller.call(
    'ec2',
    'RequestSpotInstances',
    (abortSignal) =>
      aws.ec2.send(new RequestSpotInstancesCommand(spotRequestInputOf(intent, template)), { abortSignal }),
    { mutating: true },
  );
  if (answer.kind === 'failed') return answerOf(answer);
  const requestId = answer.value.SpotInstanceRequests?.[0]?.SpotInstanceRequestId;
  if (requestId === undefined || !requestId.startsWith('sir-'))
    return undecided('RequestSpotInstances was answered without a request');
  return followRequest(port, requestId, intent, template, ends);
}

/**
 * Follows a request until it has an instance or can have none. Cancelling may come too late, so a cancelled request is
 * read on: an instance that came first is ours.
 */
export async function followRequest(
  port: LaunchPort,
  requestId: string,
  intent: Intent,
  template: Template,
  ends: Ends,
): Promise<LaunchAnswer> {
  const { clock } = port;
  const { cancelled, stopped } = ends;
  const either = AbortSignal.any([cancelled, stopped].filter((end) => end !== undefined));
  const since = clock.now();
  let holdingSince: Instant | undefined;
  let closing: { readonly at: Instant; readonly verdict: Refused } | undefined;
  for (;;) {
    const seen = await readRequest(port, requestId);
    if (hasCome(stopped)) return STOPPED;
    const now = clock.now();
    if (seen?.instanceId !== undefined) return adopt(port, seen.instanceId, seen, intent, template, ends);
    const prospect = seen && prospectOf(seen);
    // Whoever cancelled it knows better why than EC2's word that it was cancelled.
    if (prospect?.kind === 'over') return closing?.verdict ?? prospect.refusal;
    if (prospect?.kind === 'holding') holdingSince ??= now;
    else if (prospect !== undefined) holdingSince = undefined;
    const isClosed = seen !== undefined && (seen.state === 'cancelled' || seen.state === 'closed');

    if (closing === undefined) {
      const verdict =
        prospect?.kind === 'hopeless'
          ? prospect.refusal
          : hasCome(cancelled)
            ? refused('cancelled', 'Cancelled', 'nobody wants the block any longer')
            : isClosed
              ? refused('no-capacity', seen.code, seen.message)
              : isOverdue(now, since, holdingSince)
                ? refused('no-capacity', seen?.code ?? '', `EC2 gave no instance in time (${seen?.message ?? ''})`)
                : undefined;
      if (verdict !== undefined) {
        await cancelRequest(port, requestId);
        closing = { at: clock.now(), verdict };
      }
    } else if (now >= after(closing.at, LAST_LOOK_MS)) {
      // A request that EC2 calls open may still come by an instance, and so may one that nobody could read.
      return isClosed && !speaksOfInstance(seen)
        ? closing.verdict
        : undecided(`${requestId} was cancelled, and EC2 does not say that nothing came of it`);
    }
    await until(clock, after(clock.now(), POLL_MS), closing === undefined ? either : stopped);
  }
}

/** Whether a request without an id of an instance says all the same that it has one. */
const speaksOfInstance = ({ code }: RequestSeen): boolean =>
  code === 'fulfilled' || code === 'request-canceled-and-instance-running';

const isOverdue = (now: Instant, since: Instant, holdingSince: Instant | undefined): boolean =>
  now >= after(since, PATIENCE_MS) || (holdingSince !== undefined && now >= after(holdingSince, HOLDING_MS));
