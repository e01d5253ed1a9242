import { architectureOf, familyOf, type QuotaFamily, quotaFamilyOf, vcpusOf } from '../../src/domain/instanceTypes.ts';
import type { Instant } from '../../src/domain/time.ts';
import { marketOf, type Refusal, type Term } from '../../src/domain/words.ts';
import type { Market } from '../market/market.ts';
import type { MarketSettings, Quota, RefusalRule, Subnet } from '../scenario/scenario.ts';

/** What is to be launched. */
export interface Launch {
  readonly instanceType: string;
  readonly zone: string;
  readonly term: Term;
  /** The pool whose template it is launched from; left out: of no pool. */
  readonly pool?: string;
}

type Limits = Pick<MarketSettings, 'refusals' | 'quotas' | 'subnets'>;

/**
 * Why EC2 refuses, and what it counts for that: instances of spare capacity by market, vCPUs by quota, addresses by subnet.
 * Everything that runs in the account is to be counted, blocks and group nodes alike.
 */
export class Refusing {
  private readonly now: () => Instant;
  private readonly market: Market;
  private readonly limits: Required<Limits>;
  private readonly running = new Counts();
  private readonly vcpus = new Counts();
  private readonly addresses = new Counts();

  constructor(now: () => Instant, market: Market, { refusals = [], quotas = [], subnets = [] }: Limits) {
    this.now = now;
    this.market = market;
    this.limits = { refusals, quotas, subnets };
  }

  /** Why a launch would be refused now; undefined if it would not. Where several things stand in its way, the first is said. */
  refusalOf(launch: Launch): Refusal | undefined {
    const found = new Set<Refusal>();
    for (const refusal of this.limits.refusals)
      if (refusal.subnet === undefined && this.strikes(refusal, launch)) found.add(refusal.refusal);
    if (this.limits.quotas.some((quota) => this.isAbove(quota, launch))) found.add('quota');
    for (const refusal of this.subnetFor(launch).refusals) found.add(refusal);
    if (this.market.room(launch.instanceType, launch.zone, this.now(), launch.term) <= this.running.of(placeOf(launch)))
      found.add('no-capacity');
    return ORDER.find((refusal) => found.has(refusal));
  }

  /** Counts what was launched. Returns what to call when it has ended. */
  started(launch: Launch): () => void {
    const { subnet } = this.subnetFor(launch);
    const counted = [
      this.running.add(placeOf(launch), 1),
      this.vcpus.add(quotaKey(quotaFamilyOf(launch.instanceType), launch.term), vcpusOf(launch.instanceType) ?? 0),
      ...(subnet === undefined ? [] : [this.addresses.add(subnet.id, 1)]),
    ];
    return () => {
      for (const release of counted) release();
    };
  }

  /**
   * The subnet of the zone with the most free addresses, as Auto Scaling balances them, and why there is none: a refusal that
   * strikes one subnet leaves the others of its zone. A zone of which no subnet is listed has addresses without end.
   */
  private subnetFor(launch: Launch): { readonly subnet: Subnet | undefined; readonly refusals: readonly Refusal[] } {
    const refusals: Refusal[] = [];
    let best: Subnet | undefined;
    let mostFree = 0;
    for (const subnet of this.limits.subnets) {
      if (subnet.zone !== launch.zone) continue;
      const struck = this.limits.refusals.filter((one) => one.subnet === subnet.id && this.strikes(one, launch));
      const free = subnet.addresses - this.addresses.of(subnet.id);
      refusals.push(...struck.map(({ refusal }) => refusal), ...(free > 0 ? [] : (['subnet-full'] as const)));
      if (struck.length > 0 || free <= mostFree) continue;
      best = subnet;
      mostFree = free;
    }
    return { subnet: best, refusals: best === undefined ? refusals : [] };
  }

  private strikes({ from, until, ...scope }: RefusalRule, launch: Launch): boolean {
    const now = this.now();
    if ((from !== undefined && now < from) || (until !== undefined && now >= until)) return false;
    const { instanceType, zone, term, pool } = launch;
    return (
      isWithin(scope.instanceType, instanceType) &&
      isWithin(scope.family, familyOf(instanceType)) &&
      isWithin(scope.architecture, architectureOf(instanceType)) &&
      isWithin(scope.zone, zone) &&
      isWithin(scope.term, term) &&
      isWithin(scope.pool, pool)
    );
  }

  private isAbove(quota: Quota, { instanceType, term }: Launch): boolean {
    const key = quotaKey(quotaFamilyOf(instanceType), term);
    if (key !== quotaKey(quota.family, quota.term)) return false;
    return this.vcpus.of(key) + (vcpusOf(instanceType) ?? 0) > quota.vcpus;
  }
}

/**
 * Who is asked first: the door of the API, then the rights, then the request itself, then the account's limits, then what is
 * there. AWS does not document it. Assumed.
 */
const ORDER = [
  'throttled',
  'forbidden',
  'bad-template',
  'unsupported-term',
  'quota',
  'subnet-full',
  'no-capacity',
] as const satisfies readonly Refusal[];

const isWithin = (scope: string | undefined, found: string | undefined): boolean =>
  scope === undefined || scope === found;

/** A recorded scarcity is one of spare capacity, which on-demand instances do not take up. */
const placeOf = (launch: Launch): string =>
  `${marketOf(launch)} ${launch.term === 'on-demand' ? 'on-demand' : 'spare'}`;

/** Spot and spot blocks count against one quota. */
const quotaKey = (family: QuotaFamily | undefined, term: Term): string =>
  `${family ?? 'none'} ${term === 'on-demand' ? 'on-demand' : 'spot'}`;

/** How much there is of each thing. */
class Counts {
  private readonly counts = new Map<string, number>();

  of(key: string): number {
    return this.counts.get(key) ?? 0;
  }

  /** Returns what takes it off again. */
  add(key: string, count: number): () => void {
    this.counts.set(key, this.of(key) + count);
    return () => {
      this.counts.set(key, this.of(key) - count);
    };
  }
}
