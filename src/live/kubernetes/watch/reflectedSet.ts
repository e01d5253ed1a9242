import { isOlder, type KubeObject, keyOf } from '../kubeObject.ts';
import type { Listing } from './listing.ts';

/** Who is told what becomes of the items of a resource. */
export interface ItemListener<Item> {
  /** A full list has come in; its differences to what was held were told before. */
  readonly listed: (items: readonly Item[]) => void;
  /** An item is new or has changed; `before` is what was held of the same object, by its uid. */
  readonly changed: (item: Item, before?: Item) => void;
  readonly removed: (item: Item) => void;
}

/** What one line of a watch says about an object. */
export interface ObjectEvent {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly object: KubeObject;
}

/** The objects of one resource, as far as lists and watches told, each as the few fields that its pruning left. */
export interface ReflectedSet<Item> {
  readonly items: () => readonly Item[];
  /** The newest resourceVersion seen; undefined before the first list. */
  readonly version: () => string | undefined;
  /** What an object of a list comes to; undefined for one that nobody wants to see. Throws if it cannot be pruned. */
  readonly pruned: (object: KubeObject) => Pruned<Item> | undefined;
  /** Takes over a list, or refuses one that is older than what was already seen. */
  readonly replace: (listing: Listing<Pruned<Item> | undefined>) => 'replaced' | 'stale';
  /**
   * Takes over one event. `repeated`: it says nothing new. `disordered`: an older event about an object that is not
   * held, which was either deleted since or missed, so that only a list can tell. Throws if the object cannot be pruned.
   */
  readonly apply: (event: ObjectEvent) => 'applied' | 'repeated' | 'disordered';
  /**
   * Takes over what the server returned for a write of ours: the watch tells it too, later, and until then tells what was
   * before it, which is no news any more.
   */
  readonly wrote: (object: KubeObject) => void;
  /** What a bookmark says: everything up to this version was told. */
  readonly reached: (version: string) => void;
}

interface Held<Item> {
  readonly uid: string;
  readonly version: string;
  readonly item: Item;
  /**
   * It is as the server returned it for a write of ours, and no watch has shown it so yet: how many lists are awaited until one is
   * sure to have been asked for after the write. The first that comes may have been on its way before.
   */
  readonly listsAwaited?: number;
}

/** The few fields of a listed object that are kept, and what it is called. */
export interface Pruned<Item> extends Held<Item> {
  readonly key: string;
}

/**
 * Whether a state of an object was there before the one that is held. Where versions cannot be compared (before Kubernetes 1.35
 * only equality is sure), anything but our own write itself may be older than it, and says nothing until that was shown: a watch
 * tells the states of an object in their order. `listsSure`: how many awaited lists make one that is sure to be newer.
 */
function isBefore<Item>(version: string, held: Held<Item>, listsSure: number): boolean {
  if (version === held.version) return false;
  return isOlder(version, held.version) ?? (held.listsAwaited ?? 0) > listsSure;
}

/** An empty set. `prune` answers undefined for objects that nobody wants to see. */
export function reflectedSet<Item>(
  prune: (object: KubeObject) => Item | undefined,
  on: ItemListener<Item>,
): ReflectedSet<Item> {
  let held = new Map<string, Held<Item>>();
  let newest: string | undefined;

  const reached = (version: string): void => {
    // Versions that cannot be compared are taken in the order in which they come.
    if (newest === undefined || isOlder(version, newest) !== true) newest = version;
  };

  const items = (): readonly Item[] => [...held.values()].map(({ item }) => item);

  function pruned(object: KubeObject): Pruned<Item> | undefined {
    const item = prune(object);
    const { uid, resourceVersion: version } = object.metadata;
    return item === undefined ? undefined : { key: keyOf(object), uid, version, item };
  }

  function replace(listing: Listing<Pruned<Item> | undefined>): 'replaced' | 'stale' {
    if (newest !== undefined && isOlder(listing.resourceVersion, newest) === true) return 'stale';
    const now = new Map<string, Held<Item>>();
    const before = held;
    for (const one of listing.items) {
      if (one === undefined) continue;
      const old = before.get(one.key);
      // A write of ours may be newer than the list.
      const isOutdated = old?.uid === one.uid && isBefore(one.version, old, 1);
      now.set(one.key, isOutdated ? { ...one, ...old, listsAwaited: (old.listsAwaited ?? 1) - 1 } : one);
    }
    // One that we wrote to later than the list was taken is not gone because the list lacks it.
    for (const [key, old] of before)
      if ((old.listsAwaited ?? 0) > 0 && !now.has(key) && isOlder(listing.resourceVersion, old.version) === true)
        now.set(key, old);
    held = now;
    newest = listing.resourceVersion;
    for (const [key, old] of before) if (now.get(key)?.uid !== old.uid) on.removed(old.item);
    for (const [key, one] of now) {
      const old = before.get(key);
      if (old?.uid !== one.uid) on.changed(one.item);
      else if (old.version !== one.version) on.changed(one.item, old.item);
    }
    on.listed(items());
    return 'replaced';
  }

  function apply({ type, object }: ObjectEvent): 'applied' | 'repeated' | 'disordered' {
    const key = keyOf(object);
    const { uid, resourceVersion: version } = object.metadata;
    const old = held.get(key);
    const item = type === 'DELETED' ? undefined : prune(object);
    if (item === undefined) {
      // A uid never comes back, so its deletion is final whatever its version says; of other changes the newest counts.
      const outdated = type !== 'DELETED' && old !== undefined && isOlder(version, old.version) === true;
      reached(version);
      if (old?.uid !== uid || outdated) return 'repeated';
      held.delete(key);
      on.removed(old.item);
      return 'applied';
    }
    if (old === undefined) {
      if (newest !== undefined && isOlder(version, newest) === true) return 'disordered';
    } else if (version === old.version || (old.uid === uid && isBefore(version, old, 0))) {
      // From here on the watch is past our write: what it tells next is news again.
      if (version === old.version && old.listsAwaited !== undefined) held.set(key, { uid, version, item: old.item });
      if (version === old.version) reached(version);
      return 'repeated';
    } else if (old.uid !== uid && isOlder(version, old.version) === true) return 'repeated';
    reached(version);
    held.set(key, { uid, version, item });
    if (old !== undefined && old.uid !== uid) on.removed(old.item);
    on.changed(item, old?.uid === uid ? old.item : undefined);
    return 'applied';
  }

  function wrote(object: KubeObject): void {
    const key = keyOf(object);
    const { uid, resourceVersion: version } = object.metadata;
    const old = held.get(key);
    if (old?.uid !== uid || version === old.version || isOlder(version, old.version) === true) return;
    const item = prune(object);
    if (item === undefined) return;
    // The watch goes on from where it is: `newest` is what it has told.
    held.set(key, { uid, version, item, listsAwaited: 2 });
    on.changed(item, old.item);
  }

  return { items, version: () => newest, pruned, replace, apply, wrote, reached };
}
