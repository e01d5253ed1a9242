import { setMaxListeners } from 'node:events';
import type { History } from '../observers/history.ts';
import { jsonText } from './jsonResponse.ts';
import { entryJson } from './shapes.ts';

/** Opens a stream of what happens after an entry, or from now on; undefined when there are as many as there may be. */
export type OpenEvents = (after: string | undefined) => ReadableStream<Uint8Array> | undefined;

/** How many may listen at once. */
export const MOST_STREAMS = 20;

/** Half of the half minute after which proxies take a silent connection for dead. */
const KEEP_ALIVE_MS = 15_000;

/** How many entries go into one chunk. */
const CHUNK = 50;

/**
 * Streams of server-sent events over the history. Each keeps only its place in it: a slow reader is not waited for and
 * nothing piles up for it; once the history has forgotten what it has not read, it is told so by the event `missed`.
 *
 * @param closing ends all streams
 */
export function eventStreams(history: Pick<History, 'since' | 'last' | 'subscribe'>, closing: AbortSignal): OpenEvents {
  let open = 0;
  // Each stream waits for the end: that many are no leak.
  setMaxListeners(2 * MOST_STREAMS, closing);
  return (after) => {
    if (open >= MOST_STREAMS || closing.aborted) return undefined;
    open += 1;
    let place = after ?? history.last();
    const left = new AbortController();
    const end = AbortSignal.any([closing, left.signal]);
    const leave = (): void => {
      if (left.signal.aborted) return;
      left.abort();
      open -= 1;
    };
    closing.addEventListener('abort', leave, { once: true, signal: left.signal });
    return new ReadableStream<Uint8Array>(
      {
        start: (controller) => {
          controller.enqueue(encoded(`retry: 3000\n: what happens from ${place} on\n\n`));
        },
        // Asked for when the reader has taken what it had: this is all the flow control that is needed.
        pull: async (controller) => {
          const chunk = next() ?? ((await woken(history, end)) ? next() : undefined) ?? ': still here\n\n';
          if (end.aborted) controller.close();
          else controller.enqueue(encoded(chunk));
        },
        cancel: leave,
      },
      { highWaterMark: 1 },
    );

    function next(): string | undefined {
      const { entries, missed, last } = history.since(place, CHUNK);
      if (entries.length === 0 && !missed) return undefined;
      place = last;
      const told = entries.map((entry) => {
        const json = entryJson(entry);
        return `event: ${json.kind}\nid: ${json.id}\ndata: ${jsonText(json)}\n\n`;
      });
      return `${missed ? 'event: missed\ndata: {}\n\n' : ''}${told.join('')}`;
    }
  };
}

/** Waits until something has happened, and answers true; false when nothing has for a while, or nobody listens. */
function woken(history: Pick<History, 'subscribe'>, end: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    const settle = (happened: boolean): void => {
      clearTimeout(timer);
      unsubscribe();
      end.removeEventListener('abort', stop);
      resolve(happened);
    };
    const stop = (): void => {
      settle(false);
    };
    // Real time is meant: the proxies on the way have no other.
    const timer = setTimeout(stop, KEEP_ALIVE_MS);
    const unsubscribe = history.subscribe(() => {
      settle(true);
    });
    end.addEventListener('abort', stop, { once: true });
    if (end.aborted) stop();
  });
}

const encoder = new TextEncoder();
const encoded = (text: string): Uint8Array => encoder.encode(text);
