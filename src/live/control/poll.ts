import { SERVED } from '../../domain/nodeLabels.ts';
import { ALWAYS, after, before, type Instant, type Millis, minutes, seconds } from '../../domain/time.ts';
import { placeOf, tokenOf } from '../../domain/words.ts';
import type { Keeper } from '../../keeper/keeper.ts';
import { type Inventory, type InventorySettings, listedIn, takeInventory } from '../aws/inventory/inventory.ts';
import type { Lattice, Settled } from '../aws/inventory/lattice.ts';
import { leftOut } from '../aws/inventory/leftOut.ts';
import { isAdopted, type OwnInstance } from '../aws/inventory/ownInstance.ts';
import { type Reclaims, readReclaims } from '../aws/inventory/spotStatus.ts';
import { stillThere } from '../aws/inventory/stillThere.ts';
import type { SeenNode } from '../kubernetes/nodes.ts';
import { type Clock, hasCome, until } from '../ports/clock.ts';
import type { Telemetry } from '../ports/telemetry.ts';
import type { Inbox } from './inbox.ts';
import type { Roster } from './roster.ts';

/** While an end or a launch is awaited, EC2 is asked so often: it shows an ended instance after some twenty seconds. */
const AWAITED_MS = seconds(10);

/** Before the first inventory nothing can be decided. */
const FIRST_MS = seconds(5);

/** AWS takes a stopped instance's place from nobody, but it runs no jobs: it is ended within a notice's time. */
const STOPPED_MS = minutes(2);

/**
 * EC2 is asked what it takes back with every list, but no oftener: a lost notice is found within a minute, half of the time that it
 * gives, and a thousand blocks stay within the calls a minute that a fleet may take.
 */
const RECLAIMS_EVERY_MS = seconds(50);

/** The mark of a spot block's own end comes two minutes before it by EC2's clock, which may differ by less than this. */
const SCHEDULE_SKEW_MS = minutes(1);

export interface Poll {
  /** Lists until the signal. */
  readonly run: () => Promise<void>;
  /** Lists as soon as it may: something happened that only a list can show. */
  readonly hurry: () => void;
  /** The same, and EC2 is asked what it takes back whenever it was asked last. */
  readonly recheck: () => void;
  /** Takes what the lattice knows without a list: an instance's end was just acknowledged. */
  readonly settleEnded: () => void;
  /** When the last complete list was asked for; undefined before the first. */
  readonly takenAt: () => Instant | undefined;
  /** Whether the last complete list shows an instance of ours, alive. */
  readonly hasAlive: (instanceId: string) => boolean;
  /** An instance of ours that the last complete list showed alive. */
  readonly instanceOf: (instanceId: string) => OwnInstance | undefined;
  /** What EC2 last said of the instances that it takes back; undefined before it has said anything. */
  readonly reclaims: () => Extract<Reclaims, { readonly kind: 'known' }> | undefined;
  /** Instances of ours whose pool the file does not name: they are kept to the end of their leases. */
  readonly orphans: () => number;
}

export interface PollPorts {
  readonly settings: InventorySettings;
  readonly lattice: Lattice;
  readonly clock: Clock;
  readonly inbox: Inbox;
  readonly roster: Roster;
  readonly telemetry: Telemetry;
  readonly everyMs: Millis;
  readonly pools: ReadonlySet<string>;
  /** The last generation used of each slot, from the ledger. */
  readonly generations: () => Readonly<Record<string, number>>;
  /** What earlier lives have seen, by pool. */
  readonly observations: () => Readonly<Record<string, unknown>> | undefined;
  readonly keeper: () => Keeper | undefined;
  /** The nodes of the cluster. */
  readonly nodes: () => readonly Pick<SeenNode, 'instanceId' | 'labels'>[];
  /** What a complete list shows was told, and what EC2 says of spot requests. */
  readonly told: () => void;
  readonly signal: AbortSignal;
}

/** Lists everything of ours now and then: watches and queues make the keeper prompt, the inventory makes it right. */
export function openPoll(ports: PollPorts): Poll {
  const { clock, inbox, lattice, roster, telemetry, signal } = ports;
  let takenAt: Instant | undefined;
  let orphans = 0;
  /** Those of which people were told. */
  const untagged = new Set<string>();
  let alive: ReadonlyMap<string, OwnInstance> = new Map();
  let reclaims: ReturnType<Poll['reclaims']>;
  let reclaimsDueAt: Instant = ALWAYS;
  let adopting = true;
  let earlier = true;
  let wake = new AbortController();

  return {
    async run() {
      while (!signal.aborted) {
        wake = new AbortController();
        const inventory = await list();
        if (hasCome(signal)) return;
        if (inventory.kind === 'known') {
          // Instances of the original scripts, and of earlier releases, only ever get fewer: where there are none, nobody asks for them again.
          earlier &&= inventory.hasEarlier;
          adopting &&= inventory.instances.some(({ blockId }) => isAdopted(blockId));
          const settled = lattice.settle(inventory);
          tell(settled, takenAt === undefined);
          takenAt = inventory.takenAt;
          ports.told();
          await askForReclaims(settled);
          if (hasCome(signal)) return;
        } else telemetry.noted('warn', 'inventory unknown', { why: inventory.why });
        await until(clock, after(clock.now(), pauseMs()), AbortSignal.any([signal, wake.signal]));
      }
    },
    hurry: () => {
      wake.abort();
    },
    recheck: () => {
      reclaimsDueAt = ALWAYS;
      wake.abort();
    },
    settleEnded: () => {
      tellGone(lattice.settle({ kind: 'unknown', why: 'only what is known already' }));
    },
    takenAt: () => takenAt,
    hasAlive: (instanceId) => alive.has(instanceId),
    instanceOf: (instanceId) => alive.get(instanceId),
    reclaims: () => reclaims,
    orphans: () => orphans,
  };

  /** Everything with our tags. Whatever is suddenly not among it is asked for by its id: tags are taken away by people, too. */
  async function list(): Promise<Inventory> {
    const inventory = await takeInventory({
      ...ports.settings,
      ...(adopting ? {} : { groups: undefined }),
      earlier,
    });
    if (inventory.kind === 'unknown') return inventory;
    // Later lists are held against what is known; before the first, only nodes tell what should be in it.
    const why = takenAt === undefined ? await leftOut(ports.settings, unlisted(inventory)) : undefined;
    if (why !== undefined) return { kind: 'unknown', why };
    const there = await stillThere(ports.settings, lattice.doubtful(inventory));
    for (const instanceId of there) {
      if (untagged.has(instanceId)) continue;
      untagged.add(instanceId);
      telemetry.noted('warn', 'instance without its tags', { instanceId });
    }
    return { ...inventory, unread: [...inventory.unread, ...there] };
  }

  /** The instances of nodes that have served as blocks', and that are not in a list. */
  function unlisted(inventory: Extract<Inventory, { readonly kind: 'known' }>): readonly string[] {
    const listed = listedIn(inventory);
    return ports
      .nodes()
      .flatMap(({ instanceId, labels }) =>
        instanceId !== undefined && SERVED in labels && !listed.has(instanceId) ? [instanceId] : [],
      );
  }

  /** The second source of notices: what the queue has lost, and everything where there is none. Only of what EC2 may take. */
  async function askForReclaims(settled: Settled): Promise<void> {
    const now = clock.now();
    if (now < reclaimsDueAt) return;
    reclaimsDueAt = after(now, RECLAIMS_EVERY_MS);
    const spot = settled.alive.filter(({ lease }) => lease.offer.term !== 'on-demand');
    const read: Reclaims =
      spot.length === 0 ? { kind: 'known', takenAt: now, reclaimAt: new Map() } : await readReclaims(ports.settings);
    if (hasCome(signal)) return;
    if (read.kind === 'unknown') {
      reclaimsDueAt = ALWAYS;
      telemetry.noted('warn', 'spot requests unknown', { why: read.why });
      return;
    }
    reclaims = read;
    for (const { instanceId, lease } of spot) {
      const reclaimAt = read.reclaimAt.get(instanceId);
      // The end that AWS imposes on a spot block comes with the same mark, and is known already.
      if (reclaimAt !== undefined && reclaimAt < before(lease.hardEndAt, SCHEDULE_SKEW_MS))
        roster.reclaimed(instanceId, reclaimAt);
    }
    ports.told();
  }

  function pauseMs(): Millis {
    if (takenAt === undefined) return FIRST_MS;
    for (const { state } of ports.keeper()?.blocks.values() ?? [])
      if (state === 'terminating' || state === 'joining') return Math.min(AWAITED_MS, ports.everyMs);
    return ports.everyMs;
  }

  function tell(settled: Settled, isFirst: boolean): void {
    const own = settled.alive;
    orphans = own.filter(({ blockId }) => !ports.pools.has(placeOf(blockId)?.pool ?? '')).length;
    alive = new Map(own.map((instance) => [instance.instanceId, instance]));
    if (isFirst) {
      const observations = ports.observations();
      inbox.say({
        ...{ type: 'inventory.taken', sightings: roster.sight(own), generations: ports.generations(), complete: true },
        ...(observations === undefined ? {} : { observations }),
      });
      return;
    }
    tellGone(settled);
    for (const { instanceId, blockId, attempt, lease, state } of own) {
      const has = roster.blockOf(blockId)?.context.lease;
      if (has?.instanceId !== instanceId) roster.granted(blockId, tokenOf(blockId, attempt), lease);
      else if (state === 'stopping' || state === 'stopped') tellStopped(blockId);
    }
    roster.lookAtAll();
  }

  function tellGone({ gone }: Settled): void {
    for (const { instance, cause } of gone)
      if (roster.blockOf(instance.blockId)?.context.lease?.instanceId === instance.instanceId)
        inbox.say({ type: 'instance.gone', blockId: instance.blockId, cause });
  }

  function tellStopped(blockId: string): void {
    const state = roster.blockOf(blockId)?.state;
    if (state === 'serving' || state === 'joining')
      inbox.say({ type: 'instance.interrupted', blockId, reclaimAt: after(clock.now(), STOPPED_MS) });
  }
}
