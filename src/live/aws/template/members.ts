import { type AutoScalingGroup, DescribeAutoScalingGroupsCommand } from '@aws-sdk/client-auto-scaling';
import type { Answer } from '../calls/answer.ts';
import { everyPage, type Listed, type Page } from '../calls/pages.ts';
import type { TemplatePort } from './group.ts';

/** A group and the instances it has now. */
export interface Members {
  readonly group: string;
  readonly instanceIds: readonly string[];
}

/** The instances of groups by name, all or none of them. A group that does not exist is not in the list. */
export async function membersOf({ aws, caller }: TemplatePort, names: readonly string[]): Promise<Listed<Members>> {
  const groups = await everyPage(async (token): Promise<Answer<Page<AutoScalingGroup>>> => {
    const answer = await caller.call('autoscaling', 'DescribeAutoScalingGroups', (abortSignal) =>
      aws.autoScaling.send(
        new DescribeAutoScalingGroupsCommand({
          AutoScalingGroupNames: [...names],
          ...(token === undefined ? {} : { NextToken: token }),
        }),
        { abortSignal },
      ),
    );
    if (answer.kind === 'failed') return answer;
    return { kind: 'ok', value: { items: answer.value.AutoScalingGroups, nextToken: answer.value.NextToken } };
  });
  if (groups.kind === 'unknown') return groups;
  const items: Members[] = [];
  for (const { AutoScalingGroupName: group = '', Instances: instances } of groups.items) {
    if (!names.includes(group)) continue;
    if (instances === undefined) return { kind: 'unknown', why: `group ${group} was answered without its instances` };
    items.push({ group, instanceIds: instances.flatMap(({ InstanceId: id }) => id ?? []) });
  }
  return { kind: 'known', items };
}
