import { setMaxListeners } from 'node:events';
import { DEFAULT_LIVE, looksAtJobs, type PoolsFile } from '../../config/pools.ts';
import type { Instant, Millis } from '../../domain/time.ts';
import { type Keeper, newKeeper } from '../../keeper/keeper.ts';
import { run, type Turn } from '../../keeper/run.ts';
import { step } from '../../keeper/step.ts';
import type { Pool } from '../../pool/pool.ts';
import type { Caller } from '../aws/calls/call.ts';
import type { Aws } from '../aws/calls/clients.ts';
import { askDate, seeSkew } from '../aws/calls/clockSkew.ts';
import { type Cluster, openCluster } from '../kubernetes/cluster.ts';
import {
  type ElectionDurations,
  type ElectionTime,
  type Leadership,
  lead,
  REAL_TIME,
} from '../kubernetes/election/leadership.ts';
import { podRules } from '../kubernetes/jobs.ts';
import type { Kube } from '../kubernetes/kubeClient.ts';
import { openLedger } from '../kubernetes/ledger/ledger.ts';
import { clockConditions, clockMessage } from '../observers/clockConditions.ts';
import { happenings } from '../observers/happenings.ts';
import type { HoldCounts } from '../observers/holdCounts.ts';
import type { KubernetesEvents } from '../observers/kubernetesEvents.ts';
import { nodeEvents } from '../observers/nodeEvents.ts';
import type { PoolCondition } from '../observers/present.ts';
import type { Clock } from '../ports/clock.ts';
import type { Telemetry } from '../ports/telemetry.ts';
import { DailyAdvice } from './dailyAdvice.ts';
import { HoldTally } from './holdTally.ts';
import { type LiveWorld, liveWorld } from './liveWorld.ts';

/** While the clock is off, AWS is asked so often whether it still is. */
const CLOCK_AGAIN_MS = 30_000;

/** After a life that ended badly the next one does not begin at once. */
const AGAIN_MS = 2_000;

export interface KeepSettings {
  readonly file: PoolsFile;
  readonly pools: readonly Pool[];
  readonly aws: Aws;
  readonly caller: Caller;
  readonly kube: Kube;
  readonly clock: Clock;
  readonly namespace: string;
  /** Unlike that of any other process: the name of the pod. */
  readonly identity: string;
  readonly telemetry: Telemetry;
  readonly events: KubernetesEvents;
  readonly watch: (turn: Turn<Keeper>) => void;
  readonly region?: string;
  /** How long an election takes; the usual times if left out. */
  readonly durations?: Partial<ElectionDurations>;
  /** What an election goes by; real time if left out. */
  readonly electionTime?: ElectionTime;
  /** Ends it all. */
  readonly signal: AbortSignal;
}

/** A keeper of real instances, as others see it. */
export interface Keeping {
  keeper(): Keeper;
  /** Whether this process leads and has opened the ledger: a life is under way. */
  isKeeping(): boolean;
  /** Undefined until the Lease was seen. */
  leader(): boolean | undefined;
  /** Whether the API server answered lately about the lease. */
  reachable(): boolean;
  /** Since when this life is under way. */
  keepingSince(): Instant | undefined;
  lastTurnAt(): Instant | undefined;
  inventoryAt(): Instant | undefined;
  synced(): boolean;
  conditions(): readonly PoolCondition[];
  orphans(): number;
  /** What became of a pool's holds since the process began. */
  holds(pool: string): HoldCounts;
  readonly cluster: Cluster;
  /** Facts that have not been taken in yet. */
  waiting(): number;
  /** Resolves after the signal, when leadership is released and nothing is on its way. */
  readonly ended: Promise<void>;
}

/**
 * Keeps the pools for as long as this process leads: each time it comes to lead is a new life, which knows what the
 * ledger, the instances' tags and the cluster say. Others wait.
 */
export function keep(settings: KeepSettings): Keeping {
  const { file, pools, kube, clock, namespace, identity, telemetry, events, signal } = settings;
  const { electionTime = REAL_TIME } = settings;
  const { pause } = electionTime;
  const live = file.live ?? DEFAULT_LIVE;
  // Every eviction and every watch waits with it.
  setMaxListeners(0, signal);
  let keeper = newKeeper(pools);
  const tally = new HoldTally();
  const advice = new DailyAdvice((pool, reason, note) => {
    events.announce({ kind: 'pool', pool }, reason, note, 'Normal');
  });
  let world: LiveWorld | undefined;
  let keepingSince: Instant | undefined;
  let lastTurnAt: Instant | undefined;
  let life: AbortController | undefined;
  let lifeEnded: Promise<void> = Promise.resolve();

  // Leases, hours and ends all go by the clock: while AWS shows another time there is no life, and nothing is bought or ended.
  const skew = seeSkew(settings.aws, clock, () => {
    const message = clockMessage(skew.skewMs() ?? 0);
    if (!skew.isTooFar()) {
      telemetry.noted('info', 'the clock agrees with AWS again');
      return;
    }
    telemetry.noted('error', 'the clock is off', { why: message });
    for (const { name: pool } of file.pools) events.announce({ kind: 'pool', pool }, 'ClockOff', message, 'Warning');
    world?.close();
  });
  const cluster = openCluster({
    ...{ kube, clock, telemetry, signal, otherPods: live.otherPods },
    ...podRules(live),
    ...{ startUpTaints: live.startUpTaints, nodeTaints: live.nodeTaints },
    countsJobs: file.pools.some(looksAtJobs),
  });
  let isSynced = false;
  const synced = cluster.synced().then(
    () => {
      isSynced = true;
    },
    () => undefined,
  );
  // Released only when the last mutating call was answered, so that the next leader meets none of them.
  const released = new AbortController();
  const leadership: Leadership = lead(
    {
      ...{ kube, namespace, name: `spot-keeper-${file.fleet}`, identity, telemetry },
      ...{ signal: released.signal, ...electionTime },
      ...(settings.durations === undefined ? {} : { durations: settings.durations }),
    },
    {
      leading: (tenure, quietMs) => {
        lifeEnded = lifeEnded.then(() => begin(tenure, quietMs));
      },
      lost: () => {
        life?.abort();
      },
    },
  );
  signal.addEventListener('abort', () => life?.abort(), { once: true });

  return {
    keeper: () => keeper,
    isKeeping: () => world !== undefined,
    leader: () => (leadership.holder === undefined ? undefined : leadership.tenure !== undefined),
    reachable: () => leadership.reachable(),
    keepingSince: () => keepingSince,
    lastTurnAt: () => lastTurnAt,
    inventoryAt: () => world?.inventoryAt(),
    synced: () => isSynced && cluster.fresh(),
    conditions: () => (skew.isTooFar() ? clockConditions(file, skew.skewMs() ?? 0) : (world?.conditions() ?? [])),
    orphans: () => world?.orphans() ?? 0,
    holds: (pool) => tally.of(pool),
    cluster,
    waiting: () => world?.waiting ?? 0,
    ended: new Promise<void>((resolve) => {
      signal.addEventListener('abort', () => void stop().then(resolve), { once: true });
    }),
  };

  async function stop(): Promise<void> {
    await lifeEnded;
    released.abort();
    await leadership.released();
    await cluster.closed;
  }

  /** One life: from leading to not leading any more. */
  async function begin(tenure: number, quietMs: Millis): Promise<void> {
    const ending = new AbortController();
    life = ending;
    const over = (): boolean => ending.signal.aborted || signal.aborted || leadership.tenure !== tenure;
    // Calls of the holder before this one may still be on their way.
    if (quietMs > 0) await pause(quietMs, ending.signal);
    await synced;
    while (!over()) {
      if (skew.isTooFar()) {
        await askDate(settings.aws, settings.caller);
        if (skew.isTooFar()) await pause(CLOCK_AGAIN_MS, ending.signal);
        continue;
      }
      const opened = await openLedger({
        ...{ kube, namespace, telemetry, fleet: file.fleet },
        writer: { identity, term: tenure },
        mayOpen: () => leadership.mayMutate(),
      });
      if (opened.kind === 'ok') {
        if (!over()) await oneLife(opened.value, ending, tenure);
      } else telemetry.noted('error', 'the ledger cannot be opened', { class: opened.class, message: opened.message });
      // A fenced keeper may lead again later; nothing is gained by hurrying.
      await pause(AGAIN_MS, ending.signal);
    }
  }

  async function oneLife(
    ledger: Parameters<typeof liveWorld>[0]['ledger'],
    ending: AbortController,
    tenure: number,
  ): Promise<void> {
    telemetry.noted('info', 'keeping', { fleet: file.fleet, tenure });
    const opened = liveWorld({
      ...{ file, aws: settings.aws, caller: settings.caller, cluster, ledger, clock, telemetry, tally, advice },
      mayMutate: () => leadership.mayMutate() && !ending.signal.aborted && !skew.isTooFar(),
      fenced: () => {
        telemetry.noted('warn', 'fenced by another keeper', { tenure });
        opened.close();
      },
      announce: (pool, reason, note, type) => {
        events.announce({ kind: 'pool', pool }, reason, note, type);
      },
      ...(settings.region === undefined ? {} : { region: settings.region }),
    });
    world = opened;
    keepingSince = clock.now();
    const close = (): void => {
      opened.close();
    };
    ending.signal.addEventListener('abort', close, { once: true });
    if (ending.signal.aborted) close();
    const tellOnNodes = happenings(nodeEvents(cluster, events));
    try {
      await run(opened, newKeeper(pools), step, (turn) => {
        keeper = turn.state;
        lastTurnAt = turn.fact.at;
        opened.saw(turn.state);
        settings.watch(turn);
        tellOnNodes(turn);
      });
      // What is over need not be followed up by the next life, and what was seen need not be seen again.
      if (!skew.isTooFar()) opened.writeDown();
      if (leadership.mayMutate()) await ledger.flush();
      await opened.closed;
    } finally {
      opened.close();
      world = undefined;
      keepingSince = undefined;
      // What it knew grows old from now on; a standby knows nothing of blocks.
      keeper = newKeeper(pools);
      ending.signal.removeEventListener('abort', close);
      telemetry.noted('info', 'not keeping any longer', { tenure });
    }
  }
}
