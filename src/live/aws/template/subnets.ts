import { DescribeSubnetsCommand } from '@aws-sdk/client-ec2';
import type { TemplatePort } from './group.ts';
import { failedReading, type Reading, unread } from './reading.ts';
import type { Subnet } from './template.ts';

const REMEDY = 'let the group name subnets that exist (VPCZoneIdentifier)';

/** Reads the subnets that a group names: comma-separated ids, blanks allowed. All of them or none. */
export async function readSubnets(
  { aws, caller }: TemplatePort,
  named: string | undefined,
): Promise<Reading<readonly Subnet[]>> {
  const ids = [...new Set((named ?? '').split(',').map((id) => id.trim()))].filter((id) => id !== '').sort();
  if (ids.length === 0)
    return { kind: 'unsupported', problems: [`the group has no subnets to launch blocks into; ${REMEDY}`] };
  const answer = await caller.call('ec2', 'DescribeSubnets', (abortSignal) =>
    aws.ec2.send(new DescribeSubnetsCommand({ SubnetIds: [...ids] }), { abortSignal }),
  );
  if (answer.kind === 'failed') return failedReading(answer, `the subnets ${ids.join(', ')}`, REMEDY);
  const answered = answer.value.Subnets;
  if (answered === undefined) return unread('the subnets: no list was answered');
  const subnets: Subnet[] = [];
  for (const id of ids) {
    const found = answered.find(({ SubnetId }) => SubnetId === id);
    const zone = found?.AvailabilityZone;
    if (zone === undefined || zone === '') return unread(`subnet ${id} or its zone is not in the answer`);
    const free = found?.AvailableIpAddressCount;
    subnets.push({
      subnetId: id,
      zone,
      ...(free !== undefined && Number.isSafeInteger(free) && free >= 0 ? { freeAddresses: free } : {}),
    });
  }
  return { kind: 'read', part: subnets, warnings: [] };
}
