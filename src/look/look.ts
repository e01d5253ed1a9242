import { z } from 'zod';
import { DEFAULT_LIVE, type PoolConfig, type PoolsFile } from '../config/pools.ts';
import { type Instant, type Millis, seconds } from '../domain/time.ts';
import { placeOf, TERMS } from '../domain/words.ts';
import type { Caller } from '../live/aws/calls/call.ts';
import type { Aws } from '../live/aws/calls/clients.ts';
import { adoptingGroups } from '../live/aws/inventory/adoptingGroups.ts';
import { type Inventory, type OwnInstance, takeInventory } from '../live/aws/inventory/inventory.ts';
import { newLattice } from '../live/aws/inventory/lattice.ts';
import { type Quote, quote } from '../live/aws/quote.ts';
import { type Resolution, resolveTemplate } from '../live/aws/template/resolveTemplate.ts';
import { Inbox } from '../live/control/inbox.ts';
import { observedIn } from '../live/control/observing.ts';
import { Roster } from '../live/control/roster.ts';
import { type LeaseRecord, leaseObject } from '../live/kubernetes/election/leaseObject.ts';
import type { Kube } from '../live/kubernetes/kubeClient.ts';
import { ledgerNameOf, ledgerObject } from '../live/kubernetes/ledger/ledgerObject.ts';
import { type LedgerState, UNWRITTEN } from '../live/kubernetes/ledger/ledgerState.ts';
import { jobsAmong } from '../live/kubernetes/pods.ts';
import type { Clock } from '../live/ports/clock.ts';
import type { Telemetry } from '../live/ports/telemetry.ts';
import type { Pool } from '../pool/pool.ts';
import { type Foresight, foresee, type UnderWay } from './foresee.ts';
import { type Found, foundIn, known } from './found.ts';
import { type ClusterFound, lookAtCluster } from './lookAtCluster.ts';
import { patient } from './patience.ts';
import { askKeeper, type RunningKeeper } from './runningKeeper.ts';

export interface LookSettings {
  readonly aws: Aws;
  readonly caller: Caller;
  readonly kube: Kube;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
  /** Of the ledger and the lease. */
  readonly namespace: string;
  readonly file: PoolsFile;
  readonly pools: readonly Pool[];
  /** Where a keeper that runs answers, if it can be asked. */
  readonly keeperUrl?: string | undefined;
  /** What has no answer after so much real time is unknown. */
  readonly patienceMs: Millis;
}

/** What there is, each part of it known or not, and what a keeper would make of it. */
export interface Look {
  readonly at: Instant;
  readonly file: PoolsFile;
  readonly pools: readonly Pool[];
  /** Undefined in `known` where no keeper has written any yet. */
  readonly ledger: Found<LedgerState | undefined>;
  /** Undefined in `known` where no keeper has led yet. */
  readonly lease: Found<LeaseRecord | undefined>;
  readonly inventory: Inventory;
  /** What of the inventory is not over, of any pool; empty where it is unknown. */
  readonly alive: readonly OwnInstance[];
  readonly cluster: Found<ClusterFound>;
  readonly templates: ReadonlyMap<string, Resolution>;
  readonly quotes: ReadonlyMap<string, Quote>;
  /** Undefined where nobody said where to ask. */
  readonly running: Found<RunningKeeper> | undefined;
  /** Launches that are on their way by the ledger. */
  readonly launches: readonly UnderWay[];
  readonly foresight: Foresight;
}

/** How long people wait for an answer if nobody says otherwise. */
export const PATIENCE_MS: Millis = seconds(30);

/**
 * Looks at everything that a keeper decides by, and makes a keeper of it. Only reads, and contends for no lease; what
 * cannot be read is unknown, and a keeper that lacks the ledger, the inventory or the cluster is told of none of the three.
 */
export async function look(settings: LookSettings): Promise<Look> {
  const { aws, clock, telemetry, namespace, file, pools, keeperUrl } = settings;
  const { caller, kube, signal } = patient(settings.caller, settings.kube, settings.patienceMs);
  const live = file.live ?? DEFAULT_LIVE;
  const at = clock.now();
  const port = { aws, caller, clock };
  const [ledger, lease, inventory, cluster, running, bought] = await Promise.all([
    ledgerObject({ kube, namespace, fleet: file.fleet }).read(),
    leaseObject({ kube, namespace, name: ledgerNameOf(file.fleet) }).read(LEASE_MS),
    takeInventory({
      ...{ aws, caller, fleet: file.fleet, clock, telemetry },
      ...{ groups: adoptingGroups(file), earlier: true },
    }),
    lookAtCluster(kube, live, at, signal),
    keeperUrl === undefined ? undefined : askKeeper(keeperUrl, signal),
    Promise.all(
      file.pools.map(async (pool) => {
        const template = await resolveTemplate(port, pool.template.autoScalingGroup);
        return { name: pool.name, template, quote: await quoteFor(pool, template) };
      }),
    ),
  ]);
  const state: Found<LedgerState | undefined> =
    ledger.kind === 'failed' && ledger.class === 'not-found'
      ? known(undefined)
      : foundIn(ledger.kind === 'ok' ? { kind: 'ok', value: ledger.value.document.state } : ledger);
  const alive = newLattice().settle(inventory).alive;
  const quotes = new Map(bought.map((one) => [one.name, one.quote]));
  const launches = state.kind === 'known' ? intentsIn(state.value) : [];
  return {
    ...{ at, file, pools, inventory, alive, cluster, running, quotes, launches },
    ledger: state,
    lease: lease.kind === 'failed' && lease.class === 'not-found' ? known(undefined) : foundIn(lease),
    templates: new Map(bought.map((one) => [one.name, one.template])),
    foresight: foresee({
      ...{ at, pools, quotes, launches },
      sightings:
        inventory.kind === 'known' && cluster.kind === 'known' && state.kind === 'known'
          ? sightingsOf(alive, cluster.value, clock, pools)
          : undefined,
      generations: (state.kind === 'known' ? state.value : undefined)?.generations ?? UNWRITTEN.generations,
      observations: ledger.kind === 'ok' ? observedIn(ledger.value.observations, at, telemetry) : undefined,
      met: running?.kind === 'known' ? running.value.pools : new Map(),
    }),
  };

  /** As a keeper asks: only for zones in which the group has a subnet. */
  async function quoteFor(pool: PoolConfig, template: Resolution): Promise<Quote> {
    if (template.kind === 'unknown') return { kind: 'unknown', why: template.why };
    const subnets = template.kind === 'resolved' ? template.template.subnets : [];
    const zones = pool.zones.filter((zone) => subnets.some((subnet) => subnet.zone === zone));
    if (zones.length === 0) return { kind: 'known', offers: [], unpriced: false };
    const { instanceTypes, lease: wanted } = pool;
    return quote(port, { instanceTypes, zones, lease: wanted, onDemandUsdPerHour: live.onDemandUsdPerHour });
  }
}

/** A lease is one small object. */
const LEASE_MS = seconds(4);

/** The roster of a keeper's first turn makes the sightings, here as there. */
function sightingsOf(alive: readonly OwnInstance[], cluster: ClusterFound, clock: Clock, pools: readonly Pool[]) {
  const kept = new Set(pools.map(({ spec }) => spec.name));
  const view = {
    nodeOf: cluster.nodeOf,
    fresh: () => true,
    doubtOfNode: () => Promise.resolve('nobody looks for nodes here'),
    jobsSeenOn: (node: string) => jobsAmong(cluster.jobsOn(node), clock.now()),
  };
  return new Roster(clock, new Inbox(clock), view).sight(
    alive.filter(({ blockId }) => kept.has(placeOf(blockId)?.pool ?? '')),
  );
}

/** The ledger never looks into its intents, and another version may have written other ones: those are passed over. */
const intentsIn = (state: LedgerState | undefined): readonly UnderWay[] =>
  Object.values(state?.launches ?? {}).flatMap((intent) => {
    const read = INTENT.safeParse(intent);
    return read.success ? [read.data] : [];
  });

const INTENT = z.object({
  blockId: z.string(),
  token: z.string(),
  at: z.number(),
  offer: z.object({
    instanceType: z.string(),
    zone: z.string(),
    term: z.enum(TERMS),
    durationMs: z.number(),
    usdPerHour: z.number(),
  }),
});
