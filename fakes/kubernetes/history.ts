import type { KubeObject } from './objects.ts';

/** One change of one object. */
export interface Change {
  /** The plural of the resource. */
  readonly resource: string;
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  /** The object after the change; of a deletion, as it was, with the version of its deletion. */
  readonly object: KubeObject;
  /** The object before the change; undefined for one that was added. */
  readonly before: KubeObject | undefined;
  /** The version that the store reached by this change. */
  readonly version: number;
}

/**
 * The last changes of a store. What is older is compacted away, as etcd does it: whoever wants to go on from there has to
 * list again.
 */
export class History {
  private changes: Change[] = [];
  private readonly kept: number;
  /** Changes up to this version are forgotten. */
  private forgotten = 0;

  /** `kept`: how many changes are remembered. */
  constructor(kept: number) {
    this.kept = kept;
  }

  add(change: Change): void {
    this.changes.push(change);
    // Cutting off in large pieces keeps one change cheap.
    if (this.changes.length > 2 * this.kept) this.compact(this.changes.at(-this.kept - 1)!.version);
  }

  /** Forgets all changes up to a version, that one included. */
  compact(version: number): void {
    this.changes = this.changes.filter((change) => change.version > version);
    this.forgotten = Math.max(this.forgotten, version);
  }

  /** What changed after a version, oldest first; undefined where some of it is forgotten. */
  after(version: number): readonly Change[] | undefined {
    if (version < this.forgotten) return undefined;
    let first = this.changes.length;
    while (first > 0 && this.changes[first - 1]!.version > version) first--;
    return this.changes.slice(first);
  }

  /** The oldest version from which everything that came after is known. */
  get oldest(): number {
    return this.forgotten;
  }
}
