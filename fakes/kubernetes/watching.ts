import type { ServerResponse } from 'node:http';
import { type Instant, minutes, NEVER, seconds } from '../../src/domain/time.ts';
import type { Faults } from './faults.ts';
import type { Change } from './history.ts';
import { isObject, type JsonObject, without } from './json.ts';
import { inWordsOf, readVersion, selection, tooOld } from './listing.ts';
import { type KubeObject, withMetadata } from './objects.ts';
import { expired, invalid, type Status, tooLargeVersion } from './refusal.ts';
import { apiVersionOf } from './resources.ts';
import type { Store } from './store.ts';
import type { Target } from './target.ts';

/** How often the API server tells an idle watch what version it has reached. */
const BOOKMARK_MS = minutes(1);

interface WatchEvent extends JsonObject {
  readonly type: Change['type'] | 'BOOKMARK' | 'ERROR';
  readonly object: JsonObject;
}

/** An open watch. */
interface Watch {
  readonly target: Target;
  readonly response: ServerResponse;
  readonly isWanted: (object: KubeObject) => boolean;
  readonly bookmarks: boolean;
  readonly endsAt: Instant;
  bookmarkAt: Instant;
  silent: boolean;
  /** An event that is told after the next one. */
  held: WatchEvent | undefined;
}

/** The open watches of a server. There are no timers here: `tick` does what is due by the store's clock. */
export class Watches {
  private readonly store: Store;
  private readonly faults: Faults;
  private readonly open = new Set<Watch>();
  private readonly stop: () => void;
  private sent = 0;

  constructor(store: Store, faults: Faults) {
    this.store = store;
    this.faults = faults;
    this.stop = store.onChange((change) => {
      for (const watch of this.open) this.tell(watch, change);
    });
  }

  /** How many events went out over all watches, bookmarks and errors included. */
  get eventsSent(): number {
    return this.sent;
  }

  get count(): number {
    return this.open.size;
  }

  /**
   * Answers a watch: the changes after the version asked for, or, without one, all that there is and then the changes. A
   * version that is compacted away is told in the stream.
   * @throws Refusal before anything is sent
   */
  answer(response: ServerResponse, target: Target, query: URLSearchParams): void {
    if (['true', '1'].includes(query.get('sendInitialEvents') ?? ''))
      throw invalid(target.resource, '', [
        {
          field: 'sendInitialEvents',
          message: 'Forbidden: sendInitialEvents is forbidden for watch unless the WatchList feature gate is enabled',
        },
      ]);
    const from = readVersion(query.get('resourceVersion'));
    if (from !== undefined && from > this.store.resourceVersion)
      throw tooLargeVersion(from, this.store.resourceVersion);
    const timeout = Number(query.get('timeoutSeconds') ?? 0);
    const watch: Watch = {
      target,
      response,
      isWanted: selection(target, query),
      bookmarks: ['true', '1'].includes(query.get('allowWatchBookmarks') ?? ''),
      endsAt: timeout > 0 ? this.store.now() + seconds(timeout) : NEVER,
      bookmarkAt: this.store.now() + BOOKMARK_MS,
      silent: this.faults.silences(target.resource.name),
      held: undefined,
    };
    begin(response);
    const missed = from === undefined ? undefined : this.store.changesAfter(from);
    if (from !== undefined && missed === undefined) {
      this.fail(watch, expired(tooOld(from, this.store.oldestVersion)).status);
      return;
    }
    this.open.add(watch);
    response.on('close', () => this.open.delete(watch));
    for (const change of missed ?? []) this.tell(watch, change);
    if (from === undefined)
      for (const object of this.store.list(target.resource.name).filter(watch.isWanted))
        this.pass(watch, object, { type: 'ADDED', object: inWordsOf(target, object) });
  }

  /** Answers a watch with nothing but an ERROR event. */
  answerError(response: ServerResponse, status: Status): void {
    begin(response);
    this.sent++;
    response.end(line({ type: 'ERROR', object: status }));
  }

  /** Answers a watch with an end in good order. */
  answerEnd(response: ServerResponse): void {
    begin(response);
    response.end();
  }

  /** Sends the bookmarks that are due, and ends the watches whose time is over. */
  tick(): void {
    const now = this.store.now();
    for (const watch of this.open) {
      if (watch.silent) continue;
      const isOver = watch.endsAt <= now;
      if (isOver || watch.bookmarkAt <= now) this.mark(watch, now);
      if (isOver) this.end(watch);
    }
  }

  /** Sends a bookmark to every watch that wants any. */
  bookmark(): void {
    for (const watch of this.open) if (!watch.silent) this.mark(watch, this.store.now());
  }

  /** Ends all watches; `torn` as a lost connection ends them. */
  endAll({ torn = false }: { torn?: boolean } = {}): void {
    for (const watch of this.open)
      if (torn) watch.response.destroy();
      else this.end(watch);
    this.open.clear();
  }

  /** Ends all watches and hears of no change any more. */
  close(): void {
    this.stop();
    this.endAll();
  }

  private end(watch: Watch): void {
    this.open.delete(watch);
    watch.response.end();
  }

  private fail(watch: Watch, status: Status): void {
    this.send(watch, { type: 'ERROR', object: status });
    this.end(watch);
  }

  private mark(watch: Watch, now: Instant): void {
    watch.bookmarkAt = now + BOOKMARK_MS;
    if (!watch.bookmarks) return;
    const { resource } = watch.target;
    const metadata = { resourceVersion: String(this.store.resourceVersion), creationTimestamp: null };
    this.send(watch, {
      type: 'BOOKMARK',
      object: { kind: resource.kind, apiVersion: apiVersionOf(resource), metadata },
    });
  }

  /** A change as the selectors of a watch see it: what they begin to want is added, what they want no more is deleted. */
  private tell(watch: Watch, change: Change): void {
    if (watch.target.resource.name !== change.resource) return;
    const { object, before, type } = change;
    const was = before !== undefined && watch.isWanted(before);
    const is = type !== 'DELETED' && watch.isWanted(object);
    if (!was && !is) return;
    // Whoever watches by a selector is told of the object as it last fitted.
    const shown =
      is || type === 'DELETED' ? object : withMetadata(before!, { resourceVersion: String(change.version) });
    const seen = !was ? 'ADDED' : is ? 'MODIFIED' : 'DELETED';
    this.pass(watch, object, { type: seen, object: inWordsOf(watch.target, shown) });
  }

  /** Sends an event unless a fault has other plans for it. */
  private pass(watch: Watch, { metadata }: KubeObject, event: WatchEvent): void {
    if (watch.silent) return;
    const trouble = this.faults.ofEvent(watch.target.resource.name, metadata.name);
    switch (trouble?.kind) {
      case undefined:
        this.send(watch, event);
        break;
      case 'dropEvent':
        break;
      case 'duplicateEvent':
        this.send(watch, event);
        this.send(watch, event);
        break;
      case 'malformedEvent':
        this.send(watch, trouble.line ?? { ...event, object: without(event.object, 'metadata') });
        break;
      case 'reorder':
        watch.held = event;
        return;
      case 'silence':
        watch.silent = true;
        return;
    }
    const { held } = watch;
    watch.held = undefined;
    if (held !== undefined) this.send(watch, held);
  }

  private send(watch: Watch, event: WatchEvent | string): void {
    this.sent++;
    watch.response.write(isObject(event) ? line(event) : `${event}\n`);
  }
}

const line = (event: WatchEvent): string => `${JSON.stringify(event)}\n`;

function begin(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'application/json' });
  // Whoever watches wants to know that the watch is open before anything happens.
  response.flushHeaders();
}
