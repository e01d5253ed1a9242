import type { Scenario } from '../sim/scenario/scenario.ts';
import { simulatedWorld, type Truth } from '../sim/world/simulatedWorld.ts';
import type { Fact } from '../src/domain/facts.ts';
import type { Instant } from '../src/domain/time.ts';
import { termsOf } from '../src/domain/words.ts';
import { Account } from './aws/account.ts';
import { idOf } from './aws/ids.ts';
import { type AwsServer, awsServer } from './aws/server.ts';
import { cloudSide } from './cloudSide.ts';
import { clusterSide } from './clusterSide.ts';
import { type KubernetesServer, kubernetesServer } from './kubernetes/server.ts';
import { Store } from './kubernetes/store.ts';
import { KEEPER_NAMESPACE } from './names.ts';
import { podSide, showTemplateNodes } from './podSide.ts';

/** A scenario's world behind the real protocols: calls become its effects, and its facts show in the services. */
export interface WireWorld {
  readonly aws: AwsServer;
  readonly kubernetes: KubernetesServer;
  readonly account: Account;
  readonly store: Store;
  /** The simulated instant: what every service shows as its time. */
  now(): Instant;
  /** Goes on to the next thing that happens, but no further than `by`; answers the instant reached, undefined at the end. */
  advance(by: Instant): Promise<Instant | undefined>;
  truth(): Truth;
  /** How many instances were launched for each try, by its token. */
  readonly launched: ReadonlyMap<string, number>;
  close(): Promise<void>;
}

/** Starts the services of a scenario on the loopback interface. */
export async function wireWorld(scenario: Scenario): Promise<WireWorld> {
  // The keeper's own launches hold their requests open.
  let now = scenario.from;
  const store = new Store({ now: () => now });
  // Without a job the pods are put there by those who test.
  const showsPods = scenario.jobs.length > 0;
  const follows = scenario.pools.pools.some(({ policies }) => policies.scaling.policy !== 'scheduled');
  const pods =
    follows && showsPods
      ? podSide(
          scenario,
          store,
          () => world,
          () => {
            world.poke();
          },
        )
      : undefined;
  const world = simulatedWorld(scenario, {
    heldMs: 0,
    ...(pods === undefined ? {} : { pods: pods.events }),
  });
  const zones = [...new Set(scenario.pools.pools.flatMap((pool) => pool.zones))].sort();
  const account = new Account({
    now: () => now,
    region: regionOf(zones),
    subnets: zones.map((zone, index) => ({
      subnetId: idOf('subnet', index + 1),
      zone,
      cidr: `10.${index}.0.0/16`,
      addresses: 60_000,
    })),
    instanceTypes: [...new Set(scenario.pools.pools.flatMap((pool) => pool.instanceTypes))],
    sellsBlocks: scenario.pools.pools.some(({ lease }) => termsOf(lease.term).includes('spot-block')),
  });
  store.put('namespaces', { metadata: { name: KEEPER_NAMESPACE } });
  const cloud = cloudSide(scenario, world, account);
  const cluster = clusterSide(world, store, { cluster: scenario.cluster, showsJobs: pods === undefined });
  if (pods !== undefined) showTemplateNodes(scenario, account, store);
  const aws = await awsServer({ account });
  const kubernetes = await kubernetesServer({ store });

  const show = (fact: Fact): void => {
    cloud.show(fact);
    cluster.show(fact, account);
    pods?.show();
    account.tick();
    kubernetes.tick();
  };
  // What exists at the start is nothing; the fact of it is for keepers that hear facts.
  await world.next(scenario.from + 1);

  return {
    aws,
    kubernetes,
    account,
    store,
    now: () => now,
    async advance(by) {
      const fact = await world.next(by);
      if (fact === undefined) return undefined;
      now = fact.at;
      show(fact);
      return now;
    },
    truth: () => world.truth(),
    launched: cloud.launched,
    async close() {
      await Promise.all([aws.close(), kubernetes.close()]);
    },
  };
}

/** The region that the zones lie in: `eu-central-1`. */
const regionOf = ([zone = 'eu-central-1a']: readonly string[]): string => zone.slice(0, -1);
