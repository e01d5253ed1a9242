import type { WireWorld } from '../../fakes/wireWorld.ts';
import { hours, isoOf, minutes } from '../../src/domain/time.ts';
import { TAG } from '../../src/live/ports/tags.ts';
import { aPoolConfig, aScenario, MONDAY } from './aScenario.ts';

// What a keeper meets that takes a group over from the original scripts.

/** Monday, eight o'clock in London and by UTC: a day on which three blocks are wanted. */
const START = MONDAY + hours(8);
export const GROUP = 'ci-on-demand';
export const MORNING = aScenario({
  ...{ from: START, until: START + hours(14), jobs: [] },
  pools: { fleet: GROUP, pools: [aPoolConfig({ name: GROUP })] },
});
export const ENV = {
  ...{ ASG_NAME: GROUP, TARGET_INSTANCE_COUNT: '3', OPERATION_TZ: 'Europe/London', OPERATION_DOW: '1-5' },
  ...{ OPERATION_START: '06:00', OPERATION_END: '22:59' },
  ...{ BLOCK_DURATION: '240', REPLACEMENT_LIMIT_SECONDS: '2400', CREATION_DELAY_SECONDS: '60' },
};
/** How long the scripts' instances have run and how long their leases last yet, when the keeper comes. */
const RAN_MS = minutes(30);
export const LEFT_MS = minutes(50);
/** REPLACEMENT_LIMIT_SECONDS. */
export const LEAD_MS = minutes(40);
export const OLD = ['i-0000000000000000a', 'i-0000000000000000b'] as const;

/** Two instances that the scripts launched half an hour ago, with their nodes; a job runs on the first. */
export function scripts(world: WireWorld): void {
  const { account, store } = world;
  const now = world.now();
  for (const instanceId of OLD) {
    const [subnet] = account.subnets.all();
    account.addInstance({
      ...{ instanceId, subnetId: subnet!.subnetId, instanceType: 'm5.2xlarge', state: 'running', market: 'spot' },
      launchedAt: now - RAN_MS,
      tags: {
        ...{ Name: `spot${GROUP}`, SpotSysTemplateASG: GROUP, SpotSysIdentifier: '4f2a91', SpotSysGeneration: '1' },
        SpotSysCreated: String(Math.floor((now - RAN_MS) / 1_000)),
        SpotSysExpired: String(Math.floor((now + LEFT_MS) / 1_000)),
      },
    });
    store.put('nodes', {
      metadata: { name: `node-${instanceId}` },
      spec: { providerID: `aws:///us-east-1a/${instanceId}` },
      status: { conditions: [{ type: 'Ready', status: 'True' }] },
    });
  }
  store.put('pods', {
    metadata: { name: 'runner-1', namespace: 'builds' },
    spec: { nodeName: `node-${OLD[0]}`, restartPolicy: 'Never', containers: [{ name: 'build', image: 'ci' }] },
    status: { phase: 'Running', startTime: isoOf(now) },
  });
}

/** The instances that the keeper has bought, and how many of them live. */
export const bought = ({ account }: WireWorld) => {
  const ours = account.instances.all().filter(({ tags }) => tags[TAG.fleet] === GROUP);
  return { ours, alive: ours.filter(({ state }) => isAlive(state)) };
};

export const isOver = ({ account }: WireWorld, instanceId: string): boolean =>
  !isAlive(account.instances.get(instanceId)?.state);

export const isCordoned = ({ store }: WireWorld, instanceId: string): boolean =>
  // Known: every node of the store has a spec.
  (store.get('nodes', `node-${instanceId}`)?.['spec'] as { unschedulable?: boolean } | undefined)?.unschedulable ===
  true;

const isAlive = (state: string | undefined): boolean => state === 'pending' || state === 'running';
