import { DescribeInstanceTypeOfferingsCommand } from '@aws-sdk/client-ec2';
import { type Millis, seconds } from '../../domain/time.ts';
import type { Caller } from '../../live/aws/calls/call.ts';
import type { Aws } from '../../live/aws/calls/clients.ts';
import { dateIn, skewOf } from '../../live/aws/calls/clockSkew.ts';
import type { Kube } from '../../live/kubernetes/kubeClient.ts';
import { openGet } from '../../live/kubernetes/watch/rawApi.ts';
import { type Clock, MOST_SKEW_MS, systemClock } from '../../live/ports/clock.ts';
import { lengthText } from '../words.ts';
import { type Checking, checking, type Finding } from './finding.ts';

/** A header's date has no fractions, and a call takes its time. */
const NOTICED_MS = seconds(5);

/** How far the clocks of AWS and the cluster are from this machine's: leases are counted by one, and ended by the other. */
export async function clockFindings({
  aws,
  caller,
  kube,
  clock,
  signal,
}: {
  readonly aws: Pick<Aws, 'ec2' | 'skewMs'>;
  readonly caller: Caller;
  readonly kube: Kube;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}): Promise<readonly Finding[]> {
  return Promise.all([awsFinding(aws, caller, clock), clusterFinding(kube, signal)]);
}

async function awsFinding(aws: Pick<Aws, 'ec2' | 'skewMs'>, caller: Caller, clock: Clock): Promise<Finding> {
  const check = checking('clock', 'AWS');
  let date = Number.NaN;
  let sentAt = clock.now();
  const command = new DescribeInstanceTypeOfferingsCommand({ MaxResults: 5 });
  command.middlewareStack.add(
    (next) => async (args) => {
      sentAt = clock.now();
      const result = await next(args);
      date = dateIn(result.response);
      return result;
    },
    { step: 'deserialize', priority: 'low', name: 'dateOfAnswer' },
  );
  const answer = await caller.call('ec2', 'DescribeInstanceTypeOfferings', (abortSignal) =>
    aws.ec2.send(command, { abortSignal }),
  );
  // Where the clocks are far apart the SDK has noticed by itself.
  const skewMs = Number.isNaN(date) ? aws.skewMs() : skewOf(date, sentAt, clock.now());
  if (skewMs !== undefined) return verdict(check, skewMs);
  return check.unknown(answer.kind === 'failed' ? `${answer.code}: ${answer.message}` : 'its answers have no date');
}

async function clusterFinding(kube: Kube, signal: AbortSignal): Promise<Finding> {
  const check = checking('clock', 'API server');
  // Real time is meant: the lease is about processes, whatever time the keeper keeps.
  const sentAt = systemClock.now();
  const answer = await kube.call(
    'get /version',
    async (cutOff) => {
      const response = await openGet(kube.config, { path: '/version', idleMs: seconds(10), signal: cutOff });
      response.resume();
      return Date.parse(response.headers.date ?? '');
    },
    { signal },
  );
  if (answer.kind === 'failed') return check.unknown(`${answer.class}: ${answer.message}`);
  return Number.isNaN(answer.value)
    ? check.unknown('its answers have no date')
    : verdict(check, skewOf(answer.value, sentAt, systemClock.now()));
}

function verdict(check: Checking, skewMs: Millis): Finding {
  const off = Math.abs(skewMs);
  if (off < NOTICED_MS) return check.ok('agrees with this machine');
  const found = `${lengthText(off)} ${skewMs > 0 ? 'ahead of' : 'behind'} this machine`;
  const remedy = 'let this machine keep time by NTP';
  return off > MOST_SKEW_MS ? check.fail(found, remedy) : check.warn(found, remedy);
}
