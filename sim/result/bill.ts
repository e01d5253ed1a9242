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
    leasesIdle += idlePart(micro, truth.market.shareIn(lease, earliest(endedAt, truth.until), paid.busy));
  }
  for (const node of truth.overflow) {
    const micro = nodeMicroUsd(truth, node, group, truth.until);
    overflow += micro;
    idle += idlePart(micro, busyShareOf(truth, node));
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

const idlePart = (micro: MicroUsd, busyShare: number): MicroUsd => Math.round(micro * (1 - busyShare));

/** A node on demand costs the same at any hour. */
function busyShareOf({ market, until }: Truth, { startsAt, endedAt, offer, busy }: PaidNode): number {
  const endsAt = earliest(endedAt, until);
  if (offer !== undefined) return market.shareIn({ offer, startsAt }, endsAt, busy);
  const busyMs = busy.reduce((ms, [from, to]) => ms + Math.max(0, earliest(to, endsAt) - from), 0);
  return endsAt <= startsAt ? 0 : Math.min(1, busyMs / (endsAt - startsAt));
}
