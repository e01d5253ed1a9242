import { DescribeInstancesCommand } from '@aws-sdk/client-ec2';
import type { Caller } from '../calls/call.ts';
import type { Aws } from '../calls/clients.ts';
import { isFinal } from './ownInstance.ts';

/** A whole fleet that is missing from a list is rather a fault of the list: nobody asks for each of a thousand. */
const MOST_ASKED = 10;

/**
 * Which of these instances exist, or may: a list by tags does not show one whose tags somebody took away. Each is asked for
 * by its id; only one that EC2 does not know, or shows as ending, is not there. Never throws.
 */
export async function stillThere(
  { aws, caller }: { readonly aws: Pick<Aws, 'ec2'>; readonly caller: Caller },
  instanceIds: readonly string[],
): Promise<readonly string[]> {
  const there: string[] = instanceIds.slice(MOST_ASKED);
  for (const instanceId of instanceIds.slice(0, MOST_ASKED))
    if (!(await isKnownToHaveEnded(instanceId))) there.push(instanceId);
  return there;

  async function isKnownToHaveEnded(instanceId: string): Promise<boolean> {
    const answer = await caller.call('ec2', 'DescribeInstances', (abortSignal) =>
      aws.ec2.send(new DescribeInstancesCommand({ InstanceIds: [instanceId] }), { abortSignal }),
    );
    if (answer.kind === 'failed') return answer.class === 'not-found';
    const { Reservations: reservations } = answer.value;
    const found = reservations?.flatMap(({ Instances: instances = [] }) => instances);
    if (found === undefined) return false;
    const instance = found.find(({ InstanceId: id }) => id === instanceId);
    return instance === undefined || isFinal(instance.State?.Name ?? '');
  }
}
