import { describe, expect, it } from 'vitest';
import type { WireWorld } from '../../../fakes/wireWorld.ts';
import { catalogue } from '../../../policies/catalogue.ts';
import { hours, minutes } from '../../../src/domain/time.ts';
import { poolsOf } from '../../../src/pool/assemble.ts';
import { aPoolConfig, aScenario, MONDAY } from '../../support/aScenario.ts';
import { lockstep } from '../../support/lockstep.ts';

type Asked = Parameters<WireWorld['account']['ask']>[0];

/** EC2's words for it (API reference, "Error codes"), and the HTTP status that they come with. */
interface Words {
  readonly code: string;
  readonly message: string;
  readonly status: number;
}

const REASONS: readonly (readonly [string, Words])[] = [
  [
    'its architecture is not that of the image',
    {
      code: 'InvalidParameterValue',
      message:
        "The architecture 'arm64' of the specified instance type does not match the architecture 'x86_64' of the specified AMI.",
      status: 400,
    },
  ],
  [
    'the spot quota of its family is used up',
    { code: 'MaxSpotInstanceCountExceeded', message: 'Max spot instance count exceeded', status: 400 },
  ],
  [
    'it does not take what the template says',
    {
      code: 'InvalidParameterCombination',
      message: "The instance type 'm6g.xlarge' does not support specifying CpuOptions.",
      status: 400,
    },
  ],
  [
    'a policy of the organisation denies it',
    { code: 'UnauthorizedOperation', message: 'You are not authorized to perform this operation.', status: 403 },
  ],
];

const TWO_TYPES = aPoolConfig({ instanceTypes: ['m6g.xlarge', 'm5.xlarge'] });

/** Two blocks wanted for an hour, over the wire. Returns what EC2 was asked for, and what it gave. */
async function anHour(pool: ReturnType<typeof aPoolConfig>, furnish: (world: WireWorld, asked: Asked[]) => void) {
  const usual = aScenario();
  const scenario = aScenario({
    ...{ from: MONDAY, until: MONDAY + hours(1), jobs: [] },
    pools: { fleet: 'test', pools: [pool] },
    market: { ...usual.market, onDemand: { 'm6g.xlarge': 0.15, 'm5.xlarge': 0.2 } },
    onDemandGroup: { ...usual.onDemandGroup, instanceType: 'm5.xlarge' },
  });
  const asked: Asked[] = [];
  const servedAt: number[] = [];
  const served = new Set<string>();
  const { world } = await lockstep(scenario, poolsOf(scenario.pools, catalogue), {
    withoutQueue: true,
    furnish: (one) => {
      furnish(one, asked);
    },
    turned: ({ fact }) => {
      if (fact.type !== 'node.seen' || served.has(fact.blockId)) return;
      served.add(fact.blockId);
      servedAt.push(fact.at - MONDAY);
    },
  });
  return { asked, servedAt, launched: world.account.instances.all() };
}

/** Lets EC2 refuse what `words` says of; whatever else comes up is decided as usual. */
function refusing({ account }: WireWorld, asked: Asked[], words: (launch: Asked) => Words | undefined): void {
  const decide = account.decide?.bind(account);
  account.decide = async (launch) => {
    asked.push(launch);
    const said = words(launch);
    if (said !== undefined) return { kind: 'refused', ...said };
    return (await decide?.(launch)) ?? { kind: 'granted' };
  };
}

describe('a pool of two types, of which EC2 refuses the cheaper', () => {
  it.each(REASONS)('because %s, has its blocks of the other one at once', async (_, words) => {
    const { asked, servedAt, launched } = await anHour(TWO_TYPES, (world, all) => {
      refusing(world, all, ({ instanceType }) => (instanceType === 'm6g.xlarge' ? words : undefined));
    });
    expect(launched.map(({ instanceType }) => instanceType)).toEqual(['m5.xlarge', 'm5.xlarge']);
    expect(Math.max(...servedAt)).toBeLessThan(minutes(6));
    expect(asked.filter(({ instanceType }) => instanceType === 'm6g.xlarge').length).toBeLessThanOrEqual(2);
  });
});

describe('a zone of two subnets, of which EC2 says that the roomier is full', () => {
  const FULL = {
    code: 'InsufficientFreeAddressesInSubnet',
    message: 'There are not enough free addresses in the subnet to satisfy the requested number of instances.',
    status: 400,
  };
  const second = 'subnet-0123456789abcdef9';
  const withSecond = ({ account }: WireWorld): string => {
    const [first] = account.subnets.all();
    const [group] = account.groups.all();
    if (first === undefined || group === undefined) throw new Error('no subnet, or no group');
    account.subnets.set(second, { ...first, subnetId: second, cidr: '10.8.0.0/24', addresses: 200 });
    const fields = { ...group.fields, VPCZoneIdentifier: `${first.subnetId},${second}` };
    account.groups.set(group.name, { ...group, fields });
    return first.subnetId;
  };
  const pool = aPoolConfig({ instanceTypes: ['m5.xlarge'], zones: ['us-east-1a'] });

  it('has its blocks in the other one at once, and the full one is left alone', async () => {
    const { asked, servedAt, launched } = await anHour(pool, (world, all) => {
      const full = withSecond(world);
      refusing(world, all, ({ subnetId }) => (subnetId === full ? FULL : undefined));
    });
    expect(launched.map(({ subnetId }) => subnetId)).toEqual([second, second]);
    expect(Math.max(...servedAt)).toBeLessThan(minutes(6));
    expect(asked.length).toBeLessThanOrEqual(4);
  });

  it('is asked for once in a while where both are full', async () => {
    const { asked, launched } = await anHour(pool, (world, all) => {
      withSecond(world);
      refusing(world, all, () => FULL);
    });
    expect(launched).toEqual([]);
    expect(new Set(asked.map(({ subnetId }) => subnetId)).size).toBe(2);
    // Both, with every five minutes; two blocks began at once.
    expect(asked.length).toBeLessThanOrEqual(2 * 13);
  });
});
