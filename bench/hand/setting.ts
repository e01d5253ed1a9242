import { createHash } from 'node:crypto';
import { draws as drawsOf } from '../../sim/chance/draw.ts';
import { usdOf } from '../../sim/market/money.ts';
import { marketIn } from '../../sim/market/ofScenario.ts';
import type { Scenario } from '../../sim/scenario/scenario.ts';
import { NEVER } from '../../src/domain/time.ts';
import type { Offer } from '../../src/domain/words.ts';
import { NEVER as NOT_YET } from './agenda.ts';
import { type Block, Blocks } from './blocks.ts';
import { type Jobs, Site } from './site.ts';

/** What a hand-written week came to, as far as the product is compared with it. */
export interface Settled {
  /** What happened in the loop. */
  readonly events: number;
  readonly launched: number;
  readonly killed: number;
  readonly onBlocks: number;
  readonly onOverflow: number;
  /** USD. */
  readonly total: number;
}

/** Runs the week once, from its beginning. */
export type HandWeek = () => Settled;

/** All that a hand-written week of a scenario with one pool of one type begins with. It is made once, and each run begins anew. */
export interface Setting {
  readonly from: number;
  /** In milliseconds from the start. */
  readonly end: number;
  readonly zones: number;
  readonly jobs: Jobs;
  start(): { readonly site: Site; readonly fleet: Blocks };
  /** Reckons what a week cost, by the market that the product pays too. */
  settled(site: Site, fleet: Blocks, events: number): Settled;
}

export function setting(scenario: Scenario): Setting {
  const { from, until, seed, cluster, onDemandGroup, pools } = scenario;
  const [pool] = pools.pools;
  const [instanceType = ''] = pool?.instanceTypes ?? [];
  const zones = pool?.zones ?? [];
  const leaseMs = pool?.lease.durationMs ?? 0;
  const market = marketIn(scenario);
  const within = scenario.jobs.filter(({ queuedAt }) => queuedAt >= from && queuedAt < until);
  const jobs: Jobs = {
    names: within.map(({ job }) => job),
    queuedAt: Int32Array.from(within, ({ queuedAt }) => queuedAt - from),
    durationMs: Int32Array.from(within, ({ durationMs }) => durationMs),
    luck: Float64Array.from(within, ({ job }) => drawsOf(seed).uniform('cluster.spread', job, 0)),
  };
  const reclaims = zones.map((zone) => market.reclaims(instanceType, zone).map((at) => at - from));
  const quote = (zone: number, at: number): number =>
    market.quote(instanceType, zones[zone]!, 'spot', leaseMs, from + at) ?? Number.POSITIVE_INFINITY;
  // The luck of an instance hangs on its id, which is a hash of its token: kept, so that no run but the first reckons it.
  const endings = new Map<string, number>();
  const endingMs = (token: string): number => {
    const known = endings.get(token);
    if (known !== undefined) return known;
    const id = `i-${createHash('sha256').update(`${seed}/${token}`).digest('hex').slice(0, 17)}`;
    const tookMs = 1_200 + Math.floor(drawsOf(seed).uniform('ec2.gone', id, 0) * 800);
    endings.set(token, tookMs);
    return tookMs;
  };
  return {
    ...{ from, jobs, end: until - from, zones: zones.length },
    start: () => {
      const draws = drawsOf(seed);
      const site = new Site(jobs, draws, onDemandGroup, cluster.boot);
      return { site, fleet: new Blocks({ site, draws, boot: cluster.boot, leaseMs, reclaims, quote, endingMs }) };
    },
    settled,
  };

  function settled(site: Site, fleet: Blocks, events: number): Settled {
    let micro = 0;
    let launched = 0;
    for (const block of fleet.all) {
      if (block.endAt === NOT_YET) continue;
      launched += 1;
      const endedAt = block.endedAt < 0 ? until : from + block.endedAt;
      const lease = { offer: offerOf(block), startsAt: from + block.startsAt, expiresAt: NEVER };
      micro += market.leaseUsd(lease, endedAt, block.endedAt < 0 ? undefined : block.endedByAws ? 'aws' : 'us');
    }
    for (const node of site.autoscaler.bought) {
      const startsAt = from + node.startsAt;
      if (startsAt >= until) continue;
      micro += market.onDemandUsd(onDemandGroup.instanceType, startsAt, node.endedAt < 0 ? until : from + node.endedAt);
    }
    let onBlocks = 0;
    let onOverflow = 0;
    for (const where of site.onBlock) {
      if (where === 1) onBlocks += 1;
      else if (where === 2) onOverflow += 1;
    }
    return { events, launched, killed: site.killed, onBlocks, onOverflow, total: usdOf(micro) };
  }

  function offerOf({ zone, usdPerHour }: Block): Offer {
    return { term: 'spot', instanceType, zone: zones[zone]!, durationMs: leaseMs, usdPerHour };
  }
}
