import type { Effect } from '../../src/domain/effects.ts';
import { after, type Instant, type Millis, NEVER } from '../../src/domain/time.ts';
import { placeOf } from '../../src/domain/words.ts';
import type { World } from '../../src/world/world.ts';
import { draws as drawsOf } from '../chance/draw.ts';
import { Ec2, HELD_MS, SETTLED_MS } from '../cloud/ec2.ts';
import type { Instance } from '../cloud/instances.ts';
import { Refusing } from '../cloud/refusing.ts';
import { bootMs, neverJoins } from '../cluster/boot.ts';
import { Cluster, type PodEvents } from '../cluster/cluster.ts';
import { Holding } from '../cluster/holding.ts';
import type { Job } from '../cluster/job.ts';
import { type Node, newNode } from '../cluster/node.ts';
import { sayNode } from '../cluster/sayNode.ts';
import { ScaledGroup } from '../cluster/scaledGroup.ts';
import { Scheduler } from '../cluster/scheduler.ts';
import { sizesOf } from '../cluster/sizes.ts';
import { type Rooms, Workloads } from '../cluster/workloads.ts';
import { Kernel } from '../kernel/kernel.ts';
import { marketIn } from '../market/ofScenario.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { effectFates, fates, sights } from './fates.ts';
import { generationsOf, sightingOf } from './inventory.ts';
import { jobStream } from './jobStream.ts';
import { Samples } from './samples.ts';
import { type Kill, type Truth, truthOf } from './truth.ts';
import { untried } from './untried.ts';

/** How long the simulated quote of a pool's offers takes. */
const QUOTE_MS = 500;

export type { Counts, Sample } from './samples.ts';
export type { PaidInstance, PaidNode, Truth } from './truth.ts';

export interface SimulatedWorld extends World {
  /**
   * The fact of everything of ours that exists now: what a keeper that starts anew is told first. `observations` is what the one
   * before it has written into the ledger; left out, the ledger says what it said.
   */
  takeInventory(observations?: Readonly<Record<string, unknown>>): void;
  truth(): Truth;
  /** What the keeper's pools have for jobs that wait, after a turn. */
  knows(rooms: Rooms): void;
  /** Lets a waiting pod bear a delay until an instant, or none: as a patch of its annotation does. */
  delayPod(job: Job, heldUntil: Instant | undefined): void;
  /** Lets `next` return at this instant though nothing is told. */
  poke(): void;
}

/** What a world is told beside its scenario. */
export interface WorldOptions {
  readonly heldMs?: Millis;
  readonly hasKeeper?: boolean;
  /** The pools that are told of their jobs, by name; left out, those whose file says another scaling policy than `scheduled`. */
  readonly follows?: readonly string[];
  /** Told of every pod, where a cluster is shown as Kubernetes would show it. */
  readonly pods?: PodEvents;
}

/** The pools whose scaling policy may look at jobs, by name. */
const followingIn = ({ pools }: Scenario): readonly string[] =>
  pools.pools.filter(({ policies }) => policies.scaling.policy !== 'scheduled').map(({ name }) => name);

/**
 * A scenario as a world: market, EC2, cluster, group and demand, on one queue and one seed.
 *
 * `heldMs` is how long a request for a spot block is left open where capacity lacks; 0 where who asks decides that. `follows`
 * names the pools that are told of jobs. Without a keeper (`hasKeeper`) there are no blocks, and jobs that must run on one run anywhere.
 */
export function simulatedWorld(
  scenario: Scenario,
  { heldMs = HELD_MS, hasKeeper = true, follows = hasKeeper ? followingIn(scenario) : [], pods }: WorldOptions = {},
): SimulatedWorld {
  const { from, until, seed, cluster: clusterSettings, pools } = scenario;
  const draws = drawsOf(seed);
  const kernel = new Kernel(from, until, fates(scenario.disturbances, draws));
  const market = marketIn(scenario);
  const fateOf = effectFates(scenario.disturbances, draws);
  const sight = sights(scenario.disturbances, draws);

  const nodes = new Map<string, Node>();
  const endedBy = new Map<Instance, 'aws' | 'us'>();
  const nodeOf = new Map<Instance, Node>();
  const kills: Kill[] = [];
  const samples = new Samples(pools.pools.map(({ name }) => name));
  let alive = 0;
  let ledger: Readonly<Record<string, unknown>> | undefined;

  const following = pools.pools.filter(({ name }) => follows.includes(name));
  const sizes = sizesOf(scenario, { hasKeeper });
  const refusing = new Refusing(() => kernel.now, market, scenario.market);
  const cluster = new Cluster({
    ...{ kernel, sizes, retryKilled: clusterSettings.retryKilled, jobs: scenario.jobs.length },
    pods,
    podDelayMs: following.some(({ holdsJobs }) => holdsJobs) ? clusterSettings.holds.constantMs : 0,
    scheduler: new Scheduler(draws, clusterSettings.scheduler),
    events: {
      changed,
      killed: ({ job }, { blockId }, by) => kills.push({ at: kernel.now, blockId, job, by }),
      turned: ({ kind }) => {
        if (kind === 'overflow') group.turned();
      },
      serves: ({ pool }, by) => {
        samples.serves(pool, by);
      },
      starved: (fresh) => {
        group.starved(fresh);
      },
    },
  });
  const group = new ScaledGroup({
    ...{ kernel, cluster, sizes, draws, market, refusing, from, changed },
    settings: scenario.onDemandGroup,
    boot: clusterSettings.boot,
    markets: pools.pools.flatMap(({ instanceTypes, zones }) =>
      instanceTypes.flatMap((instanceType) => zones.map((zone) => ({ instanceType, zone }))),
    ),
  });
  const workloads = new Workloads({
    ...{ kernel, cluster, sizes, canTell: () => sight.canTell(), pools: following },
  });
  const holding = new Holding({
    ...{ kernel, draws, settings: clusterSettings.holds, changed: podsChanged, waitingFor: workloads.waitingFor },
  });
  const ec2 = new Ec2(
    { kernel, market, draws, refusing, settings: { seed, heldMs } },
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

  kernel.follow(
    jobStream(scenario, (job) => {
      cluster.queue(job);
    }),
  );
  takeInventory();

  return {
    next: (wakeAt) => kernel.next(wakeAt),
    perform: (effects) => {
      for (const effect of effects) {
        const fate = fateOf(effect);
        if (fate === 'performed') perform(effect);
        else if (fate === 'untried') leave(effect);
      }
    },
    takeInventory: (observations) => {
      ledger = observations ?? ledger;
      takeInventory();
    },
    truth: () =>
      truthOf({
        ...{ from, until, market, kills, nodeOf, endedBy, now: kernel.now, jobs: cluster.jobs, counts: samples },
        ...{ instances: [...ec2.all()], group: group.all },
      }),
    knows: workloads.knows,
    poke: () => {
      kernel.say({ type: 'clock.reached', at: kernel.now });
    },
    delayPod: (job, heldUntil) => {
      if (job.waitingSince === undefined || job.heldUntil === heldUntil) return;
      job.heldUntil = heldUntil;
      podsChanged();
    },
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
        ec2.cancel(effect);
        return;
      case 'terminateInstance':
        ec2.terminate(effect.instanceId);
        return;
      case 'cordonNode':
      case 'uncordonNode': {
        const node = nodes.get(effect.node);
        if (node === undefined) {
          const { blockId, type } = effect;
          kernel.say({ type: 'effect.failed', blockId, effect: type, reason: 'there is no such node', at: kernel.now });
          return;
        }
        if (effect.type === 'cordonNode') cluster.cordons.cordon(node, effect.blockId);
        else cluster.cordons.uncordon(node);
        return;
      }
      case 'findNode': {
        const { blockId, instanceId, type } = effect;
        const node = nodes.get(`node-${instanceId}`);
        if (!sight.canTell())
          kernel.say({ type: 'effect.failed', blockId, effect: type, reason: 'nobody can tell', at: kernel.now });
        else if (node !== undefined) sayNode(kernel, node);
        else kernel.say({ type: 'node.seen', blockId, takenAt: kernel.now, node: null, at: kernel.now });
        return;
      }
      case 'labelNode': {
        const node = nodes.get(effect.node);
        if (node !== undefined) node.served = true;
        return;
      }
      case 'holdJobs':
        holding.hold(effect);
        return;
      // Announcements are for people, whom this world does not have.
      case 'announce':
        return;
    }
  }

  function leave(effect: Effect): void {
    const fact = untried(effect, kernel.now);
    if (fact !== undefined) kernel.say(fact);
  }

  function quote(name: string): void {
    const pool = pools.pools.find((one) => one.name === name);
    if (pool === undefined) return;
    kernel.schedule(after(kernel.now, QUOTE_MS), () => {
      const { instanceTypes, zones, lease } = pool;
      const offers = ec2.quote(instanceTypes, zones, lease);
      const onDemandUsdPerHour = ec2.onDemandUsdPerHour(instanceTypes, zones);
      const known = onDemandUsdPerHour === undefined ? {} : { onDemandUsdPerHour };
      kernel.say({ type: 'offers.quoted', pool: name, offers, ...known, at: kernel.now });
    });
  }

  function join(instance: Instance): void {
    const place = placeOf(instance.blockId);
    const pool = pools.pools.findIndex(({ name }) => name === place?.pool);
    const node = newNode({
      name: `node-${instance.lease.instanceId}`,
      kind: 'block',
      isSpot: false,
      capacity: sizes.capacityOf(instance.lease.offer.instanceType),
      rank: pool * 1_000_000 + (place?.slot ?? 0),
      blockId: instance.blockId,
      ...(place === undefined ? {} : { pool: place.pool }),
    });
    nodes.set(node.name, node);
    nodeOf.set(instance, node);
    cluster.add(node);
  }

  /** A patch of a pod wakes the autoscaler. */
  function podsChanged(): void {
    group.starved(false);
    workloads.changed();
  }

  function changed(): void {
    group.count();
    workloads.changed();
    sample();
  }

  function sample(): void {
    samples.take(kernel.now, alive, group.size, cluster.jobsRunning, cluster.waiting.length);
  }

  /** A list is complete only once every request of the life before is answered: a new leader waits for that. */
  function takeInventory(): void {
    if (ec2.isUnsettled) kernel.schedule(after(kernel.now, SETTLED_MS), takeInventory);
    else sayInventory();
  }

  function sayInventory(): void {
    const sightings = ec2.sightings().map((sighting) => sightingOf(sighting, nodes, { kernel, sight }));
    const generations = generationsOf(ec2.askedFor());
    const observations = ledger === undefined ? {} : { observations: ledger };
    kernel.say({ type: 'inventory.taken', sightings, generations, ...observations, complete: true, at: kernel.now });
    workloads.repeat();
  }
}
