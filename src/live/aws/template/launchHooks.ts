import { DescribeLifecycleHooksCommand } from '@aws-sdk/client-auto-scaling';
import type { TemplatePort } from './group.ts';
import { always } from './seldom.ts';

const LAUNCHING = 'autoscaling:EC2_INSTANCE_LAUNCHING';

/**
 * What people should know of the hooks that a group runs when it launches an instance: blocks are no members of the group, and go
 * past them. The permission to ask is optional; without it that is what is said.
 */
export async function launchHookWarnings(
  { aws, caller, seldom = always }: TemplatePort,
  group: string,
): Promise<readonly string[]> {
  const answer = await seldom(`launch hooks of ${group}`, () =>
    caller.call('autoscaling', 'DescribeLifecycleHooks', (abortSignal) =>
      aws.autoScaling.send(new DescribeLifecycleHooksCommand({ AutoScalingGroupName: group }), { abortSignal }),
    ),
  );
  const hooks = answer.kind === 'ok' ? answer.value.LifecycleHooks : undefined;
  if (hooks === undefined) {
    const why = answer.kind === 'failed' ? `${answer.code}: ${answer.message}` : 'no list of hooks came back';
    return [
      `it is not known whether the group has launch lifecycle hooks (${why}); if it has, no block waits for them. The permission to ask is autoscaling:DescribeLifecycleHooks`,
    ];
  }
  const launching = hooks.filter(({ LifecycleTransition: transition }) => transition === LAUNCHING);
  if (launching.length === 0) return [];
  const names = launching.map(({ LifecycleHookName: name = 'without a name' }) => name).toSorted();
  return [
    `the group has launch lifecycle hooks (${names.join(', ')}), and no block waits for them; move what jobs need of them into the image or the user data`,
  ];
}
