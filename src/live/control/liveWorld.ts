import { setMaxListeners } from 'node:events';
import { DEFAULT_LIVE, isRouted, looksAtJobs, type PoolsFile } from '../../config/pools.ts';
import type { Effect } from '../../domain/effects.ts';
import { after, earliest, type Instant, minutes, seconds } from '../../domain/time.ts';
import { jobRooms } from '../../keeper/jobRooms.ts';
import type { Keeper } from '../../keeper/keeper.ts';
import type { World } from '../../world/world.ts';
import type { Caller } from '../aws/calls/call.ts';
import type { Aws } from '../aws/calls/clients.ts';
import { openCancelling } from '../aws/cancelRequests.ts';
import { adoptingGroups } from '../aws/inventory/adoptingGroups.ts';
import { newLattice } from '../aws/inventory/lattice.ts';
import { watchInterruptions } from '../aws/notices/interruptions.ts';
import { quote } from '../aws/quote.ts';
import type { Cluster } from '../kubernetes/cluster.ts';
import type { Ledger } from '../kubernetes/ledger/ledger.ts';
import { buyingConditions } from '../observers/buyingConditions.ts';
import { claimedConditions } from '../observers/claimedConditions.ts';
import { HOLD_EVENTS } from '../observers/holdEvents.ts';
import { holdingConditions } from '../observers/holdingConditions.ts';
import type { PoolCondition } from '../observers/present.ts';
import { type Clock, hasCome, until } from '../ports/clock.ts';
import type { Telemetry } from '../ports/telemetry.ts';
import type { DailyAdvice } from './dailyAdvice.ts';
import { openDiscouraging } from './discouraging.ts';
import { openDrains } from './drains.ts';
import { openHolds } from './holds.ts';
import type { HoldTally } from './holdTally.ts';
import { Inbox } from './inbox.ts';
import { openJobCounting } from './jobCounting.ts';
import { openLateJobs } from './lateJobs.ts';
import { openLaunches } from './launches.ts';
import { openNotices } from './notices.ts';
import { openObserving } from './observing.ts';
import { openOtherClusters } from './otherClusters.ts';
import { openPoll } from './poll.ts';
import { Roster } from './roster.ts';
import { openStrangeTaints } from './strangeTaints.ts';
import { openTemplates } from './templates.ts';
import { openTerminations } from './terminations.ts';

/** A keeper that has nothing to do takes a turn so often all the same, so that people see that it lives. */
const HEARTBEAT_MS = minutes(1);

/** Announcements that ask people to act. */
const WARNINGS: ReadonlySet<string> = new Set([
  'PolicyFault',
  'NeverJoins',
  'AllRefused',
  'PoolUnclaimed',
  'SpendingCap',
]);

/** How often what was written down and is over is taken out of the ledger, if no intent took it along. */
const FLUSH_MS = seconds(60);

/** The world as it is, for one life of a keeper that leads. */
export interface LiveWorld extends World {
  /** What the keeper knows after a turn. */
  saw(keeper: Keeper): void;
  /** Hands the ledger what the pools have seen, for its last write. */
  writeDown(): void;
  /** Ends the world: `next` answers undefined, and nothing more is asked of anybody. */
  close(): void;
  /** Resolves when nothing is on its way any more. */
  readonly closed: Promise<void>;
  /** When the last complete inventory was asked for. */
  inventoryAt(): Instant | undefined;
  conditions(): readonly PoolCondition[];
  /** Instances of ours whose pool the file does not name. */
  orphans(): number;
  /** Facts that the keeper has not taken in yet. */
  readonly waiting: number;
}

export interface LivePorts {
  readonly file: PoolsFile;
  readonly aws: Aws;
  readonly caller: Caller;
  readonly cluster: Cluster;
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
  /** Whether this process leads for as long as a call takes. Asked before every call that changes something. */
  readonly mayMutate: () => boolean;
  /** Another keeper writes the ledger. */
  readonly fenced: () => void;
  /** Tells people about a pool. */
  readonly announce: (pool: string, reason: string, note: string, type: 'Normal' | 'Warning') => void;
  /** What became of holds, in this life and those before it. */
  readonly tally: HoldTally;
  /** Tells people what the policy that learns would want, once a day. */
  readonly advice: DailyAdvice;
  /** Events of another Region are dropped. */
  readonly region?: string;
}

/** EC2, Auto Scaling, the interruption queue and the cluster as one world. The keeper must lead, and the cluster be listed. */
export function liveWorld(ports: LivePorts): LiveWorld {
  const { file, aws, caller, cluster, ledger, clock, telemetry, mayMutate } = ports;
  const live = file.live ?? DEFAULT_LIVE;
  const ended = new AbortController();
  const { signal } = ended;
  // Every launch and every drain waits with it.
  setMaxListeners(0, signal);
  const inbox = new Inbox(clock);
  const roster = new Roster(clock, inbox, cluster);
  const lattice = newLattice();
  const port = { aws, caller, clock };
  const shared = { clock, inbox, roster, telemetry, mayMutate, signal, ledger, fenced: ports.fenced };
  let keeper: Keeper | undefined;

  const warn = (pool: string, reason: string, note: string): void => {
    ports.announce(pool, reason, note, 'Warning');
  };
  const templates = openTemplates({ port, pools: file.pools, clock, inbox, telemetry, signal, announce: warn });
  const observing = openObserving({ ledger, clock, telemetry, keeper: () => keeper });
  const launches = openLaunches({ ...shared, port, fleet: file.fleet, templates });
  const routed = new Set(file.pools.filter(isRouted).map(({ name }) => name));
  const drains = openDrains({ ...shared, cluster, announce: warn, isRouted: (pool) => routed.has(pool) });
  const strangeTaints = openStrangeTaints({ cluster, now: () => clock.now(), announce: warn });
  const discouraging = openDiscouraging({
    ...{ cluster, clock, telemetry, mayMutate, signal },
    pools: new Set(file.pools.filter((pool) => pool.discouragesSurplus && looksAtJobs(pool)).map(({ name }) => name)),
  });
  const poll = openPoll({
    ...shared,
    settings: { aws, caller, fleet: file.fleet, clock, telemetry, groups: adoptingGroups(file) },
    ...{ lattice, nodes: cluster.nodes },
    everyMs: live.pollMs,
    pools: new Set(file.pools.map(({ name }) => name)),
    generations: () => ledger.state.generations,
    observations: observing.told,
    keeper: () => keeper,
    told: () => {
      workloads.again();
      notices.review();
    },
  });
  const notices = openNotices({ ...shared, poll });
  const otherClusters = openOtherClusters({
    ...{ templates, roster, instanceOf: poll.instanceOf, now: () => clock.now(), announce: warn },
    pools: file.pools.map(({ name }) => name),
  });
  const terminate = openTerminations({
    ...shared,
    ...{ settings: { aws, caller }, isShown: poll.hasAlive },
    doubt: otherClusters.doubt,
    hasLateJob: openLateJobs({ cluster, clock, roster }),
    spotRequestOf: (instanceId) => poll.instanceOf(instanceId)?.spotRequestId,
    cancel: openCancelling({ aws, caller, clock, telemetry }),
    ending: (instanceId) => {
      lattice.noteEnding(instanceId);
      poll.settleEnded();
      poll.hurry();
    },
  });
  const workloads = openJobCounting({
    ...{ ...shared, cluster, file, templates, port },
    rooms: () => (keeper === undefined ? new Map() : jobRooms(keeper, clock.now())),
  });
  const hold = openHolds({
    ...{ ...shared, cluster, fleet: file.fleet, waitingFor: workloads.waitingFor },
    told: (pool, result) => {
      ports.tally.add(pool, result);
      const { reason, note, type } = HOLD_EVENTS[result];
      ports.announce(pool, reason, note, type);
    },
  });
  const stopListening = cluster.onChange((change) => {
    workloads.changed();
    if (change.type === 'pods.waiting') return;
    roster.lookAt('instanceId' in change ? change.instanceId : change.node.instanceId);
    drains.changed();
  });

  const tasks = Promise.all([
    templates.watch(),
    launches.resume().then(() => poll.run()),
    interruptions(),
    flushNowAndThen(),
    workloads.watch(),
  ]);

  return {
    next: (wakeAt) => inbox.next(earliest(wakeAt, after(clock.now(), HEARTBEAT_MS))),
    perform: (effects) => {
      for (const effect of effects) perform(effect);
    },
    saw(after) {
      keeper = after;
      roster.saw(after);
      drains.saw(after);
      strangeTaints.saw(after);
      workloads.saw();
      notices.review();
      ports.advice.saw(after, clock.now());
      discouraging.saw(after);
    },
    writeDown() {
      observing.writeDown({ isLast: true });
    },
    close() {
      ended.abort();
      stopListening();
      inbox.close();
    },
    closed: tasks.then(() => undefined),
    inventoryAt: poll.takenAt,
    conditions: () => [
      ...templates.conditions(),
      ...buyingConditions(keeper, clock.now()),
      ...holdingConditions(keeper),
      ...claimedConditions(keeper),
      ...strangeTaints.conditions(),
      ...otherClusters.conditions(),
    ],
    orphans: poll.orphans,
    get waiting() {
      return inbox.waiting;
    },
  };

  function perform(effect: Effect): void {
    switch (effect.type) {
      case 'quoteOffers':
        void quoteOffers(effect.pool);
        return;
      case 'requestCapacity':
        launches.request(effect);
        return;
      case 'cancelRequest':
        launches.cancel(effect);
        return;
      case 'terminateInstance':
        terminate(effect);
        return;
      case 'findNode':
        void roster.find(effect);
        return;
      case 'cordonNode':
      case 'uncordonNode':
      case 'labelNode':
        drains.perform(effect);
        return;
      case 'holdJobs':
        hold(effect);
        return;
      case 'announce':
        ports.announce(effect.pool, effect.reason, effect.note, WARNINGS.has(effect.reason) ? 'Warning' : 'Normal');
        return;
    }
  }

  /** Only zones in which the group has a subnet can be bought in. A quote that cannot be had is asked for again. */
  async function quoteOffers(name: string): Promise<void> {
    const pool = file.pools.find((one) => one.name === name);
    if (pool === undefined) return;
    const resolution = await templates.fresh(name);
    if (signal.aborted) return;
    if (resolution.kind === 'unknown') {
      inbox.say({ type: 'offers.unknown', pool: name, reason: resolution.why });
      return;
    }
    const subnets = resolution.kind === 'resolved' ? resolution.template.subnets : [];
    const zones = pool.zones.filter((zone) => subnets.some((subnet) => subnet.zone === zone));
    if (zones.length === 0) {
      inbox.say({ type: 'offers.quoted', pool: name, offers: [] });
      return;
    }
    const { instanceTypes, lease } = pool;
    const answer = await quote(port, { instanceTypes, zones, lease, onDemandUsdPerHour: live.onDemandUsdPerHour });
    if (answer.kind === 'known') {
      const { offers, onDemandUsdPerHour } = answer;
      const known = onDemandUsdPerHour === undefined ? {} : { onDemandUsdPerHour };
      inbox.say({ type: 'offers.quoted', pool: name, offers, ...known });
    } else {
      telemetry.noted('warn', 'offers not quoted', { pool: name, why: answer.why });
      inbox.say({ type: 'offers.unknown', pool: name, reason: answer.why });
    }
  }

  async function interruptions(): Promise<void> {
    const queueUrl = live.interruptionQueue;
    if (queueUrl === undefined) return;
    const region = ports.region === undefined ? {} : { region: ports.region };
    await watchInterruptions({ sqs: aws.sqs, caller, queueUrl, clock, signal, telemetry, ...region }, (notice) => {
      notices.take(notice);
    });
  }

  async function flushNowAndThen(): Promise<void> {
    while (!signal.aborted) {
      await until(clock, after(clock.now(), FLUSH_MS), signal);
      if (hasCome(signal) || !mayMutate()) continue;
      observing.writeDown();
      await ledger.flush();
    }
  }
}
