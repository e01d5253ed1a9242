import { type AutoScalingGroup, DescribeAutoScalingGroupsCommand } from '@aws-sdk/client-auto-scaling';
import type { Caller } from '../calls/call.ts';
import type { Aws } from '../calls/clients.ts';
import { type Reading, unread } from './reading.ts';
import type { Seldom } from './seldom.ts';

/** Where templates are read from. */
export interface TemplatePort {
  readonly aws: Pick<Aws, 'ec2' | 'autoScaling'>;
  readonly caller: Pick<Caller, 'call'>;
  /** Keeps what seldom changes; where it is left out, everything is asked each time. */
  readonly seldom?: Seldom;
}

/** One name is asked for, so anything beyond a few pages is an endpoint that goes round in circles. */
const MOST_PAGES = 5;

/** Finds an Auto Scaling group by its exact name. */
export async function readGroup({ aws, caller }: TemplatePort, name: string): Promise<Reading<AutoScalingGroup>> {
  let token: string | undefined;
  for (let page = 1; page <= MOST_PAGES; page += 1) {
    const from = token;
    const answer = await caller.call('autoscaling', 'DescribeAutoScalingGroups', (abortSignal) =>
      aws.autoScaling.send(
        new DescribeAutoScalingGroupsCommand({
          AutoScalingGroupNames: [name],
          IncludeInstances: false,
          ...(from === undefined ? {} : { NextToken: from }),
        }),
        { abortSignal },
      ),
    );
    // A refused question is no answer about the group: it may be there for whoever may ask.
    if (answer.kind === 'failed') return unread(`group ${name} could not be read (${answer.code}: ${answer.message})`);
    const { AutoScalingGroups: groups, NextToken: next } = answer.value;
    if (groups === undefined) return unread(`group ${name}: no list of groups was answered`);
    // The endpoint may have taken no notice of the name.
    const found = groups.find((group) => group.AutoScalingGroupName === name);
    if (found !== undefined) return { kind: 'read', part: found, warnings: warningsOf(found) };
    if (next === undefined || next === '')
      return { kind: 'unknown', why: `there is no Auto Scaling group ${name}`, missing: true };
    if (next === token) break;
    token = next;
  }
  return unread(`group ${name}: its list of groups does not end`);
}

function warningsOf(group: AutoScalingGroup): string[] {
  const warnings: string[] = [];
  const suspended = (group.SuspendedProcesses ?? []).find(({ ProcessName }) => ProcessName === 'Launch');
  if (suspended !== undefined) {
    const reason = suspended.SuspensionReason ?? '';
    warnings.push(
      `the group's Launch process is suspended${reason === '' ? '' : ` (${reason})`}: jobs that find no block find no on-demand node either; resume it`,
    );
  }
  if (group.WarmPoolConfiguration !== undefined && group.WarmPoolConfiguration.Status !== 'PendingDelete')
    warnings.push(
      'the group has a warm pool: no block comes from it, and its instances cost beside the blocks; remove it if blocks do its work',
    );
  if (group.PlacementGroup !== undefined && group.PlacementGroup !== '')
    warnings.push(`blocks are not launched into the group's placement group ${group.PlacementGroup}`);
  return warnings;
}
