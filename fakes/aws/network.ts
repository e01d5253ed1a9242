import type { Instance, Subnet } from './resources.ts';

/** Who has the addresses. */
interface Tenants {
  readonly instances: { all(): readonly Pick<Instance, 'subnetId' | 'state' | 'privateIp'>[] };
}

/** The first four addresses of a subnet belong to AWS. */
const RESERVED = 4;

/** A private address of a subnet that nobody has, not the one that was freed last: a name is rarely used again at once. */
export function addressIn(account: Tenants, { subnetId, cidr, addresses }: Subnet): string {
  const taken = new Set(addressesOf(account, subnetId));
  const [base = '10.0.0.0', bits = '24'] = cidr.split('/');
  const room = Math.max(1, Math.max(addresses, 2 ** (32 - Number(bits)) - RESERVED - 1));
  const first = base.split('.').reduce((number, part) => number * 256 + Number(part), 0) + RESERVED;
  const start = account.instances.all().length;
  for (let step = 0; step < room; step += 1) {
    const address = dotted(first + ((start + step) % room));
    if (!taken.has(address)) return address;
  }
  return dotted(first);
}

/** How many more instances fit into a subnet. */
export const freeAddresses = (account: Tenants, { subnetId, addresses }: Subnet): number =>
  Math.max(0, addresses - addressesOf(account, subnetId).length);

/** `ip-10-0-1-5.eu-central-1.compute.internal`: what a node calls itself. */
export const privateDnsOf = (region: string, address: string): string =>
  `ip-${address.replaceAll('.', '-')}.${region === 'us-east-1' ? 'ec2' : `${region}.compute`}.internal`;

const addressesOf = (account: Tenants, subnetId: string): readonly string[] =>
  account.instances
    .all()
    .filter((instance) => instance.subnetId === subnetId && instance.state !== 'terminated')
    .map(({ privateIp }) => privateIp);

const dotted = (number: number): string =>
  [24, 16, 8, 0].map((shift) => String(Math.floor(number / 2 ** shift) % 256)).join('.');
