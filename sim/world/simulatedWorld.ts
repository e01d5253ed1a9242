import type { Effect } from '../../src/domain/effects.ts';
import type { Sighting } from '../../src/domain/facts.ts';
import { after, type Instant, type Millis, NEVER } from '../../src/domain/time.ts';
import { placeOf } from '../../src/domain/words.ts';
import type { World } from '../../src/world/world.ts';
import { draws as drawsOf } from '../chance/draw.ts';
import { Ec2, HELD_MS, type Instance, SETTLED_MS } from '../cloud/ec2.ts';
import { bootMs, neverJoins } from '../cluster/boot.ts';
import { Cluster, type Job, type KilledBy, type Node } from '../cluster/cluster.ts';
import { OnDemandGroup } from '../cluster/onDemandGroup.ts';
import { type Market, marketOfScenario } from '../market/market.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { fates } from './fates.ts';
import { Kernel } from './kernel.ts';

/** How long the simulated quote of a pool's offers takes. */
const QUOTE_MS = 500;

/** What the world saw happen: the truth that results are counted from, whatever the keeper believes. */
export interface Truth {
  readonly from: Instant;
  readonly until: Instant;
  readonly market: Market;
  readonly jobs: readonly Job[];
  readonly instances: readonly PaidInstance[];
  readonly overflow: readonly PaidNode[];
  /** Counts after every change, in order; the last of an instant stands. */
  readonly samples: readonly Sample[];
  readonly kills: readonly Kill[];
}

/** A running job that lost its node. `blockId` is undefined on a node of a group. */
export interface Kill {
  readonly at: Instant;
  readonly blockId: string | undefined;
  readonly job: string;
  readonly by: KilledBy;
}

export interface PaidInstance {
  readonly instance: Instance;
  readonly endedBy: 'aws' | 'us' | undefined;
  readonly busyMs: number;
}

export interface PaidNode {
  readonly name: string;
  readonly startsAt: Instant;
  /** NEVER while it runs. */
  readonly endedAt: Instant;
  readonly busyMs: number;
}

export interface Sample {
  readonly at: Instant;
  /** Block nodes that are ready and take pods, by pool. */
  readonly serving: Readonly<Record<string, number>>;
  /** Instances of ours that run. */
  readonly alive: number;
  readonly overflow: number;
  readonly jobsRunning: number;
  readonly jobsWaiting: number;
}

export interface SimulatedWorld extends World {
  /** The fact of everything of ours that exists now: what a keeper that starts anew is told first. */
  takeInventory(): void;
  truth(): Truth;
}

/**
 * A scenario as a world: market, EC2, cluster, on-demand group and demand, on one queue and one seed. `heldMs` is how long a
 * request for a spot block is left open where capacity lacks; 0 where whoever asks decides that himself.
 */
export function simulatedWorld(scenario: Scenario, { heldMs = HELD_MS }: { heldMs?: Millis } = {}): SimulatedWorld {
  const { from, until, seed, cluster: clusterSettings, pools } = scenario;
  const draws = drawsOf(seed);
  const kernel = new Kernel(from, until, fates(scenario.disturbances, draws));
  const market = marketOfScenario(scenario.market, {
    seed,
    from,
    until,
    instanceTypes: [...new Set(pools.pools.flatMap(({ instanceTypes }) => instanceTypes))],
    zones: [...new Set(pools.pools.flatMap(({ zones }) => zones))],
    billing: scenario.billing,
  });

  const nodes = new Map<string, Node>();
  const endedBy = new Map<Instance, 'aws' | 'us'>();
  const nodeOf = new Map<Instance, Node>();
  const kills: Kill[] = [];
  const samples: Sample[] = [];
  const poolNames = pools.pools.map(({ name }) => name);
  let alive = 0;

  const cluster = new Cluster(kernel, clusterSettings, {
    changed: sample,
    killed: ({ job }, { blockId }, by) => kills.push({ at: kernel.now, blockId, job, by }),
    idle: (node) => {
      if (node.kind === 'overflow') group.mayRemove(node);
    },
    starved: () => {
      group.expectScan();
    },
  });
  const group = new OnDemandGroup({
    kernel,
    cluster,
    settings: scenario.onDemandGroup,
    clusterSettings,
    draws,
    from,
    changed: sample,
  });
  const ec2 = new Ec2(
    kernel,
    market,
    draws,
    { seed, heldMs },
    {
      started: (instance) => {
        alive += 1;
        sample();
        const { blockId, attempt } = instance;
        const subject = `${blockId}.${attempt}`;
        if (neverJoins(draws, subject, clusterSettings.boot)) return;
        kernel.schedule(after(kernel.now, bootMs(draws, subject, clusterSettings.boot)), () => {
          if (instance.endedAt === NEVER) join(instance);
        });
      },
      ended: (instance, by) => {
        alive -= 1;
        endedBy.set(instance, by);
        const node = nodeOf.get(instance);
        if (node !== undefined) {
          cluster.lose(node, by === 'us' ? 'keeper' : instance.goneCause === 'schedule' ? 'term' : 'aws');
          nodes.delete(node.name);
        }
        sample();
      },
    },
  );

  for (const job of scenario.jobs)
    if (job.queuedAt >= from && job.queuedAt < until)
      kernel.schedule(job.queuedAt, () => {
        cluster.queue(job);
      });
  takeInventory();

  return {
    next: (wakeAt) => Promise.resolve(kernel.next(wakeAt)),
    perform: (effects) => {
      for (const effect of effects) perform(effect);
    },
    takeInventory,
    truth,
  };

  function perform(effect: Effect): void {
    switch (effect.type) {
      case 'quoteOffers':
        quote(effect.pool);
        return;
      case 'requestCapacity':
        ec2.request(effect);
        return;
      case 'cancelRequest':
        ec2.cancel(effect.token);
        return;
      case 'terminateInstance':
        ec2.terminate(effect.instanceId);
        return;
      case 'cordonNode':
      case 'uncordonNode': {
        const node = nodes.get(effect.node);
        if (node === undefined) return;
        if (effect.type === 'cordonNode') cluster.cordon(node, effect.blockId);
        else cluster.uncordon(node, effect.blockId);
        return;
      }
      // Labels and announcements are for people and schedulers that this world does not have.
      case 'labelNode':
      case 'announce':
        return;
    }
  }

  function quote(name: string): void {
    const pool = pools.pools.find((one) => one.name === name);
    if (pool === undefined) return;
    kernel.schedule(after(kernel.now, QUOTE_MS), () => {
      kernel.say({ type: 'offers.quoted', pool: name, offers: ec2.quote(pool.instanceTypes, pool.zones, pool.lease) });
    });
  }

  function join(instance: Instance): void {
    const place = placeOf(instance.blockId);
    const pool = pools.pools.findIndex(({ name }) => name === place?.pool);
    const node: Node = {
      name: `node-${instance.lease.instanceId}`,
      kind: 'block',
      rank: pool * 1_000_000 + (place?.slot ?? 0),
      blockId: instance.blockId,
      ...(place === undefined ? {} : { pool: place.pool }),
      cordoned: false,
      alive: true,
      running: new Set(),
      busySince: undefined,
      busyMs: 0,
    };
    nodes.set(node.name, node);
    nodeOf.set(instance, node);
    cluster.add(node);
  }

  function sample(): void {
    let counts = samples.at(-1)?.serving ?? {};
    const now: Record<string, number> = Object.fromEntries(poolNames.map((name) => [name, 0]));
    for (const { pool, alive: lives, cordoned } of nodes.values())
      if (pool !== undefined && lives && !cordoned) now[pool] = (now[pool] ?? 0) + 1;
    // Most changes are of jobs: the counts of nodes are then the ones before.
    if (poolNames.some((name) => counts[name] !== now[name])) counts = now;
    samples.push({
      at: kernel.now,
      serving: counts,
      alive,
      overflow: group.size,
      jobsRunning: cluster.jobsRunning,
      jobsWaiting: cluster.waiting.length,
    });
  }

  /** A list is complete only once every request of the life before is answered: a new leader waits for that. */
  function takeInventory(): void {
    if (ec2.isUnsettled) kernel.schedule(after(kernel.now, SETTLED_MS), takeInventory);
    else sayInventory();
  }

  function sayInventory(): void {
    const generations: Record<string, number> = {};
    for (const blockId of ec2.askedFor()) {
      const place = placeOf(blockId);
      if (place === undefined) continue;
      const key = `${place.pool}-${place.slot}`;
      generations[key] = Math.max(generations[key] ?? 0, place.generation);
    }
    const sightings = ec2.sightings().map((sighting): Sighting => {
      const node = nodes.get(`node-${sighting.lease.instanceId}`);
      if (node === undefined) return { ...sighting, cordoned: false };
      return {
        ...sighting,
        node: node.name,
        cordoned: node.cordoned,
        jobs: [...node.running].map(({ job }) => job.job),
      };
    });
    kernel.say({ type: 'inventory.taken', sightings, generations, complete: true });
  }

  function truth(): Truth {
    return {
      from,
      until,
      market,
      jobs: cluster.jobs,
      instances: [...ec2.all()].map((instance) => {
        const node = nodeOf.get(instance);
        return { instance, endedBy: endedBy.get(instance), busyMs: node === undefined ? 0 : cluster.busyMsOf(node) };
      }),
      overflow: group.nodes.map(({ name, startsAt, endedAt, node }) => ({
        name,
        startsAt,
        endedAt: endedAt ?? NEVER,
        busyMs: node === undefined ? 0 : cluster.busyMsOf(node),
      })),
      samples,
      kills,
    };
  }
}
