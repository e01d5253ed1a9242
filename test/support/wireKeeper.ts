import { KubeConfig } from '@kubernetes/client-node';
import { QUEUE } from '../../fakes/names.ts';
import type { WireWorld } from '../../fakes/wireWorld.ts';
import type { Scenario } from '../../sim/scenario/scenario.ts';
import { DEFAULT_LIVE, type PoolsFile } from '../../src/config/pools.ts';
import { minutes } from '../../src/domain/time.ts';
import type { Keeper } from '../../src/keeper/keeper.ts';
import type { Turn } from '../../src/keeper/run.ts';
import { awsCaller } from '../../src/live/aws/calls/call.ts';
import { awsClients } from '../../src/live/aws/calls/clients.ts';
import { type Keeping, keep } from '../../src/live/control/keep.ts';
import type { ElectionTime } from '../../src/live/kubernetes/election/leadership.ts';
import { kubeClient } from '../../src/live/kubernetes/kubeClient.ts';
import { kubernetesEvents } from '../../src/live/observers/kubernetesEvents.ts';
import type { Clock } from '../../src/live/ports/clock.ts';
import { silent, type Telemetry } from '../../src/live/ports/telemetry.ts';
import type { Pool } from '../../src/pool/pool.ts';
import { type Doors, doors, type Phase } from './door.ts';
import { CALM_ELECTION } from './electionTime.ts';
import { unhurried, unhurriedKube } from './unhurried.ts';

/** One life of the real keeper against a wire world, through doors that can be shut on it. */
export interface WireKeeper {
  readonly keeping: Keeping;
  readonly doors: Doors;
  /** Where it stands: two equal texts in a row mean that it waits. */
  state(): string;
  /** Cuts it off if that has not happened, and clears it away. */
  end(): Promise<void>;
  /** Asks it to stop, as SIGTERM does. */
  stop(): Promise<void>;
}

export interface WireKeeperSettings {
  readonly world: WireWorld;
  readonly scenario: Scenario;
  readonly pools: readonly Pool[];
  readonly clock: Clock;
  readonly electionTime: ElectionTime;
  readonly identity: string;
  readonly dies?: { readonly at: number; readonly phase: Phase } | undefined;
  readonly telemetry?: Telemetry;
  /** Hears of every turn. */
  readonly watch?: (turn: Turn<Keeper>) => void;
}

export async function wireKeeper(settings: WireKeeperSettings): Promise<WireKeeper> {
  const { world, scenario, pools, electionTime, identity, dies, telemetry = silent, watch } = settings;
  const ending = new AbortController();
  const clock = hurriedAtTheEnd(settings.clock, ending.signal);
  const through = await doors([world.aws.url, world.kubernetes.url], dies);
  const [awsUrl = '', kubeUrl = ''] = through.urls;
  process.env['AWS_ENDPOINT_URL'] = awsUrl;
  process.env['AWS_REGION'] = world.account.region;
  process.env['AWS_ACCESS_KEY_ID'] = 'rehearsal';
  process.env['AWS_SECRET_ACCESS_KEY'] = 'rehearsal';
  const aws = awsClients();
  const config = new KubeConfig();
  config.loadFromString(world.kubernetes.kubeconfig().replaceAll(world.kubernetes.url, kubeUrl));
  const kube = unhurriedKube(kubeClient({ telemetry, config }));
  const caller = unhurried(awsCaller({ telemetry, clock }));
  const { signal } = ending;
  const file = liveFile(scenario.pools, scenario, world, awsUrl);
  let turns = 0;
  const shared = { kube, clock, telemetry, signal, namespace: 'spot-keeper' };
  const keeping = keep({
    ...shared,
    ...{ file, pools, aws, caller, identity, durations: CALM_ELECTION, electionTime },
    events: kubernetesEvents({ ...shared, fleet: file.fleet, instance: identity }),
    watch: (turn) => {
      turns += 1;
      watch?.(turn);
    },
  });
  const stop = async (): Promise<void> => {
    ending.abort();
    world.account.wakePolls();
    await keeping.ended;
    aws.destroy();
    await through.close();
  };
  return {
    keeping,
    doors: through,
    state: () =>
      [
        turns,
        keeping.waiting(),
        keeping.cluster.watchEventsSeen(),
        keeping.synced(),
        caller.inFlight,
        kube.inFlight,
      ].join(),
    stop,
    end: async () => {
      through.cut();
      await stop();
    },
  };
}

/** The pools as a cluster's file would have them: with the queue, the scenario's on-demand prices, and an unhurried poll. */
const liveFile = (file: PoolsFile, scenario: Scenario, world: WireWorld, awsUrl: string): PoolsFile => ({
  ...file,
  live: {
    ...DEFAULT_LIVE,
    pollMs: minutes(5),
    interruptionQueue: `${awsUrl}/${world.account.accountId}/${QUEUE}`,
    onDemandUsdPerHour: scenario.market.onDemand,
  },
});

/** Time stands still in a test while a keeper ends, so that whatever it waits for then must come at once. */
function hurriedAtTheEnd(clock: Clock, signal: AbortSignal): Clock {
  const bells = new Set<() => void>();
  signal.addEventListener('abort', () => {
    for (const ring of bells) setImmediate(ring);
  });
  return {
    now: clock.now,
    at(instant, ring) {
      const once = (): void => {
        if (bells.delete(once)) ring();
      };
      bells.add(once);
      const callOff = signal.aborted ? () => undefined : clock.at(instant, once);
      if (signal.aborted) setImmediate(once);
      return () => {
        bells.delete(once);
        callOff();
      };
    },
  };
}
