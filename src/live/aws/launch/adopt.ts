import { CreateTagsCommand, DescribeInstancesCommand, TerminateInstancesCommand } from '@aws-sdk/client-ec2';
import { after, earliest, type Instant, seconds } from '../../../domain/time.ts';
import { hasCome, until } from '../../ports/clock.ts';
import { isFinal } from '../inventory/ownInstance.ts';
import type { Template } from '../template/template.ts';
import { diedAtOnce, type StateReason } from './death.ts';
import type { Intent } from './intent.ts';
import {
  answerOf,
  type Ends,
  granted,
  instantOf,
  type LaunchAnswer,
  type LaunchPort,
  leaseOf,
  STOPPED,
  undecided,
} from './launchAnswer.ts';
import { launchTags } from './launchInput.ts';
import type { RequestSeen } from './spotRequest.ts';

/** EC2 may not know its own instance for a while after it gave out its id. */
const MOST_TRIES = 12;
const TRY_AGAIN_MS = seconds(5);

/**
 * Makes the instance of a spot request ours: it was born without tags, and without them the next inventory would not
 * see it. One that may not be tagged is terminated, since nobody would ever end it.
 */
export async function adopt(
  port: LaunchPort,
  instanceId: string,
  { code, message, updatedAt }: RequestSeen,
  intent: Intent,
  template: Template,
  { stopped }: Ends,
): Promise<LaunchAnswer> {
  const { aws, caller, clock } = port;
  const Tags = Object.entries(launchTags('instance', intent, template)).map(([Key, Value]) => ({ Key, Value }));
  for (let count = 1; ; count += 1) {
    const seen = await look(port, instanceId);
    if (seen?.died !== undefined) return diedAtOnce(instanceId, seen.died);
    if (hasCome(stopped)) return STOPPED;
    const tagging = await caller.call(
      'ec2',
      'CreateTags',
      (abortSignal) => aws.ec2.send(new CreateTagsCommand({ Resources: [instanceId], Tags }), { abortSignal }),
      { mutating: true },
    );
    if (tagging.kind === 'ok') {
      // The lease begins when EC2 gave out the id. Both hints can only be late, so the earlier one is better.
      const startsAt = earliest(
        ...[code === 'fulfilled' ? updatedAt : undefined, seen?.launchedAt].filter((at) => at !== undefined),
      );
      return granted(leaseOf(instanceId, intent.offer, Number.isFinite(startsAt) ? startsAt : clock.now()));
    }
    if (tagging.class === 'auth' || tagging.class === 'config') {
      const ending = await caller.call(
        'ec2',
        'TerminateInstances',
        (abortSignal) => aws.ec2.send(new TerminateInstancesCommand({ InstanceIds: [instanceId] }), { abortSignal }),
        { mutating: true },
      );
      return ending.kind === 'ok'
        ? answerOf(tagging)
        : undecided(`${instanceId} can neither be tagged (${tagging.code}) nor terminated (${ending.code})`);
    }
    // EC2 forgets a terminated instance sooner than its request.
    if (count === MOST_TRIES && tagging.class === 'not-found' && code.includes('instance-terminated'))
      return diedAtOnce(instanceId, { code, message });
    if (count === MOST_TRIES) return undecided(`${instanceId} could not be tagged (${tagging.code})`);
    await until(clock, after(clock.now(), TRY_AGAIN_MS), stopped);
  }
}

interface Looked {
  readonly launchedAt?: Instant | undefined;
  readonly died?: StateReason;
}

async function look({ aws, caller }: LaunchPort, instanceId: string): Promise<Looked | undefined> {
  const answer = await caller.call('ec2', 'DescribeInstances', (abortSignal) =>
    aws.ec2.send(new DescribeInstancesCommand({ InstanceIds: [instanceId] }), { abortSignal }),
  );
  if (answer.kind === 'failed') return undefined;
  const instances = (answer.value.Reservations ?? []).flatMap((one) => one.Instances ?? []);
  const found = instances.find(({ InstanceId }) => InstanceId === instanceId);
  if (found === undefined) return undefined;
  const reason = { code: found.StateReason?.Code ?? '', message: found.StateReason?.Message ?? '' };
  return {
    launchedAt: instantOf(found.LaunchTime),
    ...(isFinal(found.State?.Name ?? '') ? { died: reason } : {}),
  };
}
