import { DescribeInstancesCommand } from '@aws-sdk/client-ec2';
import type { InventorySettings } from './inventory.ts';
import { isFinal, readInstance } from './ownInstance.ts';

/** Nodes outlive their instances by minutes, and most of them are in the list: nobody asks for each of a thousand. */
const MOST_ASKED = 10;

/**
 * Why a list of the fleet's instances is not whole: EC2 shows by its id one of the fleet that lives, and that the list leaves out. A
 * keeper that has just begun knows of no instance that might be missing, and would buy all of them anew; the nodes that bear the
 * mark of a block tell it which to ask for. Never throws.
 *
 * @param unlisted ids of instances that should be in the list, if they live
 * @returns undefined where nothing shows that the list is not whole
 */
export async function leftOut(settings: InventorySettings, unlisted: readonly string[]): Promise<string | undefined> {
  const { aws, caller, clock, fleet, groups } = settings;
  for (const instanceId of unlisted.slice(0, MOST_ASKED)) {
    const takenAt = clock.now();
    const answer = await caller.call('ec2', 'DescribeInstances', (abortSignal) =>
      aws.ec2.send(new DescribeInstancesCommand({ InstanceIds: [instanceId] }), { abortSignal }),
    );
    if (answer.kind === 'failed') {
      if (answer.class === 'not-found' || answer.code === 'InvalidInstanceID.Malformed') continue;
      return `${instanceId} has a node of the fleet and is not in the list; asked for it, EC2 said ${answer.code}`;
    }
    const shown = answer.value.Reservations?.flatMap(({ Instances: instances = [] }) => instances) ?? [];
    for (const item of shown) {
      const read = readInstance(item, { fleet, takenAt, groups });
      if (read.kind === 'own' && read.instance.instanceId === instanceId && !isFinal(read.instance.state))
        return `${instanceId} lives and is of the fleet, and the list does not show it`;
    }
  }
  return undefined;
}
