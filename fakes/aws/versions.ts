import { type Instant, type Millis, minutes } from '../../src/domain/time.ts';

/** What a caller gets to see: things as they were, and only those that were born long enough ago. */
export interface View {
  /** Things are seen as they were at this instant. */
  readonly asOf: Instant;
  /** Things born later than this are not there yet. */
  readonly bornBy: Instant;
}

interface Version<Value> {
  readonly at: Instant;
  /** Undefined once it is gone. */
  readonly value: Value | undefined;
}

interface Life<Value> {
  readonly bornAt: Instant;
  /** Oldest first; never empty. */
  readonly versions: Version<Value>[];
}

/** How far back a stale answer may look; older versions are forgotten, all but the one that held at that time. */
const HISTORY_MS: Millis = minutes(15);

/**
 * Things by id, in the order of their birth, with what they were a while ago: a replica that lags answers from there.
 * Values are never changed in place.
 */
export class Versions<Value> {
  private readonly now: () => Instant;
  private readonly lives = new Map<string, Life<Value>>();

  constructor(now: () => Instant) {
    this.now = now;
  }

  set(id: string, value: Value): void {
    this.write(id, value);
  }

  /** Gone now, and still there for a view that is older. */
  delete(id: string): void {
    if (this.get(id) !== undefined) this.write(id, undefined);
  }

  /** As it is, or as a view shows it; undefined if it is not there. */
  get(id: string, view?: View): Value | undefined {
    const life = this.lives.get(id);
    return life === undefined ? undefined : seen(life, view);
  }

  /** All that there is, or that a view shows. */
  all(view?: View): readonly Value[] {
    const found: Value[] = [];
    for (const life of this.lives.values()) {
      const value = seen(life, view);
      if (value !== undefined) found.push(value);
    }
    return found;
  }

  /** Forgets what no view can reach any more. */
  prune(): void {
    const horizon = this.now() - HISTORY_MS;
    for (const [id, { versions }] of this.lives) {
      const last = versions.at(-1);
      if (last !== undefined && last.value === undefined && last.at <= horizon) this.lives.delete(id);
    }
  }

  private write(id: string, value: Value | undefined): void {
    const at = this.now();
    const life = this.lives.get(id);
    if (life === undefined) {
      this.lives.set(id, { bornAt: at, versions: [{ at, value }] });
      return;
    }
    life.versions.push({ at, value });
    const horizon = at - HISTORY_MS;
    while (life.versions.length > 1 && life.versions[1]!.at <= horizon) life.versions.shift();
  }
}

function seen<Value>({ bornAt, versions }: Life<Value>, view: View | undefined): Value | undefined {
  if (view === undefined) return versions.at(-1)?.value;
  if (bornAt > view.bornBy) return undefined;
  return versions.findLast(({ at }) => at <= view.asOf)?.value;
}
