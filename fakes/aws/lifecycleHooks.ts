import { ApiError, required } from './apiError.ts';
import { groupNamed } from './autoScaling.ts';
import type { Handlers } from './call.ts';
import { textOf, textsOf, without } from './fields.ts';

const TRANSITIONS = ['autoscaling:EC2_INSTANCE_LAUNCHING', 'autoscaling:EC2_INSTANCE_TERMINATING'];

/** What groups run when they launch and end instances. Hooks are kept and told of; nothing here waits for one. */
export const lifecycleHookActions: Handlers = {
  PutLifecycleHook: ({ account, params }) => {
    const group = groupNamed(account, params);
    const name = required(textOf(params, 'LifecycleHookName'), 'LifecycleHookName');
    const known = group.hooks?.[name] ?? {};
    const hook = { ...known, ...without(params, 'Action', 'Version') };
    const transition = textOf(hook, 'LifecycleTransition') ?? '';
    if (!TRANSITIONS.includes(transition))
      throw new ApiError('ValidationError', `Lifecycle transition ${transition} is not valid`);
    account.groups.set(group.name, { ...group, hooks: { ...group.hooks, [name]: hook } });
    return {};
  },
  DescribeLifecycleHooks: ({ account, params, view }) => {
    const group = groupNamed(account, params, view);
    const names = textsOf(params, 'LifecycleHookNames');
    const found = Object.entries(group.hooks ?? {}).filter(([name]) => names.length === 0 || names.includes(name));
    return {
      LifecycleHooks: found.map(([, hook]) => ({
        // What Auto Scaling takes where nothing is said.
        ...{ HeartbeatTimeout: 3600, GlobalTimeout: 172_800, DefaultResult: 'ABANDON' },
        ...hook,
      })),
    };
  },
  DeleteLifecycleHook: ({ account, params }) => {
    const group = groupNamed(account, params);
    const name = required(textOf(params, 'LifecycleHookName'), 'LifecycleHookName');
    if (group.hooks?.[name] === undefined)
      throw new ApiError('ValidationError', `No Lifecycle Hook found with name: ${name}`);
    const left = Object.entries(group.hooks).filter(([one]) => one !== name);
    account.groups.set(group.name, { ...group, hooks: Object.fromEntries(left) });
    return {};
  },
};
