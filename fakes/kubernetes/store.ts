import type { Instant } from '../../src/domain/time.ts';
import { afterGrace, deleting, isDeletable, isGraceOver } from './deletion.ts';
import { type Change, History } from './history.ts';
import { frozen, same } from './json.ts';
import { type KubeObject, keyOf, type Metadata, type NewObject, timestamp, uidOf, withMetadata } from './objects.ts';
import { alreadyExists, conflict, modified, notFound } from './refusal.ts';
import { apiVersionOf, RESOURCES, resourceOf } from './resources.ts';

/** How many changes a watch can go back by, unless the owner says otherwise. */
const KEPT_CHANGES = 10_000;

/** The namespaces that every cluster has. */
const BORN_NAMESPACES = ['default', 'kube-node-lease', 'kube-public', 'kube-system'];

/** Says whether a write only wants to know what would come of it. */
export interface Writing {
  readonly dryRun?: boolean;
}

/** How a deletion was asked for. A uid or a version that is not the object's refuses it. */
export interface Deleting extends Writing {
  readonly graceSeconds?: number | undefined;
  readonly uid?: string | undefined;
  readonly resourceVersion?: string | undefined;
}

/**
 * The objects of a simulated cluster by resource (its plural), under one version that grows by one with every change. All
 * objects that come out are frozen.
 *
 * The owner of the simulation uses `put`, `remove`, `get`, `list`, `onChange`, `settle` and `compact`; the server, which
 * has to refuse, uses `create`, `update` and `delete`. All throw RangeError for a resource that is not kept.
 */
export class Store {
  readonly now: () => Instant;
  private readonly objects = new Map<string, Map<string, KubeObject>>();
  private readonly sorted = new Map<string, readonly KubeObject[]>();
  private readonly history: History;
  private readonly listeners = new Set<(change: Change) => void>();
  private readonly untold: Change[] = [];
  private telling = false;
  private version = 0;

  constructor({ now, keptChanges = KEPT_CHANGES }: { now: () => Instant; keptChanges?: number }) {
    this.now = now;
    this.history = new History(keptChanges);
    for (const { name } of RESOURCES) this.objects.set(name, new Map());
    for (const name of BORN_NAMESPACES) this.bear(name);
  }

  /** The version of the latest change. */
  get resourceVersion(): number {
    return this.version;
  }

  get(resource: string, name: string, namespace?: string): KubeObject | undefined {
    return this.kept(resource).get(keyOf(name, namespaceFor(resource, namespace)));
  }

  /** By namespace and name, as the API lists them. */
  list(resource: string): readonly KubeObject[] {
    let list = this.sorted.get(resource);
    if (list === undefined) {
      const entries = [...this.kept(resource)].sort(([a], [b]) => (a < b ? -1 : 1));
      list = entries.map(([, object]) => object);
      this.sorted.set(resource, list);
    }
    return list;
  }

  /** The owner's word: there is this object now, whatever was there before. Its namespace comes to be with it. */
  put(resource: string, object: NewObject): KubeObject {
    const { name } = object.metadata;
    const namespace = namespaceFor(resource, object.metadata.namespace);
    if (namespace !== undefined && this.get('namespaces', namespace) === undefined) this.bear(namespace);
    const before = this.get(resource, name, namespace);
    return this.write(resource, this.whole(resource, object, before), before, {});
  }

  /** The owner's word: this object is gone, grace and finalizers or not. Answers what it was. */
  remove(resource: string, name: string, namespace?: string): KubeObject | undefined {
    const before = this.get(resource, name, namespace);
    return before === undefined ? undefined : this.erase(resource, before, {});
  }

  /** @throws Refusal AlreadyExists */
  create(resource: string, object: NewObject, writing: Writing = {}): KubeObject {
    const { name, namespace } = object.metadata;
    if (this.get(resource, name, namespace) !== undefined) throw alreadyExists(resourceOf(resource), name);
    return this.write(resource, this.whole(resource, object, undefined), undefined, writing);
  }

  /**
   * Replaces an object. One whose deletion waited for its last finalizer goes with it.
   * @throws Refusal NotFound; Conflict where the object carries another version or uid than the one that is there
   */
  update(resource: string, object: NewObject, writing: Writing = {}): KubeObject {
    const { name, namespace } = object.metadata;
    const before = this.existing(resource, name, namespace);
    this.expect(resource, before, object.metadata['uid'], object.metadata['resourceVersion']);
    const after = this.whole(resource, object, before);
    return isDeletable(after) ? this.erase(resource, after, writing) : this.write(resource, after, before, writing);
  }

  /**
   * Begins the deletion of an object, and ends it where nothing is to be waited for.
   * @throws Refusal NotFound; Conflict where a precondition does not hold
   */
  delete(resource: string, name: string, namespace: string | undefined, how: Deleting = {}): Deleted {
    const before = this.existing(resource, name, namespace);
    this.expect(resource, before, how.uid, how.resourceVersion);
    const after = deleting(resource, before, this.now(), how.graceSeconds);
    if (after === undefined) return { object: this.erase(resource, before, how), gone: true };
    const object = this.write(resource, after, before, how);
    if (resource === 'namespaces' && how.dryRun !== true) this.clear(name);
    return { object, gone: false };
  }

  /** Ends every deletion that has begun, whatever its grace; what finalizers hold stays. */
  settle(): void {
    this.end(() => true);
  }

  /** Ends the deletions whose grace has passed. */
  expire(): void {
    this.end((object) => isGraceOver(object, this.now()));
  }

  /** What changed after a version, oldest first; undefined where that is compacted away. */
  changesAfter(version: number): readonly Change[] | undefined {
    return this.history.after(version);
  }

  /** The objects of a resource as they were at a version; undefined where that is compacted away. */
  snapshot(resource: string, version: number): readonly KubeObject[] | undefined {
    const changes = this.history.after(version);
    if (changes === undefined) return undefined;
    const then = new Map(this.kept(resource));
    for (const change of changes.toReversed()) {
      if (change.resource !== resource) continue;
      const { name, namespace } = change.object.metadata;
      if (change.before === undefined) then.delete(keyOf(name, namespace));
      else then.set(keyOf(name, namespace), change.before);
    }
    return [...then].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, object]) => object);
  }

  /** The oldest version that `snapshot` and `changesAfter` still know. */
  get oldestVersion(): number {
    return this.history.oldest;
  }

  /** Forgets the history up to a version: watches and continued lists from before it are told that they are too old. */
  compact(version = this.version): void {
    this.history.compact(version);
  }

  /** Tells a listener of every change from now on, in their order; answers how to stop it. */
  onChange(listener: (change: Change) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  private kept(resource: string): Map<string, KubeObject> {
    return this.objects.get(resourceOf(resource).name) ?? new Map<string, KubeObject>();
  }

  private existing(resource: string, name: string, namespace: string | undefined): KubeObject {
    const object = this.get(resource, name, namespace);
    if (object === undefined) throw notFound(resourceOf(resource), name);
    return object;
  }

  private expect(resource: string, object: KubeObject, uid: unknown, version: unknown): void {
    const { name, uid: own, resourceVersion } = object.metadata;
    if (typeof uid === 'string' && uid !== '' && uid !== own)
      throw conflict(
        resourceOf(resource),
        name,
        `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${own}`,
      );
    if (typeof version === 'string' && version !== '' && version !== resourceVersion)
      throw modified(resourceOf(resource), name);
  }

  /** The object with what only the store may say: its kind, its identity, its birth. */
  private whole(resource: string, object: NewObject, before: KubeObject | undefined): KubeObject {
    const { name } = object.metadata;
    const namespace = namespaceFor(resource, object.metadata.namespace);
    const next = this.version + 1;
    const metadata: Metadata = {
      ...object.metadata,
      ...(namespace === undefined ? {} : { namespace }),
      uid: before?.metadata.uid ?? uidOf(resource, keyOf(name, namespace), next),
      resourceVersion: before?.metadata.resourceVersion ?? String(next),
      creationTimestamp: before?.metadata.creationTimestamp ?? timestamp(this.now()),
    };
    const { kind } = resourceOf(resource);
    return { ...object, apiVersion: apiVersionOf(resourceOf(resource)), kind, metadata };
  }

  private write(resource: string, object: KubeObject, before: KubeObject | undefined, { dryRun }: Writing): KubeObject {
    if (before !== undefined && same(object, before)) return before;
    const version = this.version + 1;
    const after = frozen(withMetadata(object, { resourceVersion: String(version) }));
    if (dryRun === true) return after;
    this.kept(resource).set(keyOf(after.metadata.name, after.metadata.namespace), after);
    this.commit({ resource, type: before === undefined ? 'ADDED' : 'MODIFIED', object: after, before, version });
    return after;
  }

  private erase(resource: string, last: KubeObject, { dryRun }: Writing): KubeObject {
    const version = this.version + 1;
    const object = frozen(withMetadata(last, { resourceVersion: String(version) }));
    if (dryRun === true) return object;
    const key = keyOf(last.metadata.name, last.metadata.namespace);
    const before = this.kept(resource).get(key);
    this.kept(resource).delete(key);
    this.commit({ resource, type: 'DELETED', object, before, version });
    return object;
  }

  /** A listener may write in its turn; all the same every listener hears all changes in their order. */
  private commit(change: Change): void {
    this.version = change.version;
    this.sorted.delete(change.resource);
    this.history.add(change);
    this.untold.push(change);
    if (this.telling) return;
    this.telling = true;
    try {
      for (let next = this.untold.shift(); next !== undefined; next = this.untold.shift())
        for (const listener of [...this.listeners]) listener(next);
    } finally {
      this.telling = false;
    }
  }

  private bear(namespace: string): void {
    this.create('namespaces', { metadata: { name: namespace }, status: { phase: 'Active' } });
  }

  /** Deletes all that a namespace holds. */
  private clear(namespace: string): void {
    for (const { name: resource, namespaced } of RESOURCES)
      if (namespaced)
        for (const { metadata } of this.list(resource))
          if (metadata.namespace === namespace) this.delete(resource, metadata.name, namespace);
  }

  private end(isDue: (object: KubeObject) => boolean): void {
    for (const pod of this.list('pods')) {
      if (pod.metadata.deletionTimestamp === undefined || !isDue(pod)) continue;
      const after = afterGrace(pod);
      if (after === undefined) this.erase('pods', pod, {});
      else this.write('pods', after, pod, {});
    }
    for (const namespace of this.list('namespaces'))
      if (namespace.metadata.deletionTimestamp !== undefined && this.isEmpty(namespace.metadata.name))
        this.erase('namespaces', namespace, {});
  }

  private isEmpty(namespace: string): boolean {
    return RESOURCES.every(
      ({ name, namespaced }) =>
        !namespaced || this.list(name).every(({ metadata }) => metadata.namespace !== namespace),
    );
  }
}

/** What came of a deletion: the object as it stays, or as it was. */
export interface Deleted {
  readonly object: KubeObject;
  readonly gone: boolean;
}

/** The namespace that an object of a resource stands in: `default` where one is needed and none was said. */
const namespaceFor = (resource: string, namespace: string | undefined): string | undefined =>
  resourceOf(resource).namespaced ? (namespace ?? 'default') : undefined;
