import { Account } from '../../fakes/aws/account.ts';
import { type AwsServer, awsServer } from '../../fakes/aws/server.ts';
import { type KubernetesServer, kubernetesServer } from '../../fakes/kubernetes/server.ts';
import { Store } from '../../fakes/kubernetes/store.ts';
import { hours, type Instant, isoOf, minutes } from '../../src/domain/time.ts';
import { blockIdOf, tokenOf } from '../../src/domain/words.ts';
import { type Clock, scaledClock } from '../../src/live/ports/clock.ts';
import { tagsOf } from '../../src/live/ports/tags.ts';
import { nodeObject, podObject } from './clusterObjects.ts';

/** Services of an account and a cluster in which nothing is due: so many blocks serve, far from the ends of their leases. */
export interface BigWorld {
  readonly aws: AwsServer;
  readonly kubernetes: KubernetesServer;
  /** `--clock` of a keeper of this world. */
  readonly clockFlag: string;
  readonly clock: Clock;
  readonly region: string;
  /** The text of the pools file that wants just these blocks. */
  readonly pools: string;
  /** Takes a living block away, as a failure of its machine does: another is to be bought. */
  loseBlock(): void;
  close(): Promise<void>;
}

export interface BigWorldSettings {
  readonly blocks: number;
  readonly pods: number;
  /** How many times faster than real its time goes. */
  readonly speed: number;
}

const ZONES = ['a', 'b', 'c'].map((letter) => `eu-central-1${letter}`);
const TYPE = 'm5.2xlarge';
const FLEET = 'bench';
const GROUP = 'ci-on-demand';
/** A Monday, within the window of the pools file below. */
const FROM: Instant = Date.parse('2026-03-02T10:00:00Z');
const LEASE_MS = hours(6);

/** A kubelet writes the status of its node so often when nothing changes (Kubernetes documentation, nodeStatusReportFrequency). */
const STATUS_MS = minutes(5);
/** In real time: how often services do what is due by their clock, beside each request. */
const TICK_MS = 100;

/** Starts the services on the loopback interface. */
export async function bigWorld({ blocks, pods, speed }: BigWorldSettings): Promise<BigWorld> {
  const realFrom = Date.now();
  const clock = scaledClock({ from: FROM, realFrom, speed });
  const { now } = clock;
  const account = new Account({
    now,
    region: 'eu-central-1',
    instanceTypes: [TYPE],
    subnets: ZONES.map((zone, index) => ({
      ...{ subnetId: `subnet-${index}`, zone, cidr: `10.${index}.0.0/16`, addresses: 60_000 },
    })),
    settlesAfterMs: 0,
  });
  const store = new Store({ now });
  store.put('namespaces', { metadata: { name: 'spot-keeper' } });
  furnish(account);
  const nodes = Array.from({ length: blocks }, (_, slot) => addBlock(account, store, slot));
  for (let index = 0; index < pods; index += 1)
    store.put('pods', podObject({ index, node: nodes[index % nodes.length] ?? '', at: FROM }));

  const aws = await awsServer({ account });
  const kubernetes = await kubernetesServer({ store });
  const ticking = setInterval(tick, TICK_MS);
  let reportedUpTo = FROM;
  let nextNode = 0;

  return {
    ...{ aws, kubernetes, clock, region: account.region, pools: poolsText(blocks) },
    clockFlag: `${isoOf(FROM)}@${speed}@${realFrom}`,
    loseBlock() {
      const living = account.instances.all().find(({ state }) => state === 'running');
      if (living !== undefined)
        account.setState(living.instanceId, 'terminated', { reasonCode: 'Server.InternalError' });
    },
    async close() {
      clearInterval(ticking);
      await Promise.all([aws.close(), kubernetes.close()]);
    },
  };

  function tick(): void {
    account.tick();
    kubernetes.tick();
    // One kubelet after another, so that each comes round once in the time it takes.
    for (const everyMs = STATUS_MS / blocks; reportedUpTo + everyMs <= now(); reportedUpTo += everyMs) {
      const node = store.get('nodes', nodes[nextNode++ % blocks] ?? '');
      if (node !== undefined) store.put('nodes', { ...node, status: { ...nodeObject(statusOf(node)).status } });
    }
  }

  function statusOf(node: { readonly metadata: { readonly name: string } }) {
    return { name: node.metadata.name, instanceId: '', instanceType: TYPE, zone: '', at: now() };
  }
}

function furnish(account: Account): void {
  const data = {
    ImageId: 'ami-0123456789abcdef0',
    InstanceType: TYPE,
    SecurityGroupId: ['sg-0123456789abcdef0'],
    UserData: Buffer.from('#!/bin/sh\necho a node of a bench\n').toString('base64'),
  };
  account.templates.set('lt-00000000000000001', {
    ...{ templateId: 'lt-00000000000000001', name: `${GROUP}-template`, createdAt: FROM, defaultVersion: 1, tags: {} },
    versions: [{ number: 1, createdAt: FROM, description: undefined, data }],
  });
  account.groups.set(GROUP, {
    ...{ name: GROUP, createdAt: FROM, suspended: {} },
    fields: {
      ...{ MinSize: '0', MaxSize: '100', DesiredCapacity: '0' },
      LaunchTemplate: { LaunchTemplateId: 'lt-00000000000000001', Version: '$Default' },
      VPCZoneIdentifier: ZONES.map((_, index) => `subnet-${index}`).join(','),
    },
    tags: [{ key: 'kubernetes.io/cluster/bench', value: 'owned', propagateAtLaunch: true }],
  });
  for (const zone of ZONES) account.setSpotPrice(TYPE, zone, 0.12, FROM);
}

/** A block that serves: its instance and its node. Answers the name of the node. */
function addBlock(account: Account, store: Store, slot: number): string {
  const blockId = blockIdOf('ci', slot, 1);
  const subnet = slot % ZONES.length;
  const zone = ZONES[subnet] ?? '';
  const offer = { instanceType: TYPE, zone, term: 'spot', durationMs: LEASE_MS, usdPerHour: 0.12 } as const;
  const birth = { fleet: FLEET, blockId, token: tokenOf(blockId, 1), offer, templateHash: '', at: FROM };
  const { instanceId } = account.addInstance({
    ...{ instanceType: TYPE, subnetId: `subnet-${subnet}`, market: 'spot', state: 'running' },
    tags: { ...tagsOf(birth), Name: blockId, 'kubernetes.io/cluster/bench': 'owned' },
    clientToken: `bench-${slot}`,
    // What a node of a cluster is commonly launched with, so that the list of it is as long as elsewhere.
    specification: {
      SecurityGroupId: ['sg-0123456789abcdef0', 'sg-0fedcba9876543210'],
      IamInstanceProfile: { Name: 'ci-node' },
      BlockDeviceMapping: [{ DeviceName: '/dev/xvda', Ebs: { VolumeSize: '100', VolumeType: 'gp3' } }],
      MetadataOptions: { HttpTokens: 'required', HttpPutResponseHopLimit: '2' },
    },
  });
  const name = `ip-10-${subnet}-${slot >> 8}-${slot & 255}.${account.region}.compute.internal`;
  store.put('nodes', nodeObject({ name, instanceId, instanceType: TYPE, zone, at: FROM }));
  return name;
}

const poolsText = (blocks: number): string => `
version: 1
fleet: ${FLEET}
pools:
  - name: ci
    template: { autoScalingGroup: ${GROUP} }
    instanceTypes: [${TYPE}]
    zones: [${ZONES.join(', ')}]
    lease: { term: spot, duration: ${LEASE_MS / hours(1)}h }
    operatingHours:
      policy: weekly
      zone: UTC
      windows:
        - { days: mon-fri, from: "06:00", to: "22:00", blocks: ${blocks} }
    renewal: { policy: surge, lead: 30m }
    purchase: { policy: spreadZones }
    maxBlocks: ${blocks}
live:
  jobs: [run-once, gitlab]
`;
