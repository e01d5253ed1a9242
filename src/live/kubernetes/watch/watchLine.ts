import { z } from 'zod';
import { objectIn } from '../kubeObject.ts';
import type { ObjectEvent } from './reflectedSet.ts';

/** One line of a watch: an event about an object, or how far everything was told. */
export type WatchLine = ObjectEvent | { readonly type: 'BOOKMARK'; readonly version: string };

/**
 * Reads one line of a watch. Throws for a line that is not JSON, that is no event of Kubernetes or has no proper object
 * in it, and for an `ERROR` event, which says that the watch has lost its place.
 */
export function watchLineIn(text: string): WatchLine {
  const line = LINE.safeParse(JSON.parse(text));
  if (!line.success) throw new TypeError('a line of a watch that is no event');
  const { type, object } = line.data;
  switch (type) {
    case 'ERROR':
      throw new Error(`the watch ended: ${errorIn(object)}`);
    case 'BOOKMARK': {
      const bookmark = BOOKMARK.safeParse(object);
      if (!bookmark.success) throw new TypeError('a bookmark without a version');
      return { type, version: bookmark.data.metadata.resourceVersion };
    }
    case 'ADDED':
    case 'MODIFIED':
    case 'DELETED':
      return { type, object: objectIn(object) };
  }
}

const LINE = z.object({ type: z.enum(['ADDED', 'MODIFIED', 'DELETED', 'BOOKMARK', 'ERROR']), object: z.unknown() });
const BOOKMARK = z.object({ metadata: z.object({ resourceVersion: z.string().min(1) }) });
const STATUS = z.object({ code: z.number(), message: z.string().optional() });

function errorIn(object: unknown): string {
  const status = STATUS.safeParse(object);
  return status.success ? `${status.data.code} ${status.data.message ?? ''}`.trim() : 'for no reason that can be read';
}
