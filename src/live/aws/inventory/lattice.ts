import { ALWAYS, after, before, earliest, type Instant, minutes, NEVER, seconds } from '../../../domain/time.ts';
import type { GoneCause } from '../../../domain/words.ts';
import { goneCauseOf } from './goneCause.ts';
import { type Inventory, listedIn, startingAt } from './inventory.ts';
import { isFinal, type OwnInstance } from './ownInstance.ts';

/** What is known after an inventory. */
export interface Settled {
  /** Every instance that exists as far as anybody knows, also those that this inventory did not show. */
  readonly alive: readonly OwnInstance[];
  /** Those of which this inventory showed for the first time that they ended. Each is told once, and never alive again. */
  readonly gone: readonly { readonly instance: OwnInstance; readonly cause: GoneCause }[];
}

/**
 * The memory over inventories. EC2 answers from copies that lag: an instance may be missing from a list, or be shown as it
 * was before. Here it only moves on: what has ended never comes back, and what is missing has ended only when two lists
 * agree.
 */
export interface Lattice {
  /** Which instances this inventory would show to have gone, by not listing them: worth a question before it is taken in. */
  doubtful(inventory: Inventory): readonly string[];
  /** Takes in an inventory. One that is unknown, or older than the last, shows nothing to be missing. */
  settle(inventory: Inventory): Settled;
  /** EC2 answered a termination of ours: the instance is shutting down, whatever a later list shows. */
  noteEnding(instanceId: string): void;
}

/** Two lists without an instance agree when they were not taken from the same lagging copy. */
const APART_MS = seconds(10);
/** EC2 may not show an instance at first: for about 30 s (EC2 API reference on eventual consistency), with a margin. */
const VISIBLE_BY_MS = seconds(60);
/** A list that is suddenly empty shows rather what is wrong with the list: it takes two more that agree. */
const EMPTY_LISTS = 3;
/** EC2 shows an instance for about an hour after its end; a day later no copy does. */
const REMEMBERED_MS = minutes(24 * 60);

interface Known {
  readonly instance: OwnInstance;
  /** Since when it has been missing; NEVER where the last list showed it. */
  readonly missingSince: Instant;
}

type KnownInventory = Extract<Inventory, { readonly kind: 'known' }>;

export function newLattice(): Lattice {
  const known = new Map<string, Known>();
  /** When each of those that ended was last shown: they are told once. */
  const ended = new Map<string, Instant>();
  /** Ended by our own termination, and not told yet. */
  const ending = new Set<string>();
  let lastTakenAt = ALWAYS;
  let emptyLists = 0;

  const settle = (inventory: Inventory): Settled => {
    const gone: Settled['gone'][number][] = [];
    const bury = (instance: OwnInstance, cause: GoneCause, at: Instant): void => {
      known.delete(instance.instanceId);
      ended.set(instance.instanceId, at);
      gone.push({ instance, cause });
    };

    if (inventory.kind === 'known') {
      const { takenAt } = inventory;
      for (const shown of inventory.instances) {
        const { instanceId } = shown;
        if (ended.has(instanceId)) ended.set(instanceId, Math.max(takenAt, lastTakenAt));
        else {
          const instance = movedOn(known.get(instanceId)?.instance, shown);
          if (isFinal(shown.state)) bury(instance, goneCauseOf(instance, takenAt), takenAt);
          else known.set(instanceId, { instance, missingSince: NEVER });
        }
      }
      for (const instanceId of inventory.unread) {
        const seen = known.get(instanceId);
        if (seen !== undefined) known.set(instanceId, { ...seen, missingSince: NEVER });
      }
      if (takenAt > lastTakenAt) {
        lastTakenAt = takenAt;
        emptyLists = inventory.instances.length + inventory.unread.length === 0 ? emptyLists + 1 : 0;
        for (const instance of missed(known, inventory, emptyLists))
          bury(instance, goneCauseOf(instance, takenAt), takenAt);
        for (const [instanceId, at] of ended) if (at < before(takenAt, REMEMBERED_MS)) ended.delete(instanceId);
      }
    }
    for (const instanceId of ending) {
      const instance = known.get(instanceId)?.instance;
      if (instance !== undefined) bury(instance, 'terminated', lastTakenAt);
    }
    // An ending of an instance that no list has shown yet is kept, for the list that will.
    for (const instanceId of ending) if (ended.has(instanceId)) ending.delete(instanceId);
    return { alive: [...known.values()].map(({ instance }) => instance), gone };
  };

  return {
    doubtful: (inventory) =>
      inventory.kind === 'unknown' || inventory.takenAt <= lastTakenAt
        ? []
        : unlisted(known, inventory)
            .filter((one) => isOverdue(one, inventory.takenAt))
            .map(({ instance: { instanceId } }) => instanceId),
    settle,
    noteEnding: (instanceId) => {
      if (!ended.has(instanceId)) ending.add(instanceId);
    },
  };
}

/** Takes down who is missing from a list, and answers who has been missing for so long that they are gone. */
function missed(known: Map<string, Known>, inventory: KnownInventory, emptyLists: number): readonly OwnInstance[] {
  const { takenAt } = inventory;
  const lost: OwnInstance[] = [];
  for (const one of unlisted(known, inventory)) {
    const { instance } = one;
    known.set(instance.instanceId, { instance, missingSince: earliest(one.missingSince, takenAt) });
    if (isOverdue(one, takenAt) && (emptyLists === 0 || emptyLists >= EMPTY_LISTS)) lost.push(instance);
  }
  return lost;
}

function unlisted(known: ReadonlyMap<string, Known>, inventory: KnownInventory): readonly Known[] {
  const listed = listedIn(inventory);
  return [...known.values()].filter(({ instance }) => !listed.has(instance.instanceId));
}

/** Whether it should be in a list by now, and was not in an earlier one either. */
const isOverdue = ({ instance, missingSince }: Known, takenAt: Instant): boolean =>
  takenAt > after(instance.lease.startsAt, VISIBLE_BY_MS) && takenAt >= after(missingSince, APART_MS);

/**
 * An instance as it was known, moved on to what is shown of it now. Its birth stands as it was first read, whatever people
 * have done to its tags since; of its starts the earliest counts, so that no end is ever too late.
 */
function movedOn(known: OwnInstance | undefined, shown: OwnInstance): OwnInstance {
  if (known === undefined) return shown;
  const startsAt = earliest(known.lease.startsAt, shown.lease.startsAt);
  const isBackwards = known.state === 'running' && shown.state === 'pending';
  return startingAt(
    {
      ...shown,
      blockId: known.blockId,
      attempt: known.attempt,
      templateHash: known.templateHash,
      lease: known.lease,
      state: isBackwards ? known.state : shown.state,
    },
    startsAt,
  );
}
