import { earliest, type Instant, NEVER } from '../../src/domain/time.ts';
import { type MicroUsd, usdOf } from '../market/money.ts';
import type { Cost } from '../outcome.ts';
import type { GroupSettings, ServicePrices } from '../scenario/scenario.ts';
import type { PaidInstance, PaidNode, Truth } from '../world/simulatedWorld.ts';
import { serviceOf } from './service.ts';

/** What a run costs, from what the world saw. Money is summed in whole micro-dollars and shown in USD. */
export function billOf(truth: Truth, group: GroupSettings, prices: ServicePrices): Cost {
  let leases: MicroUsd = 0;
  let overflow: MicroUsd = 0;
  let idle: MicroUsd = 0;
  let leasesIdle: MicroUsd = 0;
  for (const paid of truth.instances) {
    const micro = leaseMicroUsd(truth, paid, truth.until);
    leases += micro;
    const { lease, endedAt } = paid.instance;
    leasesIdle += idleShare(micro, paid.busyMs, lengthOf(lease.startsAt, endedAt, truth.until));
  }
  for (const node of truth.overflow) {
    const micro = nodeMicroUsd(truth, node, group, truth.until);
    overflow += micro;
    idle += idleShare(micro, node.busyMs, lengthOf(node.startsAt, node.endedAt, truth.until));
  }
  idle += leasesIdle;
  const service = serviceOf(truth, prices);
  return {
    total: usdOf(leases + overflow),
    leases: usdOf(leases),
    overflow: usdOf(overflow),
    idle: usdOf(idle),
    leasesIdle: usdOf(leasesIdle),
    service: usdOf(service),
    together: usdOf(leases + overflow + service),
  };
}

/** What had been spent by each instant, in USD. */
export function spentBy(truth: Truth, group: GroupSettings, instants: readonly Instant[]): readonly number[] {
  return instants.map((at) => {
    let micro: MicroUsd = 0;
    for (const paid of truth.instances) if (paid.instance.lease.startsAt < at) micro += leaseMicroUsd(truth, paid, at);
    for (const node of truth.overflow) if (node.startsAt < at) micro += nodeMicroUsd(truth, node, group, at);
    return usdOf(micro);
  });
}

/** What one lease had cost by an instant, in USD. */
export const leaseUsd = (truth: Truth, paid: PaidInstance): number => usdOf(leaseMicroUsd(truth, paid, truth.until));

function leaseMicroUsd(truth: Truth, { instance, endedBy }: PaidInstance, by: Instant): MicroUsd {
  const { lease, endedAt } = instance;
  const ended = endedAt <= by;
  return truth.market.leaseUsd(lease, earliest(endedAt, by), ended ? endedBy : undefined);
}

function nodeMicroUsd(truth: Truth, node: PaidNode, { instanceType }: GroupSettings, by: Instant): MicroUsd {
  const { startsAt, endedAt, endedBy, offer } = node;
  if (startsAt >= by) return 0;
  const until = earliest(endedAt, by);
  return offer === undefined
    ? truth.market.onDemandUsd(instanceType, startsAt, until)
    : truth.market.leaseUsd({ offer, startsAt, expiresAt: NEVER }, until, endedAt <= by ? endedBy : undefined);
}

const idleShare = (micro: MicroUsd, busyMs: number, aliveMs: number): MicroUsd =>
  aliveMs <= 0 ? 0 : Math.round(micro * (1 - Math.min(1, busyMs / aliveMs)));

const lengthOf = (startsAt: Instant, endedAt: Instant, until: Instant): number =>
  (endedAt === NEVER ? until : earliest(endedAt, until)) - startsAt;
