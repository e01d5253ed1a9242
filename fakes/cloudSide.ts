import type { Scenario } from '../sim/scenario/scenario.ts';
import type { Truth } from '../sim/world/simulatedWorld.ts';
import type { Fact } from '../src/domain/facts.ts';
import { before, type Instant, isoOf, minutes, seconds } from '../src/domain/time.ts';
import { type Offer, type Refusal, TERMS } from '../src/domain/words.ts';
import type { World } from '../src/world/world.ts';
import type { Account } from './aws/account.ts';
import type { Decision, LaunchRequest } from './aws/resources.ts';
import { QUEUE } from './names.ts';

/** The account's part of a world on the wire. */
export interface CloudSide {
  /** What happened shows in the account. */
  show(fact: Fact): void;
  /** How many instances were launched for each try, by its token; more than one is what no keeper may ever do. */
  readonly launched: ReadonlyMap<string, number>;
}

/** How the keeper's tags are named: the simulated world decides by the try that an instance is bought in. */
const TAGS = {
  token: 'spot-keeper:token',
  leaseSeconds: 'spot-keeper:lease-seconds',
  usdPerHour: 'spot-keeper:usd-per-hour',
} as const;

/** EC2's words for the refusals of the simulated world. */
const REFUSALS: Readonly<Record<Refusal, { readonly code: string; readonly status: number }>> = {
  'no-capacity': { code: 'InsufficientInstanceCapacity', status: 500 },
  'subnet-full': { code: 'InsufficientFreeAddressesInSubnet', status: 400 },
  quota: { code: 'MaxSpotInstanceCountExceeded', status: 400 },
  throttled: { code: 'RequestLimitExceeded', status: 503 },
  'bad-template': { code: 'InvalidAMIID.NotFound', status: 400 },
  forbidden: { code: 'UnauthorizedOperation', status: 403 },
  'unsupported-term': { code: 'InvalidParameterValue', status: 400 },
  cancelled: { code: 'InsufficientInstanceCapacity', status: 500 },
};

/** AWS gives notice two minutes before it takes an instance back (EC2 user guide). */
const NOTICE_MS = minutes(2);

/** Lets the simulated world decide about launches and terminations of an account, and the account show its facts. */
export function cloudSide(scenario: Scenario, world: World & { truth(): Truth }, account: Account): CloudSide {
  const launched = new Map<string, number>();
  const waiting = new Map<string, (decision: Decision) => void>();
  /** The block of every instance that the simulated world knows, by instance id, and the other way round. */
  const instanceOf = new Map<string, string>();
  const blockOf = new Map<string, string>();

  furnish(scenario, world.truth(), account);

  account.decide = (launch) => {
    const request = requestOf(launch);
    // Somebody else's instance: the simulated world has no part in its fate.
    if (request === undefined) return Promise.resolve({ kind: 'granted' });
    const earlier = launched.get(request.token) ?? 0;
    launched.set(request.token, earlier + 1);
    // EC2 has no part in what a tag means: a second launch for the same try is a second instance.
    if (earlier > 0) return Promise.resolve({ kind: 'granted' });
    return new Promise((resolve) => {
      waiting.set(request.token, resolve);
      world.perform([{ type: 'requestCapacity', ...request }]);
    });
  };
  account.onTerminate = ({ instanceId }) => {
    const blockId = blockOf.get(instanceId);
    if (blockId === undefined) account.setState(instanceId, 'terminated');
    else world.perform([{ type: 'terminateInstance', blockId, instanceId }]);
  };

  return { show, launched };

  function show(fact: Fact): void {
    switch (fact.type) {
      case 'capacity.granted': {
        const { blockId, token, lease } = fact;
        instanceOf.set(blockId, lease.instanceId);
        blockOf.set(lease.instanceId, blockId);
        answer(token, {
          kind: 'granted',
          instanceId: lease.instanceId,
          launchedAt: lease.startsAt,
          usdPerHour: lease.offer.usdPerHour,
        });
        return;
      }
      case 'capacity.refused':
        answer(fact.token, {
          kind: 'refused',
          ...REFUSALS[fact.refusal],
          message: messageOf(fact.refusal, fact.offer),
        });
        return;
      case 'node.seen':
        ofBlock(fact.blockId, (instanceId) => {
          if (account.instances.get(instanceId)?.state === 'pending') account.setState(instanceId, 'running');
        });
        return;
      case 'instance.interrupted':
        ofBlock(fact.blockId, (instanceId) => {
          if (account.instances.get(instanceId)?.spotRequestId !== undefined)
            account.setSpotStatus(instanceId, 'marked-for-termination');
          send('EC2 Spot Instance Interruption Warning', before(fact.reclaimAt, NOTICE_MS), {
            'instance-id': instanceId,
            'instance-action': 'terminate',
          });
        });
        return;
      case 'instance.atRisk':
        ofBlock(fact.blockId, (instanceId) => {
          send('EC2 Instance Rebalance Recommendation', fact.at, { 'instance-id': instanceId });
        });
        return;
      case 'instance.gone':
        ofBlock(fact.blockId, (instanceId) => {
          account.setState(instanceId, 'terminated', REASONS[fact.cause]);
          send('EC2 Instance State-change Notification', fact.at, { 'instance-id': instanceId, state: 'terminated' });
        });
        return;
      // Nothing of the others shows in an account.
      default:
        return;
    }
  }

  function ofBlock(blockId: string, act: (instanceId: string) => void): void {
    const instanceId = instanceOf.get(blockId);
    if (instanceId !== undefined && account.instances.get(instanceId) !== undefined) act(instanceId);
  }

  function answer(token: string, decision: Decision): void {
    waiting.get(token)?.(decision);
    waiting.delete(token);
  }

  function send(detailType: string, at: Instant, detail: Readonly<Record<string, string>>): void {
    account.sendMessage(
      QUEUE,
      JSON.stringify({
        version: '0',
        id: `${detailType} ${at}`,
        'detail-type': detailType,
        source: 'aws.ec2',
        account: account.accountId,
        time: isoOf(at),
        region: account.region,
        resources: [],
        detail,
      }),
    );
  }
}

/** What the simulated world is asked for a launch; undefined for one that no keeper has tagged. */
function requestOf({
  tags,
  market,
  instanceType,
  zone,
}: LaunchRequest): { readonly blockId: string; readonly token: string; readonly offer: Offer } | undefined {
  const token = tags[TAGS.token];
  const durationMs = seconds(Number(tags[TAGS.leaseSeconds]));
  const term = TERMS.find((one) => one === market);
  if (token === undefined || term === undefined || !(durationMs > 0)) return undefined;
  return {
    token,
    blockId: token.slice(0, token.lastIndexOf('.')),
    offer: { instanceType, zone, term, durationMs, usdPerHour: Number(tags[TAGS.usdPerHour]) },
  };
}

const messageOf = (refusal: Refusal, { instanceType, zone }: Offer): string =>
  refusal === 'unsupported-term'
    ? 'BlockDurationMinutes is not a valid parameter.'
    : `We currently do not have sufficient ${instanceType} capacity in the Availability Zone you requested (${zone}).`;

const REASONS = {
  interrupted: { reasonCode: 'Server.SpotInstanceTermination', reasonMessage: 'Spot instance termination' },
  schedule: { reasonCode: 'Server.SpotInstanceTermination', reasonMessage: 'instance-terminated-by-schedule' },
  terminated: { reasonCode: 'Client.UserInitiatedShutdown', reasonMessage: 'User initiated shutdown' },
  unknown: {},
} as const;

/** What the account has before anything happens: each pool's group with its launch template, prices, the queue. */
function furnish({ from, until, pools }: Scenario, { market }: Truth, account: Account): void {
  account.addQueue(QUEUE);
  const subnets = account.subnets.all();
  for (const [index, { template, instanceTypes, zones }] of pools.pools.entries()) {
    const name = template.autoScalingGroup;
    if (account.groups.get(name) !== undefined) continue;
    const templateId = `lt-${String(index + 1).padStart(17, '0')}`;
    account.templates.set(templateId, {
      templateId,
      name: `${name}-template`,
      createdAt: from,
      defaultVersion: 1,
      tags: {},
      versions: [
        {
          number: 1,
          createdAt: from,
          description: undefined,
          data: {
            ImageId: 'ami-0123456789abcdef0',
            InstanceType: instanceTypes[0] ?? 'm5.large',
            SecurityGroupId: ['sg-0123456789abcdef0'],
            UserData: Buffer.from('#!/bin/sh\necho a node of a rehearsal\n').toString('base64'),
          },
        },
      ],
    });
    account.groups.set(name, {
      name,
      createdAt: from,
      fields: {
        MinSize: '0',
        MaxSize: '100',
        DesiredCapacity: '0',
        LaunchTemplate: { LaunchTemplateId: templateId, Version: '$Default' },
        VPCZoneIdentifier: subnets
          .filter(({ zone }) => zones.includes(zone))
          .map(({ subnetId }) => subnetId)
          .join(','),
      },
      tags: [{ key: 'kubernetes.io/cluster/rehearsal', value: 'owned', propagateAtLaunch: true }],
      suspended: {},
    });
  }
  for (const { at, market: name, usdPerHour } of market.changes(from, until)) {
    const [instanceType = '', zone = ''] = name.split('/');
    account.setSpotPrice(instanceType, zone, usdPerHour, at);
  }
}
